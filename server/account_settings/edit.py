"""An administrator changes what holds for the whole account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from server import database
from server.accounts import policy
from server.accounts.settings_form import valid_color, valid_locale, valid_web_address
from server.accounts.viewer import Viewer
from server.changes.data_version import raise_data_version
from server.checks import long_text, required_text, short_text, valid_email, valid_time_zone
from server.complaints import Complaints
from server.errors import ErrorCode, refusal
from server.models import Account
from server.reminders.plan import LeadTime
from server.reminders.rows import checked_leads


@dataclass(frozen=True, slots=True)
class AccountChanges:
    """What is to be otherwise; None leaves it as it is. `default_reminders` replace all that there were."""

    name: str | None = None
    time_zone: str | None = None
    locale: str | None = None
    reminders_by_default: bool | None = None
    default_reminders: tuple[LeadTime, ...] | None = None
    meeting_types_enabled: bool | None = None
    sender_name: str | None = None
    accent_color: str | None = None
    removes_logo: bool | None = None
    website_url: str | None = None
    postal_address: str | None = None
    privacy_url: str | None = None
    contact_email: str | None = None
    consent_text: str | None = None


async def edit_account(viewer: Viewer, changes: AccountChanges) -> None:
    """The viewer's account is as the changes say. Meetings that were booked keep the reminders they have; new ones
    inherit the defaults while these are switched on (S2-18).

    `FORBIDDEN`, or all at once what is wrong: `NAME_REQUIRED`, `TEXT_TOO_LONG`, `TIME_ZONE_INVALID`, `EMAIL_INVALID`,
    `SETTING_INVALID` (language, colour, web address), `TOO_MANY_REMINDERS`, `TIME_RANGE_INVALID` (a reminder)."""
    if not policy.may_edit_account(viewer, viewer.account_id):
        message = "Only an administrator may change the account's settings. Please ask one of them."
        raise refusal(ErrorCode.FORBIDDEN, message, "changes")
    found = Complaints()
    said = {one.name: getattr(changes, one.name) for one in fields(changes)}
    columns = {name: _CHECKS[name](value, found) for name, value in said.items() if value is not None}
    found.refuse_if_any()
    if columns.pop("removes_logo", False):
        columns["logo"] = ""
    if not columns:
        return
    async with database.transaction():
        await Account.filter(id=viewer.account_id).update(**columns)
        await raise_data_version(viewer.account_id)


def _email(text: str, found: Complaints) -> str | None:
    """An address, or none."""
    return found.ask(valid_email, text, "contactEmail") if text.strip() else ""


def _switch(is_on: bool, found: Complaints) -> bool:
    return is_on


_CHECKS: dict[str, Callable[[Any, Complaints], Any]] = {
    "name": lambda text, found: found.ask(required_text, text, 200, "name"),
    "time_zone": lambda text, found: found.ask(valid_time_zone, text, "timeZone"),
    "locale": lambda text, found: found.ask(valid_locale, text, "locale"),
    "reminders_by_default": _switch,
    "default_reminders": lambda leads, found: checked_leads(leads, found, "defaultReminders"),
    "meeting_types_enabled": _switch,
    "sender_name": lambda text, found: found.ask(short_text, text, 200, "senderName"),
    "accent_color": lambda text, found: found.ask(valid_color, text, "accentColor"),
    "removes_logo": _switch,
    "website_url": lambda text, found: found.ask(valid_web_address, text, 500, "websiteUrl"),
    "postal_address": lambda text, found: found.ask(short_text, text, 500, "postalAddress"),
    "privacy_url": lambda text, found: found.ask(valid_web_address, text, 500, "privacyUrl"),
    "contact_email": _email,
    "consent_text": lambda text, found: found.ask(long_text, text, 2000, "consentText"),
}
