"""What is particular to SQLite."""

from pathlib import Path

import pytest
from tortoise.exceptions import OperationalError

from server import database
from server.database import connection, sqlite
from server.database.sqlite import numbered


@pytest.fixture
async def file(sqlite_template: Path) -> object:
    await database.connect(f"sqlite:///{sqlite_template}")
    yield
    await database.disconnect()


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT $1, $12, $2", "SELECT ?1, ?12, ?2"),
        ("SELECT '$1', 'it''s $2', \"$3\", $1", "SELECT '$1', 'it''s $2', \"$3\", ?1"),
        ("SELECT data ->> '$.name' WHERE id = $1", "SELECT data ->> '$.name' WHERE id = ?1"),
    ],
)
def test_numbered_leaves_quoted_text_alone(sql: str, expected: str) -> None:
    assert numbered(sql) == expected


@pytest.mark.usefixtures("file")
async def test_an_acknowledged_commit_survives_power_loss() -> None:
    client = connection.client()
    assert isinstance(client, sqlite.Client)
    names = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
    assert [await client.pragma(name) for name in names] == ["wal", 2, 10_000, 1]


@pytest.mark.usefixtures("file")
async def test_reads_outside_a_transaction_cannot_write() -> None:
    with pytest.raises(OperationalError, match="readonly"):
        await database.fetch("DELETE FROM account RETURNING id")


async def test_new_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new.sqlite3"
    await database.connect(f"sqlite:///{path}")
    await database.disconnect()

    assert path.stat().st_mode & 0o777 == 0o600


async def test_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "new.sqlite3"

    with pytest.raises(OperationalError, match=f"{path}: unable to open"):
        await database.connect(f"sqlite:///{path}")
    with pytest.raises(RuntimeError, match="no database"):
        database.dialect()


async def test_a_read_that_takes_too_long_is_stopped(sqlite_template: Path) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    await database.connect(f"sqlite:///{sqlite_template}", read_seconds=0.05)
    try:
        with pytest.raises(database.TooLong):
            await database.fetch(endless)
        assert [tuple(row) for row in await database.fetch("SELECT 1")] == [(1,)]
    finally:
        await database.disconnect()
