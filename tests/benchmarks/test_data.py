"""What is measured is the same work on both databases: the same rows give the same bytes, the same writes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import contestants, workloads
from benchmarks.data import DAYS, HOSTED, Size, meetings_of, tables
from benchmarks.databases import Databases, Written
from benchmarks.fill import fill
from benchmarks.load.deck import deck
from benchmarks.load.http_client import bodies
from benchmarks.processes import cores, running
from benchmarks.tokens import Senders
from server import settings
from tests.postgresql import run_sql, sibling

FEW = Size("XS", accounts=2, users=3, contacts=20)


@pytest.fixture
def senders() -> Iterator[Senders]:
    """They sign with a key of their own, which is forgotten afterwards."""
    before = list(settings._in_use)
    yield Senders(FEW)
    settings._in_use[:] = before


@pytest.fixture
def databases(postgresql_server: str, tmp_path: Path) -> Iterator[Databases]:
    """Two empty ones, called alike."""
    run_sql(postgresql_server, "CREATE DATABASE bench")
    yield Databases(sibling(postgresql_server, "bench"), tmp_path / "bench.sqlite3")
    run_sql(postgresql_server, "DROP DATABASE bench WITH (FORCE)")


async def test_both_databases_give_the_same_answers_and_take_the_same_writes(
    databases: Databases, senders: Senders, tmp_path: Path
) -> None:
    asks = [*workloads.today_tab(FEW, 12), *workloads.links_menu(FEW, 6), *workloads.record_outcome(FEW, 2)]
    asked = deck(tmp_path / "check.requests", asks, senders)
    answers: dict[str, list[bytes]] = {}
    written: dict[str, Written] = {}
    for name, url in databases.addresses.items():
        await fill(url, tables(FEW))
        contestant = contestants.parley(name, url)
        before = await databases.written(contestant)
        with running(contestant.command, contestant.environment, core=cores().rest, log=tmp_path / "log") as server:
            answers[name] = await bodies(server.port, asked)
        written[name] = (await databases.written(contestant)).since(before)
    assert answers["sqlite"] == answers["postgresql"]
    assert not any(b'"errors"' in body for body in answers["sqlite"])
    assert all(body.count(b'"mtg_') == 12 for body in answers["sqlite"][:12])
    assert written["sqlite"] == written["postgresql"]
    assert [change[1] for change in written["sqlite"].changes] == ["OUTCOME_RECORDED"] * 2


def test_a_meeting_is_hosted_by_each_user_nine_times_a_day() -> None:
    assert meetings_of(FEW) == DAYS * 6 * HOSTED
