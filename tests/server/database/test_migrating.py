"""From any state to the present tables, losing nothing."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tortoise.exceptions import IntegrityError

from server import database
from server.database import connection
from server.database.checks import integrity_names
from server.database.integrity import expected_names
from tests.conftest import DIALECTS
from tests.factories import a_contact, a_link, a_meeting, a_user, an_account
from tests.postgresql import run_sql, sibling

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ALL = ["0001_initial", "0002_integrity"]
LATER = "tests.server.database.later_release"


@pytest.fixture(params=DIALECTS)
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a database in which nothing has ever been made."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.sqlite3'}"
        return
    server = request.getfixturevalue("postgresql_server")
    run_sql(server, "CREATE DATABASE test_empty TEMPLATE template0")
    yield sibling(server, "test_empty")
    run_sql(server, "DROP DATABASE test_empty WITH (FORCE)")


async def rows_of_all_tables() -> dict[str, int]:
    if database.dialect() == "sqlite":
        sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    else:
        sql = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    counts = {}
    for (table,) in await database.fetch(sql):
        row = await database.fetch_one(f'SELECT count(*) FROM "{table}"')
        counts[table] = row[0] if row else 0
    return counts


async def names_in_the_catalogue() -> set[tuple[str, str]]:
    """Every index and trigger, and the table that it belongs to."""
    if database.dialect() == "sqlite":
        rows = await database.fetch("SELECT name, tbl_name FROM sqlite_master WHERE type IN ('index', 'trigger')")
    else:
        rows = await database.fetch("SELECT indexname, tablename FROM pg_indexes WHERE schemaname = 'public'")
    return {(row[0], row[1]) for row in rows}


async def fill() -> None:
    account = await an_account()
    host = await a_user(account)
    for day in range(3):
        await a_meeting(host, NOON + timedelta(days=day), contact=await a_contact(account, phone="+48 1"))
    await a_link(host)
    gone = await a_user(account)
    await database.execute("DELETE FROM app_user WHERE id = $1", gone.id)


async def test_migrate_tells_its_steps_and_is_repeatable(empty: str) -> None:
    steps: list[tuple[str, int, int]] = []
    await database.connect(empty)
    try:
        assert await database.pending_migrations() == ALL
        await database.migrate(lambda *step: steps.append(step))
        await database.migrate(lambda *step: steps.append(step))
        assert await database.pending_migrations() == []
        assert await database.check() == []
    finally:
        await database.disconnect()

    assert steps == [("0001_initial", 1, 2), ("0002_integrity", 2, 2)]


async def test_migrate_that_is_interrupted_goes_on_where_it_was(empty: str) -> None:
    class PowerCut(Exception):
        pass

    def fail(name: str, _done: int, _total: int) -> None:
        raise PowerCut(name)

    await database.connect(empty)
    try:
        with pytest.raises(PowerCut, match="0001_initial"):
            await database.migrate(fail)
        assert await database.pending_migrations() == ["0002_integrity"]
        await database.migrate()
        assert await database.check() == []
    finally:
        await database.disconnect()


async def test_migrate_by_four_processes_at_once_does_each_step_once(empty: str) -> None:
    program = (
        "import asyncio, sys, json\n"
        "from server import database\n"
        "async def main():\n"
        "    steps = []\n"
        "    await database.connect(sys.argv[1])\n"
        "    await database.migrate(lambda *step: steps.append(step[0]))\n"
        "    print(json.dumps([steps, await database.pending_migrations()]))\n"
        "    await database.disconnect()\n"
        "asyncio.run(main())\n"
    )
    started = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", program, empty, stdout=asyncio.subprocess.PIPE)
        for _ in range(4)
    ]
    outputs = [(await one.communicate())[0] for one in started]

    assert [one.returncode for one in started] == [0, 0, 0, 0]
    assert [json.loads(output)[1] for output in outputs] == [[], [], [], []]


async def test_widening_a_parent_keeps_children_indexes_triggers_and_constraints(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill()
    rows, names = await rows_of_all_tables(), await names_in_the_catalogue()
    monkeypatch.setattr(connection, "MIGRATIONS", LATER)

    await database.migrate()

    assert await rows_of_all_tables() == rows | {"migration": 3}
    assert await names_in_the_catalogue() == names | {("outcome_label", "outcome")}
    assert expected_names(database.dialect()) <= await integrity_names()
    assert await database.fetch("SELECT DISTINCT pronouns FROM app_user") == [("they; them",)]
    assert "accent_color" not in await columns("account")


async def test_a_widened_database_still_refuses_what_it_refused(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await fill()
    monkeypatch.setattr(connection, "MIGRATIONS", LATER)
    await database.migrate()

    with pytest.raises(database.Overlap):
        await database.execute("UPDATE busy_span SET starts = (SELECT min(starts) FROM busy_span)")
    with pytest.raises(IntegrityError):
        await database.execute("UPDATE app_user SET account_id = 999")
    with pytest.raises(IntegrityError):
        await database.execute("UPDATE meeting SET ends_at = starts_at")
    assert await database.execute("DELETE FROM meeting") == 3
    left = await rows_of_all_tables()
    assert (left["busy_span"], left["attendee"], left["contact"]) == (0, 0, 3)


async def test_a_removed_last_row_does_not_free_its_id_when_its_table_is_remade(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill()
    account = await database.fetch_one("SELECT id FROM account")
    assert account is not None
    last = await database.fetch_one("SELECT max(id) FROM app_user")
    assert last is not None
    monkeypatch.setattr(connection, "MIGRATIONS", LATER)
    await database.migrate()

    async with database.transaction():
        rows = await database.fetch(
            "INSERT INTO app_user (created_at, account_id, email, name, role, has_seat, time_zone, locale, job_title,"
            " avatar_url, notifications, weekly_hours, date_overrides, feed_seed, is_active)"
            " VALUES (0, $1, 'new@linden.example', '', 'MEMBER', TRUE, 'UTC', 'en', '', '', '{}', '{}', '{}', '', TRUE)"
            " RETURNING id",
            account[0],
        )

    assert rows == [(last[0] + 2,)]


async def test_a_database_of_a_newer_release_is_refused(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as later:
        later.setattr(connection, "MIGRATIONS", LATER)
        await database.migrate()

    with pytest.raises(database.DatabaseTooNew, match="0003_wider"):
        await database.migrate()
    with pytest.raises(database.DatabaseTooNew, match="newer release"):
        await database.pending_migrations()
    assert [text for text in await database.check() if "0003_wider" in text] != []


async def columns(table: str) -> set[str]:
    if database.dialect() == "sqlite":
        rows = await database.fetch(f"SELECT name FROM pragma_table_info('{table}')")
    else:
        sql = f"SELECT column_name::text FROM information_schema.columns WHERE table_name = '{table}'"
        rows = await database.fetch(sql)
    return {row[0] for row in rows}
