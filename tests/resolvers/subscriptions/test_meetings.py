"""Subscribers hear what was committed, from where they left off."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any

from resolvers.root import schema
from schema.context import context_for
from server import clock
from server.accounts.viewer import Viewer
from server.changes import cursor
from tests.factories import a_link, a_meeting, a_user, an_account
from tests.resolvers.asking import answer, program_of, viewer_for
from tests.resolvers.documents import operation

BOOKED = operation("meeting_booked")
CHANGED = """subscription ($after: String, $kinds: [ChangeKind!]) { meetingChanged(after: $after, kinds: $kinds) {
  kind previousStartsAt meeting { title startsAt } } }"""
SUNDAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


async def heard(document: str, viewer: Viewer | None, count: int, **variables: Any) -> list[Any]:
    """The first `count` answers of a subscription: their data, or the codes of their errors."""
    stream: Any = await schema.subscribe(document, variables, context_value=context_for(viewer))
    found: list[Any] = []
    async with aclosing(stream) as results, asyncio.timeout(10):
        async for result in results:
            found.append(
                [(one.extensions or {}).get("code") for one in result.errors] if result.errors else result.data
            )
            if len(found) == count:
                break
    return found


async def a_booking(slug: str, email: str, starts_at: str) -> None:
    """A visitor books."""
    given = {"slug": slug, "startsAt": starts_at, "email": email, "firstName": "Marek"}
    payload = await answer(operation("book_meeting"), input=given)
    assert payload["bookMeeting"]["userErrors"] == []


async def test_a_subscriber_hears_bookings_from_the_cursor_on_and_none_of_another_account(db: str) -> None:
    ines, other = await a_user(await an_account(), "Ines Marek"), await a_user(await an_account("Others"))
    await a_link(ines, slug="ines")
    await a_link(other, slug="other")
    with clock.travel(SUNDAY):
        await a_booking("ines", "one@client.example", "2026-11-24T10:00:00+01:00")
        await a_booking("other", "two@client.example", "2026-11-24T10:00:00+01:00")
        await a_booking("ines", "three@client.example", "2026-11-24T11:00:00+01:00")
    all_of_them = await heard(BOOKED, viewer_for(ines), 2, after=cursor.write(0))
    resumed = await heard(BOOKED, viewer_for(ines), 1, after=all_of_them[0]["meetingBooked"]["cursor"])
    starts = [one["meetingBooked"]["meeting"]["startsAt"] for one in all_of_them]
    assert starts == ["2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z"]
    assert [one["meetingBooked"]["kind"] for one in all_of_them] == ["MEETING_BOOKED"] * 2
    assert resumed == all_of_them[1:]


async def test_a_subscriber_without_cursor_hears_what_comes(db: str) -> None:
    ines = await a_user(await an_account())
    await a_link(ines, slug="ines")
    waiting = asyncio.create_task(heard(BOOKED, program_of(ines.account_id, "bookings:read"), 1))
    await asyncio.sleep(0.3)
    with clock.travel(SUNDAY):
        await a_booking("ines", "one@client.example", "2026-11-24T10:00:00+01:00")
    (found,) = await waiting
    assert found["meetingBooked"]["meeting"]["contact"]["email"] == "one@client.example"


async def test_every_kind_is_heard_or_only_those_asked_for(db: str) -> None:
    ines = await a_user(await an_account())
    with clock.travel(SUNDAY):
        meeting = await a_meeting(ines, datetime(2026, 11, 24, 9, 0, tzinfo=UTC), title="Pilot")
        changes = {"startsAt": "2026-11-24T12:00:00Z", "endsAt": "2026-11-24T12:30:00Z"}
        given = {"meeting": f"mtg_{meeting.id}", "changes": changes}
        await answer(operation("edit_meeting"), viewer_for(ines), input=given)
        outcome = {"meeting": f"mtg_{meeting.id}", "outcome": "COMPLETED"}
        await answer(operation("record_outcome"), viewer_for(ines), input=outcome)
    now = {"title": "Pilot", "startsAt": "2026-11-24T12:00:00Z"}
    moved = {"kind": "MEETING_MOVED", "previousStartsAt": "2026-11-24T09:00:00Z", "meeting": now}
    recorded = {"kind": "OUTCOME_RECORDED", "previousStartsAt": None, "meeting": now}
    after = cursor.write(0)
    everything = await heard(CHANGED, viewer_for(ines), 2, after=after)
    some = await heard(CHANGED, viewer_for(ines), 1, after=after, kinds=["OUTCOME_RECORDED"])
    assert everything == [{"meetingChanged": moved}, {"meetingChanged": recorded}]
    assert some == [{"meetingChanged": recorded}]


async def test_a_subscriber_without_right_or_with_a_wrong_cursor_is_told_so(db: str) -> None:
    ines = await a_user(await an_account())
    told = [
        await heard(BOOKED, None, 1),
        await heard(BOOKED, program_of(ines.account_id, "meetings:read"), 1),
        await heard(BOOKED, viewer_for(ines), 1, after="nonsense"),
        await heard(BOOKED, viewer_for(ines), 1, after=cursor.write(1_000)),
    ]
    assert told == [[["UNAUTHENTICATED"]], [["FORBIDDEN"]], [["BAD_USER_INPUT"]], [["RESYNC_REQUIRED"]]]
