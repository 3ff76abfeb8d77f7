"""Whole bookings, as visitors make them over GraphQL: how many a second, and how soon 500 subscribers hear of each.

Unlike W4, the server that is heard does the booking too: slot check, contact, meeting, busy span, attendees,
reminders, jobs and change in one transaction. On PostgreSQL a delay counts from the moment that the database gives to
the commit."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks.contestants import parley
from benchmarks.data import LINKS, Size
from benchmarks.fan_out import ACCOUNT, SUBSCRIBERS
from benchmarks.load.booker import Booked, Booker
from benchmarks.load.crowd import Crowd
from benchmarks.load.deck import written
from benchmarks.load.http_client import answers_to
from benchmarks.load.pressure import percentile
from benchmarks.processes import Process, running
from benchmarks.results import BookingsHeard
from benchmarks.tokens import Senders
from benchmarks.workloads import booked_document, document
from server.changes import cursor

PACE = 20
_HOSTS, _DAYS, _AT_ONCE = 50, 30, 8
_FREE = """query Free($slug: String!, $from: Date!, $to: Date!) { schedulingPage(slug: $slug) {
  slots(from: $from, to: $to, durationMinutes: 30, timeZone: "UTC") { slots { startsAt endsAt } } } }"""
_COMMITTED = """SELECT number, meeting_id, {commit} FROM change
WHERE account_id = {account} AND kind = 'MEETING_BOOKED'"""
_POSTGRESQL_COMMIT = "extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8"


@dataclass(frozen=True, slots=True)
class Where:
    """A filled database, the core that the server gets, and a folder for its log."""

    database_url: str
    core: int
    folder: Path


def measure(where: Where, *, size: Size, senders: Senders, seconds: float) -> BookingsHeard:
    """The figures of `parley serve`. The bookings stay in the database."""
    contestant = parley("bookings", where.database_url)
    # On SQLite too the deliveries wait for a worker; there is nobody to take the mails.
    environment = {**contestant.environment, "PARLEY_WORKER_IN_PROCESS": "false"}
    log = where.folder / "bookings.log"
    with running(contestant.command, environment, core=where.core, log=log) as server:
        return asyncio.run(_measured(server, where, size, senders, seconds))


async def _measured(server: Process, where: Where, size: Size, senders: Senders, seconds: float) -> BookingsHeard:
    booker = Booker(server.port, await _requests(server, size))
    await booker.all_the_time(1.0, at_once=_AT_ONCE)
    before = server.cpu()
    alone = await booker.all_the_time(seconds, at_once=_AT_ONCE)
    cost = (server.cpu() - before) / len(alone)
    users = [number % size.users + 1 for number in range(SUBSCRIBERS)]
    crowd = Crowd(server.port, senders, users, booked_document(), "MeetingBooked")
    try:
        await crowd.gather()
        crowded = await _heard_by(crowd, booker.all_the_time(seconds, at_once=_AT_ONCE))
        pace = min(PACE, len(crowded) / seconds / 2)
        calm = await _heard_by(crowd, booker.at_pace(pace, seconds))
    finally:
        crowd.leave()
    from_commit, from_asking = await _delays(where.database_url, calm, crowd.heard.arrivals)
    return BookingsHeard(
        bookings_a_second=len(alone) / seconds,
        server_us=cost * 1e6,
        heard_bookings_a_second=len(crowded) / seconds,
        pace=pace,
        commit_p50=percentile(from_commit, 50),
        commit_p99=percentile(from_commit, 99),
        asked_p50=percentile(from_asking, 50),
        asked_p99=percentile(from_asking, 99),
    )


async def _heard_by(crowd: Crowd, bookings: Any) -> list[Booked]:
    """The bookings, of which every subscriber has heard."""
    told = crowd.heard.deliveries
    booked: list[Booked] = await bookings
    await crowd.hears(told + len(booked) * SUBSCRIBERS)
    return booked


async def _requests(server: Process, size: Size) -> Iterator[bytes]:
    """A booking of each free half hour of some hosts of the account that listens, the hosts in turn."""
    first = date.today() + timedelta(days=2)  # noqa: DTZ011  # days that are bookable, whatever the zone
    days = {"from": str(first), "to": str(first + timedelta(days=_DAYS))}
    hosts = range(1, min(size.users, _HOSTS) + 1)
    slugs = [f"page-{(host - 1) * LINKS + 1:06}" for host in hosts]
    asks = [written("", "", json.dumps({"query": _FREE, "variables": {"slug": slug, **days}})) for slug in slugs]
    pages = [json.loads(body)["data"]["schedulingPage"] for body in await answers_to(server.port, asks)]
    free = [[(slug, start) for start in _apart(page["slots"])] for slug, page in zip(slugs, pages, strict=True)]
    in_turn = [each for each in chain.from_iterable(zip_longest(*free)) if each is not None]
    text = document("book_meeting")
    return (_booking(text, number, slug, start) for number, (slug, start) in enumerate(in_turn))


def _apart(days: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Of the offered times, all in UTC, those that do not overlap."""
    free_from = ""
    for slot in chain.from_iterable(day["slots"] for day in days):
        if slot["startsAt"] >= free_from:
            free_from = slot["endsAt"]
            yield slot["startsAt"]


def _booking(text: str, number: int, slug: str, starts_at: str) -> bytes:
    given = {
        "slug": slug,
        "startsAt": starts_at,
        "durationMinutes": 30,
        "email": f"visitor{number}@visitors.example",
        "firstName": "Noor",
        "lastName": f"Visitor {number}",
        "timeZone": "Europe/Warsaw",
        "locale": "en",
        "idempotencyKey": f"bench-{number}-{time.time_ns()}",
    }
    return written("", "", json.dumps({"query": text, "operationName": "BookMeeting", "variables": {"input": given}}))


async def _delays(
    url: str, booked: Sequence[Booked], arrivals: Sequence[tuple[str, float]]
) -> tuple[list[float], list[float]]:
    """Milliseconds to each arrival at a sampled subscriber: from the commit, where the database tells when that was,
    and from when the visitor asked."""
    rows = await _changes(url)
    ahead = time.time() - time.perf_counter()
    commits = {cursor.write(number): at - ahead for number, _, at in rows if at is not None}
    asked_for = {one.meeting: one.asked for one in booked}
    asked = {cursor.write(number): asked_for[meeting] for number, meeting, _ in rows if meeting in asked_for}
    from_asking = [(at - asked[mark]) * 1000 for mark, at in arrivals if mark in asked]
    return [(at - commits[mark]) * 1000 for mark, at in arrivals if mark in commits and mark in asked], from_asking


async def _changes(url: str) -> list[Any]:
    """The number of each booking in the log, its meeting, and the second of its commit where that is known."""
    if url.startswith("sqlite:"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            return file.execute(_COMMITTED.format(commit="NULL", account=ACCOUNT)).fetchall()
    connection = await asyncpg.connect(url)
    try:
        is_kept = await connection.fetchval("SHOW track_commit_timestamp") == "on"
        commit = _POSTGRESQL_COMMIT if is_kept else "NULL::float8"
        return [tuple(row) for row in await connection.fetch(_COMMITTED.format(commit=commit, account=ACCOUNT))]
    finally:
        await connection.close()
