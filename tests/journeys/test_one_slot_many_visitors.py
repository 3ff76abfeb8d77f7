"""Two server processes on one database, and everybody wants the same time."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.journeys.conftest import Company, a_link
from tests.journeys.processes import KEPT_OPEN, Parley

ATTEMPTS = 200
AT_ONCE = 32
BOOK = """mutation($input: BookMeetingInput!) {
  bookMeeting(input: $input) { booking { id } alternatives { startsAt } userErrors { code } } }"""
SLOTS = """query($slug: String!, $from: Date!, $to: Date!) {
  schedulingPage(slug: $slug) { slots(from: $from, to: $to) { slots { startsAt } } } }"""
CHANGES = "{ changes(first: 100) { edges { node { kind meeting { startsAt } } } } }"


async def test_two_hundred_attempts_at_one_slot_make_one_meeting(company: Company) -> None:
    limits = {"limit_booking": "100000/minute", "limit_visitor_requests": "100000/minute"}
    async with (
        Parley("serve", database_url=company.database_url, worker_in_process="false", **limits) as one,
        Parley("serve", database_url=company.database_url, worker_in_process="false", **limits) as other,
    ):
        ines = await company.sign_in(one.url)
        slug = await a_link(ines)
        days = await ines.ask(SLOTS, slug=slug, **_from_today())
        wanted = days["schedulingPage"]["slots"][1]["slots"][5]["startsAt"]
        answers = await _all_at_once([one.url, other.url], slug, wanted)

        won = [answer for answer in answers if answer["booking"]]
        codes = Counter(error["code"] for answer in answers for error in answer["userErrors"])
        assert (len(won), codes) == (1, {"SLOT_TAKEN": ATTEMPTS - 1})
        lost = [answer["alternatives"] for answer in answers if not answer["booking"]]
        assert {len(alternatives) for alternatives in lost} == {3}
        assert all(wanted not in [slot["startsAt"] for slot in alternatives] for alternatives in lost)

        changes = await ines.ask(CHANGES)
        assert [
            (edge["node"]["kind"], edge["node"]["meeting"]["startsAt"])
            for edge in changes["changes"]["edges"]
            if edge["node"]["meeting"]
        ] == [("MEETING_BOOKED", wanted)]


def _from_today() -> dict[str, str]:
    today = datetime.now(UTC).date()
    return {"from": str(today), "to": str(today + timedelta(days=2))}


async def _all_at_once(urls: list[str], slug: str, starts_at: str) -> list[dict[str, Any]]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def attempt(client: httpx.AsyncClient, number: int) -> dict[str, Any]:
        given = {
            "slug": slug,
            "startsAt": starts_at,
            "durationMinutes": 30,
            "email": f"visitor{number}@client.example",
            "firstName": "Visitor",
            "lastName": str(number),
            "timeZone": "Europe/Warsaw",
        }
        async with gate:
            body = {"query": BOOK, "variables": {"input": given}}
            answer = await client.post(f"{urls[number % len(urls)]}/graphql", json=body)
            return dict(answer.json()["data"]["bookMeeting"])

    async with httpx.AsyncClient(timeout=60, limits=KEPT_OPEN) as client:
        return await asyncio.gather(*(attempt(client, number) for number in range(ATTEMPTS)))
