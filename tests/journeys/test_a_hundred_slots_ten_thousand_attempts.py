"""Two server processes on one database, 64 visitors who never give up, and fewer slots than attempts (R1)."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import httpx
import pytest

from tests.journeys.conftest import Company, a_link
from tests.journeys.processes import KEPT_OPEN, GraphQL, Parley

ATTEMPTS, SLOTS = (10_000, 100) if os.environ.get("PARLEY_TEST_FULL") == "1" else (360, 12)
CLIENTS = 64
BOOK = """mutation($input: BookMeetingInput!) {
  bookMeeting(input: $input) { booking { id startsAt } alternatives { startsAt } userErrors { code } } }"""
FREE = """query($slug: String!, $from: Date!, $to: Date!) {
  schedulingPage(slug: $slug) { slots(from: $from, to: $to) { slots { startsAt } } } }"""
CHANGES = """query($after: String) { changes(first: 100, after: $after) {
  pageInfo { hasNextPage endCursor } edges { node { kind meeting { startsAt } } } } }"""
UNLIMITED: dict[str, Any] = {"limit_booking": "1000000/minute", "limit_visitor_requests": "1000000/minute"}


@pytest.mark.capability("S1-23")
async def test_every_slot_is_booked_once_and_nobody_hears_anything_but_won_or_taken(company: Company) -> None:
    async with (
        Parley("serve", database_url=company.database_url, worker_in_process="false", **UNLIMITED) as one,
        Parley("serve", database_url=company.database_url, worker_in_process="false", **UNLIMITED) as other,
    ):
        ines = await company.sign_in(one.url)
        slug = await a_link(ines, incrementMinutes=30)
        wanted = (await _free(ines, slug))[:SLOTS]
        assert len(wanted) == SLOTS
        began = monotonic()
        answers = await _race([one.url, other.url], slug, wanted)
        took = monotonic() - began

        said = Counter(_outcome(answer) for answer in answers)
        assert said == {"won": SLOTS, "SLOT_TAKEN": ATTEMPTS - SLOTS}
        assert sorted(answer["booking"]["startsAt"] for answer in answers if answer["booking"]) == wanted
        assert await _booked(ines) == wanted
        assert set(wanted).isdisjoint(await _free(ines, slug))
    database = company.database_url.split(":")[0]
    sys.stdout.write(f"\n{database}: {dict(said)} in {took:.1f} s, {ATTEMPTS / took:.0f} attempts a second\n")


def _outcome(answer: dict[str, Any]) -> str:
    """Whether an attempt was won or lost; a loser is told why, and of other times at most three."""
    codes = [error["code"] for error in answer["userErrors"]]
    if answer["booking"] and not codes and not answer["alternatives"]:
        return "won"
    assert len(answer["alternatives"]) <= 3
    return ", ".join(codes)


async def _free(client: GraphQL, slug: str) -> list[str]:
    today = datetime.now(UTC).date()
    days = {"from": str(today + timedelta(days=1)), "to": str(today + timedelta(days=4))}
    found = (await client.ask(FREE, slug=slug, **days))["schedulingPage"]["slots"]
    return [slot["startsAt"] for day in found for slot in day["slots"]]


async def _booked(client: GraphQL) -> list[str]:
    """When the meetings begin whose booking stands in the change log."""
    starts, after = [], None
    while True:
        page = (await client.ask(CHANGES, after=after))["changes"]
        starts += [edge["node"]["meeting"]["startsAt"] for edge in page["edges"] if edge["node"]["meeting"]]
        if not page["pageInfo"]["hasNextPage"]:
            return sorted(starts)
        after = page["pageInfo"]["endCursor"]


async def _race(urls: list[str], slug: str, wanted: list[str]) -> list[dict[str, Any]]:
    attempts = [(number, wanted[number % len(wanted)]) for number in range(ATTEMPTS)]
    random.Random(7).shuffle(attempts)
    waiting = iter(attempts)
    async with httpx.AsyncClient(timeout=120, limits=KEPT_OPEN) as client:
        visitors = [_visitor(client, f"{urls[number % 2]}/graphql", slug, waiting) for number in range(CLIENTS)]
        return [answer for answers in await asyncio.gather(*visitors) for answer in answers]


async def _visitor(
    client: httpx.AsyncClient, url: str, slug: str, waiting: Iterator[tuple[int, str]]
) -> list[dict[str, Any]]:
    """One client's answers: it takes the next attempt as soon as the last one is answered."""
    answers = []
    for number, starts_at in waiting:
        given = {"slug": slug, "startsAt": starts_at, "email": f"visitor{number}@client.example", "firstName": "Eva"}
        answer = await client.post(url, json={"query": BOOK, "variables": {"input": given}})
        assert answer.status_code == 200, answer.text
        answers.append(answer.json()["data"]["bookMeeting"])
    return answers
