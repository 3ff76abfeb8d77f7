"""R2: answers that a client has, and those it lost, are the same after the server was killed in the middle."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.journeys.conftest import Company, a_link
from tests.journeys.processes import GraphQL, Parley

BOOK = """mutation ($input: BookMeetingInput!) { bookMeeting(input: $input) {
  booking { id title startsAt manageUrl } alternatives { startsAt } userErrors { code } } }"""
OTHER = """mutation ($input: BookMeetingInput!) { bookMeeting(input: $input) { booking { id endsAt } } }"""
RENAME = """mutation ($input: EditMeetingInput!) { editMeeting(input: $input) {
  meeting { title } userErrors { code } } }"""
BOOKINGS = 24


def a_booking(slug: str, number: int) -> dict[str, Any]:
    day = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1 + number // 8)
    return {
        "slug": slug,
        "startsAt": (day + timedelta(hours=8 + number % 8)).isoformat(),
        "email": f"marek{number}@client.example",
        "firstName": "Marek",
        "lastName": f"Nowicki {number}",
        "idempotencyKey": f"booking-{number}",
    }


async def sent(url: str, document: str, input: dict[str, Any]) -> bytes | None:
    """The body of the answer; None if none came."""
    try:
        async with httpx.AsyncClient(timeout=30) as client:
            answer = await client.post(f"{url}/graphql", json={"query": document, "variables": {"input": input}})
        return answer.content if answer.status_code == 200 else None
    except httpx.HTTPError:
        return None


async def test_answers_across_a_kill(company: Company, server: Parley, ines: GraphQL) -> None:
    slug = await a_link(ines)
    given = [a_booking(slug, number) for number in range(BOOKINGS)]
    asking = [asyncio.create_task(sent(server.url, BOOK, one)) for one in given]
    await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
    await server.kill()
    before = await asyncio.gather(*asking)
    await server.start()
    first = [await sent(server.url, BOOK, one) for one in given]
    assert [after for after, known in zip(first, before, strict=True) if known] == [known for known in before if known]
    assert any(before)
    bookings = [json.loads(body or b"{}")["data"]["bookMeeting"] for body in first]
    assert [one["userErrors"] for one in bookings] == [[]] * BOOKINGS
    numbers = [one["booking"]["id"] for one in bookings]
    assert len(set(numbers)) == BOOKINGS
    renamed = await ines.ask(RENAME, input={"meeting": numbers[0], "changes": {"title": "Renamed"}})
    assert renamed["editMeeting"] == {"meeting": {"title": "Renamed"}, "userErrors": []}
    await server.kill()
    await server.start()
    assert [await sent(server.url, BOOK, one) for one in given] == first
    other = json.loads(await sent(server.url, OTHER, given[0]) or b"{}")["data"]["bookMeeting"]["booking"]
    assert other["id"] == numbers[0]
