"""A user's meetings as one calendar to subscribe to (S1-33)."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from server import database
from server.accounts.viewer import viewer_of_user
from server.deliveries.addresses import contact_address
from server.deliveries.invitation import invitation_of
from server.gateways.mail.ics import Invitation, Method, feed_bytes
from server.meetings.facts import AROUND, facts_of
from server.meetings.queries import between
from server.models import Attendee, Meeting, User

BACK, AHEAD = timedelta(days=30), timedelta(days=365)
MOST = 2000
REFRESH = timedelta(minutes=30)

# The log is kept for a while; what did not change since then is as it was made.
_REVISED = "(SELECT MAX(c.occurred_at) FROM change c WHERE c.meeting_id = t.id)"


async def feed_of(owner: User, day: date) -> bytes:
    """The calendar of a user who came with their account: what they host, organized or attend from `BACK` before a day
    of UTC to `AHEAD` after it, by start and at most `MOST`, each as its attendees know it, so nothing internal; without
    what was canceled or deleted. Any number of meetings are three statements. Nothing decides the bytes but the day,
    the settings, and rows whose every change raises the account's data version."""
    revised = await _revised(owner, datetime.combine(day, time(), UTC))
    meetings = await Meeting.filter(id__in=list(revised)).select_related(*AROUND).order_by("starts_at", "id")
    expected = await _attendees(revised)
    name = f"{owner.name}, {owner.account.public_name}"
    # Many meetings are many lines to fold, and others wait for this loop.
    return await asyncio.to_thread(_written, owner, name, meetings, expected, revised)


async def _revised(owner: User, midnight: datetime) -> Mapping[int, datetime]:
    """Which meetings, by number, and when each was last changed."""
    rows = between(viewer_of_user(owner), midnight - BACK, midnight + AHEAD, limit=MOST)
    sql = (
        f'SELECT t.id, COALESCE({_REVISED}, t.created_at) FROM "{rows.table}" t WHERE {rows.condition}'
        f" ORDER BY {rows.order_sql} LIMIT {rows.limit}"
    )
    found = await database.fetch(sql, *rows.parameters)
    return {int(number): datetime.fromtimestamp(at, UTC) for number, at in found}


async def _attendees(meetings: Iterable[int]) -> Mapping[int, Sequence[Attendee]]:
    """Whoever is expected at each of the meetings, in the order in which they were added."""
    found: dict[int, list[Attendee]] = defaultdict(list)
    for attendee in await Attendee.filter(meeting_id__in=list(meetings)).order_by("id"):
        found[attendee.meeting_id].append(attendee)
    return found


def _written(
    owner: User,
    name: str,
    meetings: Sequence[Meeting],
    expected: Mapping[int, Sequence[Attendee]],
    revised: Mapping[int, datetime],
) -> bytes:
    entries = (_entry(owner, one, expected.get(one.id, ()), revised[one.id]) for one in meetings)
    return feed_bytes(name, entries, refresh=REFRESH)


def _entry(owner: User, meeting: Meeting, attendees: Sequence[Attendee], stamp: datetime) -> Invitation:
    """The entry that the invitation made, but leading to the contact, as what colleagues get does."""
    facts, sequence = facts_of(meeting, owner.account, attendees), meeting.ical_sequence
    invitation = invitation_of(facts, Method.PUBLISH, sequence=sequence, stamp=stamp, locale=owner.locale)
    return replace(invitation, url=contact_address(facts))
