"""A visitor who looks at a page sees slots come and go."""

from __future__ import annotations

import asyncio

import pytest

from tests.factories import a_link, a_user, an_account
from tests.resolvers.asking import answer
from tests.resolvers.documents import operation
from tests.resolvers.subscriptions.test_meetings import heard
from tests.server.booking.scene import at

CHANGED = """subscription ($slug: String!, $from: Date!, $to: Date!, $minutes: Int, $tz: TimeZone) {
  availabilityChanged(slug: $slug, from: $from, to: $to, durationMinutes: $minutes, timeZone: $tz) {
    added { startsAt endsAt } removed { startsAt endsAt } } }"""
MONDAY = {"from": "2026-11-23", "to": "2026-11-23"}


@pytest.mark.capability("S1-23")
async def test_a_visitor_hears_what_was_added_and_what_was_removed(db: str) -> None:
    ines = await a_user(await an_account())
    await a_link(ines, slug="ines", increment_minutes=30, durations_minutes=[30, 60])
    given = {"slug": "ines", "startsAt": "2026-11-23T10:00:00+01:00", "durationMinutes": 30}
    with at():
        waiting = asyncio.create_task(heard(CHANGED, None, 1, slug="ines", minutes=60, **MONDAY))
        await asyncio.sleep(0.3)
        booking = given | {"email": "marek@client.example", "firstName": "Marek"}
        assert (await answer(operation("book_meeting"), input=booking))["bookMeeting"]["userErrors"] == []
        told = await waiting
    removed = [
        {"startsAt": "2026-11-23T08:30:00Z", "endsAt": "2026-11-23T09:30:00Z"},
        {"startsAt": "2026-11-23T09:00:00Z", "endsAt": "2026-11-23T10:00:00Z"},
    ]
    assert told == [{"availabilityChanged": {"added": [], "removed": removed}}]


async def test_days_are_meant_in_the_visitors_zone(db: str) -> None:
    ines = await a_user(await an_account())
    await a_link(ines, slug="ines", increment_minutes=240)
    with at():
        asked = {"slug": "ines", "from": "2026-11-24", "to": "2026-11-24", "tz": "Pacific/Kiritimati"}
        waiting = asyncio.create_task(heard(CHANGED, None, 1, **asked))
        await asyncio.sleep(0.3)
        booking = {"slug": "ines", "startsAt": "2026-11-23T12:00:00+01:00", "email": "m@client.example"}
        payload = await answer(operation("book_meeting"), input=booking | {"firstName": "Marek"})
        assert payload["bookMeeting"]["userErrors"] == []
        told = await waiting
    removed = [{"startsAt": "2026-11-23T11:00:00Z", "endsAt": "2026-11-23T11:30:00Z"}]
    assert told == [{"availabilityChanged": {"added": [], "removed": removed}}]


async def test_wrong_pages_days_and_zones_are_told(db: str) -> None:
    ines = await a_user(await an_account())
    await a_link(ines, slug="ines")
    told = [
        await heard(CHANGED, None, 1, **asked)
        for asked in (
            {"slug": "nobody", **MONDAY},
            {"slug": "ines", "from": "2026-11-23", "to": "2027-11-23"},
            {"slug": "ines", "tz": "Warsaw", **MONDAY},
        )
    ]
    assert told == [[["BAD_USER_INPUT"]]] * 3
