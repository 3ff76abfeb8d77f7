"""When reminders are due: pure arithmetic on lead times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

AT_MOST = 3
"""Reminders that one meeting may have (S2-17)."""

LONGEST_WEEKS = 52
UNITS = ("MINUTES", "HOURS", "DAYS", "WEEKS")


@dataclass(frozen=True, slots=True)
class LeadTime:
    """How long before the start: a number of MINUTES, HOURS, DAYS or WEEKS (S2-16); and whether the mail then holds
    what attendees read with the invitation (S2-20)."""

    amount: int
    unit: str
    includes_description: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A lead time and the instant at which its reminder leaves."""

    lead: LeadTime
    due_at: datetime


def dues(leads: Iterable[LeadTime], *, starts_at: datetime, tz: str, now: datetime) -> list[Due]:
    """The reminders that still lie ahead, the earliest first; each moment once.

    Minutes and hours are elapsed time. Days and weeks are days of the calendar of `tz`: "1 day before" a meeting at
    9:00 is 9:00 of the day before, also when clocks changed in between."""
    moments = {due_at(lead, starts_at=starts_at, tz=tz): lead for lead in leads}
    return [Due(lead, moment) for moment, lead in sorted(moments.items(), key=lambda item: item[0]) if moment > now]


def due_at(lead: LeadTime, *, starts_at: datetime, tz: str) -> datetime:
    """The instant that lies one lead time before the start."""
    if lead.unit in ("MINUTES", "HOURS"):
        minutes = lead.amount * (60 if lead.unit == "HOURS" else 1)
        return starts_at - timedelta(minutes=minutes)
    days = lead.amount * (7 if lead.unit == "WEEKS" else 1)
    local = starts_at.astimezone(ZoneInfo(tz))
    earlier = (local.replace(tzinfo=None) - timedelta(days=days)).replace(tzinfo=ZoneInfo(tz), fold=local.fold)
    return earlier.astimezone(UTC)


def zone_for(*, contact: str | None, booking: str | None, account: str) -> tuple[str, str]:
    """Whose zone a reminder is written in, and which it is: the contact's, else the one chosen at booking, else the
    account's (S2-19)."""
    if contact:
        return "CONTACT", contact
    if booking:
        return "BOOKING", booking
    return "ACCOUNT", account


def is_lead_time(amount: object, unit: object) -> bool:
    """Whether this can be a lead time: a whole number from 1, of a known unit, at most a year."""
    if not isinstance(amount, int) or isinstance(amount, bool) or unit not in UNITS or amount < 1:
        return False
    minutes = {"MINUTES": 1, "HOURS": 60, "DAYS": 1440, "WEEKS": 10080}[str(unit)]
    return amount * minutes <= LONGEST_WEEKS * 10080
