"""Whatever the hour: something that is over and wants an outcome, and something still to come today."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from server import clock, database
from server.changes.log import record_change
from server.demo.cast import COLLEAGUES
from server.models import Attendee, BusySpan, Contact, Meeting, Outcome, User
from server.models.enums import AttendeeKind, BusySource, ChangeKind, LocationKind, MeetingSource, Reply

LOOK_AGAIN_SECONDS = 900.0
LENGTHS = tuple(timedelta(minutes=minutes) for minutes in (30, 15, 5))
_STEP = timedelta(minutes=5)
_SECOND = timedelta(seconds=1)
_log = structlog.get_logger(__name__)

Span = tuple[datetime, datetime]


async def keep_today_lively(user: User) -> list[Meeting]:
    """The user has a meeting of today that is over and has no outcome yet, and one that is still to come today. What
    had to be put in for that is returned; on most days nothing."""
    now = clock.now()
    midnight, next_midnight = _today(now, user.time_zone)
    meetings = await _meetings(user, midnight, next_midnight)
    busy = [(one.starts_at, one.ends_at) for one in meetings]
    wanted: list[tuple[str, Span | None]] = []
    if not any(one.ends_at <= now and one.outcome.key == "SCHEDULED" for one in meetings):
        wanted.append(("Call back", span_before(now, busy, midnight)))
    if not any(one.starts_at > now for one in meetings):
        wanted.append(("Next steps", span_after(now, busy, next_midnight)))
    return [await _put_in(user, topic, span) for topic, span in wanted if span is not None]


async def keep_lively_until(stop: asyncio.Event) -> None:
    """Looks again every quarter of an hour, for a demo that is left running."""
    while not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK_AGAIN_SECONDS)
            return
        try:
            user = await User.get_or_none(email=COLLEAGUES[0].email)
            if user is not None:
                await keep_today_lively(user)
        except Exception:  # noqa: BLE001  # a demo goes on without this
            _log.exception("demo.today_failed")


def span_before(now: datetime, busy: Sequence[Span], midnight: datetime) -> Span | None:
    """The latest free span of 30, 15 or 5 minutes that is over by `now` and ended today, preferably on a step of five
    minutes; None in the first second of a day. One that began before midnight is of today as long as it ends after."""
    latest = _floor(now - _SECOND)
    for length in LENGTHS:
        end = latest
        while end > midnight:
            if _is_free((end - length, end), busy):
                return end - length, end
            end -= _STEP
    return (now - LENGTHS[0], now) if now > midnight else None


def span_after(now: datetime, busy: Sequence[Span], next_midnight: datetime) -> Span | None:
    """The first free span of 30, 15 or 5 minutes that begins after `now` and before the day is over, preferably on a
    step of five minutes; None in its last second."""
    earliest = _floor(now) + _STEP
    for length in LENGTHS:
        start = earliest
        while start < next_midnight:
            if _is_free((start, start + length), busy):
                return start, start + length
            start += _STEP
    last = next_midnight - _SECOND
    return (last, last + LENGTHS[0]) if last > now else None


async def _meetings(user: User, midnight: datetime, next_midnight: datetime) -> list[Meeting]:
    """What the user hosts between these instants, by start."""
    return (
        await Meeting.filter(
            host_id=user.id,
            canceled_at=None,
            deleted_at=None,
            starts_at__lt=next_midnight,
            ends_at__gt=midnight,
        )
        .select_related("outcome")
        .order_by("starts_at")
    )


async def _put_in(user: User, topic: str, span: Span) -> Meeting:
    """A meeting of the user with one of their contacts, as every verb would leave it behind."""
    contact = await Contact.filter(account_id=user.account_id, owner_id=user.id).order_by("id").first()
    async with database.transaction():
        meeting = await Meeting.create(
            account_id=user.account_id,
            title=f"{topic}: {contact.first_name} {contact.last_name}" if contact else topic,
            starts_at=span[0],
            ends_at=span[1],
            time_zone=user.time_zone,
            host_id=user.id,
            organizer_id=user.id,
            contact_id=contact.id if contact else None,
            location_kind=LocationKind.PHONE,
            location_text=contact.phone if contact else "",
            outcome_id=(await Outcome.get(account_id=user.account_id, key="SCHEDULED")).id,
            source=MeetingSource.CRM,
            ical_uid=str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{topic} {span[0].isoformat()} {user.email}")),
        )
        await _expect(meeting, user, contact)
        await _occupy(meeting)
        await record_change(
            ChangeKind.MEETING_SCHEDULED,
            account_id=user.account_id,
            meeting_id=meeting.id,
            actor=f"user:{user.id}",
            data={"host_id": user.id, "starts_at": span[0].isoformat(), "ends_at": span[1].isoformat()},
        )
    return meeting


async def _expect(meeting: Meeting, user: User, contact: Contact | None) -> None:
    either: dict[str, Any] = {"account_id": meeting.account_id, "meeting_id": meeting.id, "reply": Reply.ACCEPTED}
    await Attendee.create(kind=AttendeeKind.USER, name=user.name, email=user.email, user_id=user.id, **either)
    if contact is not None:
        name = f"{contact.first_name} {contact.last_name}"
        await Attendee.create(
            kind=AttendeeKind.CONTACT, name=name, email=contact.email, contact_id=contact.id, **either
        )


async def _occupy(meeting: Meeting) -> None:
    await BusySpan.create(
        account_id=meeting.account_id,
        host_id=meeting.host_id,
        source=BusySource.MEETING,
        starts=int(meeting.starts_at.timestamp()),
        ends=int(meeting.ends_at.timestamp()),
        # In a day without any gap the demo would rather show two meetings at once than none.
        is_overlap_allowed=True,
        meeting_id=meeting.id,
    )


def _today(now: datetime, tz: str) -> tuple[datetime, datetime]:
    zone = ZoneInfo(tz)
    day = now.astimezone(zone).date()
    first = datetime.combine(day, time(), zone).astimezone(UTC)
    return first, datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def _is_free(span: Span, busy: Iterable[Span]) -> bool:
    return not any(starts < span[1] and span[0] < ends for starts, ends in busy)


def _floor(instant: datetime) -> datetime:
    return instant - timedelta(minutes=instant.minute % 5, seconds=instant.second, microseconds=instant.microsecond)
