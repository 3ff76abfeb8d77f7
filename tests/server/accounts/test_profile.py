"""People change when they work, administrators when others do, and pages follow at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from server.accounts.profile import ProfileChanges, edit_profile
from server.accounts.scopes import Scope
from server.accounts.viewer import Viewer
from server.booking.slots import slots_between
from server.changes.data_version import data_version
from server.errors import ErrorCode, Refused
from server.models import Account, MeetingLink, User
from server.models.enums import Role
from tests.factories import a_link, a_user, an_account
from tests.server.booking.scene import at, monday, page_of_slug
from tests.server.meetings.scene import a_program, viewer_of

MONDAY = date(2026, 11, 23)
WHOLE = ProfileChanges(
    name="Ines M. Marek",
    job_title="Head of roofs",
    time_zone="Asia/Taipei",
    locale="zh-Hant",
    weekly_hours={"0": [[540, 720], [700, 1020]], "4": [[1320, 360]]},
    date_overrides={"2026-12-24": [], "2026-12-31": [[540, 720]]},
    daily_limit=5,
    quiet_hours=(1320, 420),
)


def signed_in(user: User) -> Viewer:
    return replace(viewer_of(user), session_id=1)


async def refused(viewer: Viewer, changes: ProfileChanges, **whose: Any) -> list[tuple[ErrorCode, tuple[str, ...]]]:
    before = await User.all().values()
    with pytest.raises(Refused) as caught:
        await edit_profile(viewer, changes, **whose)
    assert await User.all().values() == before
    return [(one.code, one.path) for one in caught.value.complaints]


async def starts(link: MeetingLink) -> list[datetime]:
    page = await page_of_slug(link.slug)
    days = await slots_between(page, start=MONDAY, end=MONDAY, duration_minutes=None, viewer_tz="UTC")
    return [slot.starts_at for day in days for slot in day.slots]


async def test_everything_is_kept_and_what_is_left_out_stays(db: str) -> None:
    ines = await a_user(await an_account())
    assert await edit_profile(signed_in(ines), WHOLE) == ines.id
    await edit_profile(signed_in(ines), ProfileChanges(name="Ines"))
    row = await User.get(id=ines.id)
    shown = ("name", "job_title", "time_zone", "locale", "weekly_hours", "date_overrides", "daily_limit")
    assert {name: getattr(row, name) for name in shown} == {
        **{name: getattr(WHOLE, name) for name in shown},
        "name": "Ines",
    }
    assert (row.quiet_from_minute, row.quiet_until_minute) == (1320, 420)
    assert (row.email, row.role) == (ines.email, ines.role)


async def test_limit_and_quiet_hours_are_taken_back(db: str) -> None:
    ines = await a_user(await an_account(), daily_limit=3, quiet_from_minute=0, quiet_until_minute=60)
    await edit_profile(signed_in(ines), ProfileChanges(), clear=["daily_limit", "quiet_hours", "name"])
    await ines.refresh_from_db()
    assert (ines.daily_limit, ines.quiet_from_minute, ines.quiet_until_minute) == (None, None, None)
    assert ines.name == "Ines Marek"


async def test_everything_that_is_wrong_is_told_at_once_with_its_place(db: str) -> None:
    ines = await a_user(await an_account())
    wrong = ProfileChanges(
        name=" ",
        job_title="x" * 201,
        time_zone="Mars/Base",
        locale="no language",
        weekly_hours={"0": [[540, 720], [540, 1441]], "7": [[0, 60]], "1": [[-1, 60], [0, 60, 70]]},
        date_overrides={"2026-02-30": [], "2026-12-24": [[0, 60], [0, 9999]]},
        daily_limit=0,
        quiet_hours=(1440, -1),
    )
    assert await refused(signed_in(ines), wrong) == [
        (ErrorCode.NAME_REQUIRED, ("name",)),
        (ErrorCode.TEXT_TOO_LONG, ("jobTitle",)),
        (ErrorCode.TIME_ZONE_INVALID, ("timeZone",)),
        (ErrorCode.SETTING_INVALID, ("locale",)),
        (ErrorCode.TIME_RANGE_INVALID, ("weeklyHours", "0", "1")),
        (ErrorCode.TIME_RANGE_INVALID, ("weeklyHours", "7")),
        (ErrorCode.TIME_RANGE_INVALID, ("weeklyHours", "1", "0")),
        (ErrorCode.TIME_RANGE_INVALID, ("weeklyHours", "1", "1")),
        (ErrorCode.TIME_RANGE_INVALID, ("dateOverrides", "2026-02-30")),
        (ErrorCode.TIME_RANGE_INVALID, ("dateOverrides", "2026-12-24", "1")),
        (ErrorCode.TIME_RANGE_INVALID, ("dailyLimit",)),
        (ErrorCode.TIME_RANGE_INVALID, ("quietHours", "fromMinute")),
        (ErrorCode.TIME_RANGE_INVALID, ("quietHours", "untilMinute")),
    ]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        (ProfileChanges(weekly_hours={"0": [[0, 1]] * 21}), ("weeklyHours",)),
        (ProfileChanges(date_overrides={f"{2001 + n}-01-01": [] for n in range(367)}), ("dateOverrides",)),
        (ProfileChanges(daily_limit=1001), ("dailyLimit",)),
        (ProfileChanges(quiet_hours=(60, 60)), ("quietHours", "untilMinute")),
    ],
)
async def test_there_is_a_most_of_everything(db: str, changes: ProfileChanges, path: tuple[str, ...]) -> None:
    ines = await a_user(await an_account())
    assert await refused(signed_in(ines), changes) == [(ErrorCode.TIME_RANGE_INVALID, path)]


async def test_pages_follow_at_once_across_midnight_and_across_zones(db: str) -> None:
    """Blocks that overlap are one; Sunday's late shift lasts into Monday; the zone is the host's."""
    ines = await a_user(await an_account())
    link = await a_link(ines, increment_minutes=60, durations_minutes=[60])
    night = {"6": [[1320, 120]], "0": [[540, 660], [600, 720]]}
    version = await data_version(ines.account_id)
    with at():
        assert len(await starts(link)) == 8
        await edit_profile(signed_in(ines), ProfileChanges(weekly_hours=night))
        assert await starts(link) == [monday(0), monday(8), monday(9), monday(10)]
        await edit_profile(signed_in(ines), ProfileChanges(time_zone="Europe/Lisbon"))
        assert await starts(link) == [monday(hour) for hour in (0, 1, 9, 10, 11)]
        await edit_profile(signed_in(ines), ProfileChanges(date_overrides={"2026-11-23": []}))
        assert await starts(link) == []
    assert await data_version(ines.account_id) == version + 3


async def test_saying_nothing_changes_nothing(db: str) -> None:
    ines = await a_user(await an_account())
    await edit_profile(signed_in(ines), ProfileChanges())
    assert await data_version(ines.account_id) == 0


async def test_administrators_and_programs_of_the_account_edit_anybody(db: str) -> None:
    account = await an_account()
    ines, ada = await a_user(account), await a_user(account, "Ada", role=Role.ADMIN)
    program = a_program(account.id, Scope.ACCOUNT_ADMIN)
    for number, viewer in enumerate((viewer_of(ada), program), start=1):
        assert await edit_profile(viewer, ProfileChanges(daily_limit=number), user_id=ines.id) == ines.id
        assert (await User.get(id=ines.id)).daily_limit == number


async def test_nobody_else_does(db: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima")
    gone, stranger = await a_user(account, "Gone", is_active=False), await a_user(await _another(), role=Role.ADMIN)
    other, limit = await a_user(await _another(), "Foreign"), ProfileChanges(daily_limit=1)
    forbidden, unknown = [(ErrorCode.FORBIDDEN, ("user",))], [(ErrorCode.NOT_FOUND, ("user",))]
    token_of_ines = replace(viewer_of(ines), token_id=3)
    assert await refused(signed_in(piotr), limit, user_id=ines.id) == forbidden
    assert await refused(token_of_ines, limit) == forbidden
    assert await refused(a_program(account.id, Scope.LINKS_WRITE), limit, user_id=ines.id) == forbidden
    assert await refused(a_program(account.id, Scope.ACCOUNT_ADMIN), limit) == unknown
    for user in (other, gone):
        assert await refused(signed_in(ines), limit, user_id=user.id) == unknown
    assert await refused(viewer_of(stranger), limit, user_id=ines.id) == unknown


async def _another() -> Account:
    return await an_account("Others")
