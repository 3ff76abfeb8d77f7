"""When somebody works, how they are called and how they are reached: changed by themselves or an administrator."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any

from server import database
from server.accounts import policy
from server.accounts.hours import DAY_MINUTES, Hours, checked_hours
from server.accounts.notifications import switched
from server.accounts.settings_form import valid_locale, valid_web_address
from server.accounts.viewer import Viewer
from server.changes.data_version import raise_data_version
from server.checks import required_text, short_text, valid_time_zone
from server.complaints import Complaints
from server.errors import ErrorCode, refusal
from server.models import User

MOST_A_DAY = 1000

_COLUMNS: dict[str, tuple[str, ...]] = {
    "daily_limit": ("daily_limit",),
    "quiet_hours": ("quiet_from_minute", "quiet_until_minute"),
}
CLEARABLE = frozenset(_COLUMNS)
"""The settings that can be taken back: no limit, no quiet hours."""


@dataclass(frozen=True, slots=True)
class ProfileChanges:
    """What is to be otherwise; None leaves it as it is. `weekly_hours` and `date_overrides` replace all that there
    were, `quiet_hours` are two minutes of the local day, the second before the first for a night; `notifications`
    are the switches that are turned (`Switch`), the others stay."""

    name: str | None = None
    job_title: str | None = None
    time_zone: str | None = None
    locale: str | None = None
    weekly_hours: Hours | None = None
    date_overrides: Hours | None = None
    daily_limit: int | None = None
    quiet_hours: tuple[int, int] | None = None
    avatar_url: str | None = None
    notifications: Mapping[str, bool] | None = None


async def edit_profile(
    viewer: Viewer, changes: ProfileChanges, *, user_id: int | None = None, clear: Collection[str] = ()
) -> int:
    """The user, the viewer unless said, is as the changes say, and every page they host offers slots accordingly from
    now on. `daily_limit` and `quiet_hours` in `clear` are taken back. The user's number.

    `NOT_FOUND`; `FORBIDDEN` for a colleague's profile unless an administrator asks; or all at once what is wrong:
    `NAME_REQUIRED`, `TEXT_TOO_LONG`, `TIME_ZONE_INVALID`, `SETTING_INVALID` (locale), `TIME_RANGE_INVALID` (hours,
    limit)."""
    async with database.transaction():
        user = await _locked(viewer, viewer.user_id if user_id is None else user_id)
        found = Complaints()
        columns = _checked(changes, found)
        found.refuse_if_any()
        for name in CLEARABLE.intersection(clear):
            columns |= dict.fromkeys(_COLUMNS[name], None)
        if "notifications" in columns:
            columns["notifications"] = switched(user.notifications, columns["notifications"])
        if columns:
            user.update_from_dict(columns)
            await user.save(update_fields=list(columns))
            await raise_data_version(user.account_id)
        return user.id


async def _locked(viewer: Viewer, user_id: int | None) -> User:
    there = User.filter(id=user_id, account_id=viewer.account_id, is_active=True)
    user = await there.select_for_update(no_key=True).get_or_none() if user_id is not None else None
    if user is None:
        raise refusal(ErrorCode.NOT_FOUND, "There is no such colleague. Please choose one from the list.", "user")
    if not policy.may_edit_profile(viewer, user.account_id, user_id=user.id):
        message = "Only they themselves or an administrator may change this profile. Please ask one of them."
        raise refusal(ErrorCode.FORBIDDEN, message, "user")
    return user


def _checked(changes: ProfileChanges, found: Complaints) -> dict[str, Any]:
    """The columns that are said, with their cleaned values."""
    said = {one.name: getattr(changes, one.name) for one in fields(changes)}
    columns = {name: _CHECKS[name](value, found) for name, value in said.items() if value is not None}
    quiet = columns.pop("quiet_hours", None)
    return columns if quiet is None else columns | dict(zip(_COLUMNS["quiet_hours"], quiet, strict=True))


def _limit(meetings: int, found: Complaints) -> int:
    if not 1 <= meetings <= MOST_A_DAY:
        message = f"Please give a whole number from 1 to {MOST_A_DAY}, or take the limit back."
        found.add(ErrorCode.TIME_RANGE_INVALID, message, "dailyLimit")
    return meetings


def _quiet(hours: tuple[int, int], found: Complaints) -> tuple[int, int]:
    for name, minute in zip(("fromMinute", "untilMinute"), hours, strict=True):
        if not 0 <= minute < DAY_MINUTES:
            message = f"Please give a minute of the day, from 0 to {DAY_MINUTES - 1}."
            found.add(ErrorCode.TIME_RANGE_INVALID, message, "quietHours", name)
    if hours[0] == hours[1]:
        message = "Quiet hours end at another minute than they begin. Please choose an end, or take them back."
        found.add(ErrorCode.TIME_RANGE_INVALID, message, "quietHours", "untilMinute")
    return hours


_CHECKS: dict[str, Callable[[Any, Complaints], Any]] = {
    "name": lambda text, found: found.ask(required_text, text, 200, "name"),
    "job_title": lambda text, found: found.ask(short_text, text, 200, "jobTitle"),
    "time_zone": lambda text, found: found.ask(valid_time_zone, text, "timeZone"),
    "locale": lambda text, found: found.ask(valid_locale, text, "locale"),
    "weekly_hours": lambda hours, found: checked_hours(hours, found, "weeklyHours"),
    "date_overrides": lambda hours, found: checked_hours(hours, found, "dateOverrides", by_date=True),
    "daily_limit": _limit,
    "quiet_hours": _quiet,
    "avatar_url": lambda text, found: found.ask(valid_web_address, text, 500, "avatarUrl"),
    "notifications": lambda switches, found: dict(switches),
}
