"""Search, timeline and report with 100,000 contacts and 1,000,000 meetings: milliseconds of the database for each.

`python -m benchmarks.records [--quick] [--json FILE]`. One account has half of everything and nine share the rest, as
on a server of several companies; meetings lie in four years, put in about as they begin. Quick: a tenth of it. What is
timed is each statement that a room sends: the processor time of the database (of this thread on SQLite, of its backend
on PostgreSQL), the best of some rounds. The query plans go into `benchmarks/results/records_plans.md`."""

from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
from tortoise.models import Model

from benchmarks.data import MADE_AT, columns_of
from server import database, ids, models
from server.accounts.defaults import OUTCOMES
from server.accounts.scopes import READ_SCOPES
from server.accounts.viewer import Viewer
from server.contacts import queries, records
from server.contacts.search import search
from server.database import statements
from server.folding import search_text
from server.models.enums import Role
from server.records.timeline import timeline
from server.reports.meetings import GroupBy, meeting_report
from tests.postgresql import run_sql, running_server, sibling

FLOOR, TARGET = 10.0, 5.0
KINDS = ("sqlite", "pg")
NAMES = ("search", "timeline", "report")
PLANS = Path(__file__).parent / "results" / "records_plans.md"
FIRST = datetime(2023, 1, 2, 8, tzinfo=UTC)
DAYS = 1460
ROUNDS = 15
REPORTED = date(2026, 3, 1), date(2026, 3, 31)
Row = dict[str, Any]
Work = Callable[[], Awaitable[Any]]

_SYLLABLES = (
    "an",
    "bar",
    "cor",
    "da",
    "el",
    "fin",
    "ga",
    "har",
    "in",
    "jo",
    "kar",
    "lis",
    "mar",
    "nor",
    "os",
    "pel",
    "qui",
    "ros",
    "sel",
    "tor",
    "ul",
    "vin",
    "wal",
    "xen",
    "yor",
    "zab",
)
_ENDS = ("ski", "son", "ez", "ova", "er", "ini", "sen", "wicz", "a", "o")
_FIRST_NAMES = (
    "Ana",
    "Björn",
    "Chloé",
    "Dmitri",
    "Elif",
    "Grażyna",
    "Hana",
    "João",
    "Kofi",
    "Łukasz",
    "Mei",
    "Noor",
    "Priya",
    "Maria",
    "Marek",
    "Martin",
    "Marta",
    "Anna",
    "Annika",
)


@dataclass(frozen=True)
class Size:
    """How many contacts and meetings there are; the first account has half of them."""

    contacts: int
    meetings: int
    accounts: int = 10
    users: int = 40

    def account_of(self, number: int, count: int) -> int:
        """The first half belongs to the first account, the rest to the others in turn."""
        return 1 if number <= count // 2 else 2 + number % (self.accounts - 1)


FULL = Size(100_000, 1_000_000)
QUICK = Size(10_000, 100_000)


@dataclass(frozen=True)
class Timed:
    """One question: what it took at best, in all its statements, and these with their parameters."""

    group: str
    name: str
    milliseconds: float
    statements: tuple[tuple[str, tuple[Any, ...]], ...]


def tables(size: Size) -> Iterator[tuple[type[Model], Iterator[Row]]]:
    """Each table with its rows, in an order in which keys can be checked."""
    yield models.Account, ({"id": n, "name": f"Firm {n}", "time_zone": "Europe/Warsaw"} for n in _upto(size.accounts))
    yield models.User, _users(size)
    yield models.Outcome, _outcomes(size)
    yield models.Record, _companies(size)
    yield models.Contact, _contacts(size)
    yield models.Meeting, _meetings(size)
    yield models.Attendee, _attendees(size)
    yield models.Association, _associations(size)
    yield models.Change, _changes(size)


def _upto(count: int) -> range:
    return range(1, count + 1)


def _users(size: Size) -> Iterator[Row]:
    for n in _upto(size.accounts * size.users):
        account = (n - 1) // size.users + 1
        yield {"id": n, "account_id": account, "email": f"user{n}@parley.example", "name": f"User {n}"}


def _outcomes(size: Size) -> Iterator[Row]:
    for account in _upto(size.accounts):
        for place, (key, label) in enumerate(OUTCOMES):
            number = (account - 1) * len(OUTCOMES) + place + 1
            yield {"id": number, "account_id": account, "key": key, "label": label, "position": place}


def _companies(size: Size) -> Iterator[Row]:
    dice = Random("companies")
    count = size.contacts // 5
    for n in _upto(count):
        name = f"{_name(dice)} {n} GmbH"
        account = size.account_of(n, count)
        yield {"id": n, "account_id": account, "kind": "COMPANY", "name": name, "search_text": search_text(name)}


def _name(dice: Random) -> str:
    return ("".join(dice.choices(_SYLLABLES, k=dice.choice((1, 2, 2, 3)))) + dice.choice(_ENDS)).capitalize()


def _contacts(size: Size) -> Iterator[Row]:
    dice = Random("contacts")
    for n in _upto(size.contacts):
        first, last = dice.choice(_FIRST_NAMES), _name(dice)
        email, phone = f"{ids.slug_from(first)}.{last.lower()}{n}@clients.example", f"+44 20 7946 {n % 10_000:04}"
        yield {
            "id": n,
            "account_id": size.account_of(n, size.contacts),
            "email": email,
            "first_name": first,
            "last_name": last,
            "phone": phone,
            "search_text": search_text(first, last, email, phone),
            "company_id": _company_of(size, n),
        }


def _company_of(size: Size, contact: int) -> int | None:
    """A company of the same account; every tenth contact belongs to none."""
    half, companies = size.contacts // 2, size.contacts // 10
    return (contact - 1) % companies + 1 if contact <= half and contact % 10 else None


def _contact_of(size: Size, meeting: int) -> int:
    half = size.contacts // 2
    if meeting <= size.meetings // 2:
        return meeting * 7919 % half + 1
    others = size.accounts - 1
    # The one among the contacts of the other accounts whose account is that of the meeting.
    return half + 1 + ((meeting - half - 1) % others) + meeting * 31 % (half // others - 1) * others


def _meetings(size: Size) -> Iterator[Row]:
    dice = Random("meetings")
    first = int(FIRST.timestamp())
    for n in _upto(size.meetings):
        contact = _contact_of(size, n)
        account = size.account_of(contact, size.contacts)
        day = n * DAYS * 2 // size.meetings % DAYS + dice.randrange(14)
        starts = first + day * 86400 + dice.randrange(36) * 900
        host, organizer = (1 + (account - 1) * size.users + dice.randrange(size.users) for _ in range(2))
        yield {
            "id": n,
            "account_id": account,
            "title": "Yearly review",
            "starts_at": starts,
            "ends_at": starts + 1800,
            "time_zone": "Europe/Warsaw",
            "host_id": host,
            "organizer_id": organizer if n % 3 == 0 else host,
            "contact_id": contact,
            "outcome_id": (account - 1) * len(OUTCOMES) + 1 + dice.randrange(len(OUTCOMES)),
            "source": ("MEETING_LINK", "CRM", "MOBILE_IOS")[n % 3],
            "ical_uid": f"{n}@parley.example",
        }


def _attendees(size: Size) -> Iterator[Row]:
    for n in _upto(size.meetings):
        contact = _contact_of(size, n)
        yield {
            "id": n,
            "account_id": size.account_of(contact, size.contacts),
            "meeting_id": n,
            "kind": "CONTACT",
            "contact_id": contact,
            "name": "Somebody",
            "email": f"contact{contact}@clients.example",
        }


def _associations(size: Size) -> Iterator[Row]:
    """Every tenth meeting of the first account is about a company of its own, the first company has a thousandth, and
    every tenth is about its contact as well."""
    for n in range(10, size.meetings // 2 + 1, 10):
        record = 1 if n % 1000 == 0 else n % (size.contacts // 10) + 1
        yield {"id": n, "account_id": 1, "meeting_id": n, "record_id": record}
        yield {"id": n + 1, "account_id": 1, "meeting_id": n, "contact_id": _contact_of(size, n)}


def _changes(size: Size) -> Iterator[Row]:
    """Two changes of each meeting of the first account that is in the log."""
    for number in _upto(size.meetings // 2):
        meeting = (number + 1) // 2
        yield {
            "id": number,
            "account_id": 1,
            "number": number,
            "kind": "MEETING_SCHEDULED" if number % 2 else "OUTCOME_RECORDED",
            "meeting_id": meeting,
            "occurred_at": MADE_AT + number,
            "actor": "user:1",
            "data": "{}" if number % 2 else '{"outcome": "COMPLETED"}',
        }


async def fill(url: str, size: Size) -> None:
    """The empty database at `url` has the tables of this release and the rows of that size."""
    await database.connect(url)
    try:
        await database.migrate()
    finally:
        await database.disconnect()
    if url.startswith("sqlite:"):
        _fill_sqlite(url.removeprefix("sqlite:///"), size)
    else:
        await _fill_postgresql(url, size)


def _fill_sqlite(file: str, size: Size) -> None:
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -400000")
    with connection:
        for model, rows in tables(size):
            columns = columns_of(model)
            places = ", ".join("?" * len(columns))
            insert = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES ({places})"
            connection.executemany(insert, (tuple({**columns, **row}.values()) for row in rows))
    connection.execute("ANALYZE")
    connection.close()


async def _fill_postgresql(url: str, size: Size) -> None:
    connection = await asyncpg.connect(url)
    for model, rows in tables(size):
        columns = columns_of(model)
        # Keys of a million rows that are known to fit need not be checked; contacts and records need their words.
        role = "DEFAULT" if model in (models.Record, models.Contact) else "replica"
        await connection.execute(f"SET session_replication_role = {role}")
        made = (tuple({**columns, **row}.values()) for row in rows)
        await connection.copy_records_to_table(model._meta.db_table, columns=list(columns), records=made)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


def questions(size: Size) -> list[tuple[str, str, Work]]:
    """What is asked: the group, a name, and the room's own work."""
    viewer = Viewer(
        account_id=1,
        user_id=1,
        role=Role.ADMIN,
        has_seat=True,
        time_zone="Europe/Warsaw",
        locale="en",
        scopes=READ_SCOPES,
    )
    small = Viewer(**{name: getattr(viewer, name) for name in viewer.__slots__ if name != "account_id"}, account_id=2)
    texts = (
        "a",
        "ma",
        "mar",
        "marek",
        "anna cor",
        "sel ma",
        "rosski",
        "linwal",
        "corrosez",
        "corosez",
        "grazyna",
        "zz",
    )
    found: list[tuple[str, str, Work]] = [
        ("search", f"contacts {text!r}", lambda text=text: _searched(queries.contacts(viewer), 1, text))  # type: ignore[misc]  # mypy does not look into the default
        for text in texts
    ]
    found += [
        ("search", "contacts 'mar' of a small account", lambda: _searched(queries.contacts(small), 2, "mar")),
        ("search", "companies 'cor'", lambda: _searched(records.records(viewer), 1, "cor")),
        ("search", "the whole list", lambda: _listed(queries.contacts(viewer))),
        ("timeline", "a contact", lambda: timeline(viewer, contact_id=7, first=50, after=None)),
        ("timeline", "a company", lambda: timeline(viewer, record_id=17, first=50, after=None)),
        ("timeline", "a company of many", lambda: timeline(viewer, record_id=1, first=50, after=None)),
    ]
    found += [("report", f"a month by {by}", lambda by=by: meeting_report(viewer, *REPORTED, by)) for by in GroupBy]  # type: ignore[misc]  # as above
    return found


async def _searched(rows: Any, account_id: int, text: str) -> None:
    hits = await search(rows, account_id, text, first=50, after=None)
    if hits is not None and hits.places:
        await _listed(hits.named)


async def _listed(rows: Any) -> None:
    sql = f'SELECT t.id, t.owner_id FROM "{rows.table}" t WHERE {rows.condition} ORDER BY {rows.order_sql} LIMIT 51'
    await database.fetch(sql, *rows.parameters)


async def timed(url: str, size: Size, rounds: int) -> list[Timed]:
    """The best of the rounds for each question, on the database at `url`."""
    await database.connect(url, pool_size=1)
    try:
        spent = await _accounting()
        return [Timed(group, name, *await _best(work, rounds, spent)) for group, name, work in questions(size)]
    finally:
        await database.disconnect()


async def _accounting() -> Callable[[], float]:
    """What tells the milliseconds of processor time that the database has spent so far."""
    if database.dialect() == "sqlite":
        return lambda: time.thread_time() * 1000
    row = await database.fetch_one("SELECT pg_backend_pid()")
    scheduled = Path(f"/proc/{row[0] if row else 0}/schedstat")
    return lambda: int(scheduled.read_text().split()[0]) / 1_000_000


async def _best(
    work: Work, rounds: int, spent: Callable[[], float]
) -> tuple[float, tuple[tuple[str, tuple[Any, ...]], ...]]:
    best, sent = float("inf"), []
    await database.finds_inside_words()
    for _ in range(rounds):
        async with _watched(spent) as seen:
            await work()
        best, sent = min(best, sum(took for took, _, _ in seen)), seen
    return best, tuple((sql, parameters) for _, sql, parameters in sent)


@asynccontextmanager
async def _watched(spent: Callable[[], float]) -> AsyncIterator[list[tuple[float, str, tuple[Any, ...]]]]:
    """What the rooms ask of the database inside the block, and the milliseconds that each answer cost."""
    seen: list[tuple[float, str, tuple[Any, ...]]] = []
    fetch = statements.fetch

    async def watched(sql: str, *parameters: Any) -> Any:
        before = spent()
        rows = await fetch(sql, *parameters)
        seen.append((spent() - before, sql, parameters))
        return rows

    async def one(sql: str, *parameters: Any) -> Any:
        rows = await watched(sql, *parameters)
        return rows[0] if rows else None

    own = database.fetch, database.fetch_one
    database.fetch, database.fetch_one = watched, one
    try:
        yield seen
    finally:
        database.fetch, database.fetch_one = own


async def plans(url: str, found: list[Timed]) -> str:
    """The plans of the slowest statement of each question, as Markdown."""
    await database.connect(url)
    explain = "EXPLAIN QUERY PLAN " if url.startswith("sqlite") else "EXPLAIN ANALYZE "
    try:
        return "\n".join([await _plan(explain, one) for one in found])
    finally:
        await database.disconnect()


async def _plan(explain: str, one: Timed) -> str:
    lines = [f"### {one.group}: {one.name} ({one.milliseconds:.2f} ms, {len(one.statements)} statements)", "", "```"]
    for sql, parameters in one.statements:
        lines += [str(row[-1]) for row in await database.fetch(explain + sql, *parameters)]
        lines.append("")
    return "\n".join([*lines[:-1], "```", ""])


def gates(*, is_quick: bool) -> list[dict[str, Any]]:
    """The slowest of each group on each database, as `benchmarks/results/latest.json` wants it."""
    return asyncio.run(_gates(QUICK if is_quick else FULL))


async def _gates(size: Size) -> list[dict[str, Any]]:
    judged, told = [], ["# How search, timeline and report are asked", ""]
    with (
        tempfile.TemporaryDirectory(prefix="parley-records-") as folder,
        running_server(shared_buffers="512MB") as server,
    ):
        run_sql(server, "CREATE DATABASE records")
        for kind, url in zip(KINDS, (f"sqlite:///{folder}/records.sqlite3", sibling(server, "records")), strict=True):
            await fill(url, size)
            found = await timed(url, size, ROUNDS)
            told += [f"## {kind}, {size.contacts:,} contacts, {size.meetings:,} meetings", "", await plans(url, found)]
            for one in found:
                print(f"{kind:>7} {one.group:>9} {one.milliseconds:8.2f} ms  {len(one.statements)}  {one.name}")
            judged += [_judged(f"R.{group}.{kind}", found, group) for group in NAMES]
    PLANS.write_text("\n".join(told) + "\n")
    return judged


def _judged(name: str, found: list[Timed], group: str) -> dict[str, Any]:
    value = max(one.milliseconds for one in found if one.group == group)
    return {"gate": name, "value": round(value, 2), "floor": FLOOR, "target": TARGET, "holds": value <= FLOOR}


def main() -> None:
    words = argparse.ArgumentParser(description="search, timeline and report among many")
    words.add_argument("--quick", action="store_true", help="a tenth of the rows")
    words.add_argument("--json", metavar="FILE", help="write the gates to FILE")
    given = words.parse_args()
    judged = gates(is_quick=given.quick)
    for gate in judged:
        said = "holds" if gate["holds"] else "NOT HELD"
        print(f"{gate['gate']:20} {gate['value']:8.2f} ms   floor {FLOOR:.0f}   {said}")
    if given.json:
        Path(given.json).write_text(json.dumps(judged, indent=1))


if __name__ == "__main__":
    main()
