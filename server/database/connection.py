"""The one connection to a database that a process has."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from tortoise import Tortoise

from server.database import postgresql, sqlite

Dialect = Literal["sqlite", "postgresql"]
Client = sqlite.Client | postgresql.Client

APP = "models"
MIGRATIONS = "server.migrations"
_open: list[Client] = []


async def connect(url: str, *, pool_size: int = 5, read_seconds: float | None = None) -> None:
    """The process can use the database at `url` (`sqlite:///file`, `postgresql://...`), from every task.

    `pool_size` is how many connections it may hold on PostgreSQL. A read that takes longer than `read_seconds` in this
    process, on SQLite, ends as `TooLong`; a task that waits for PostgreSQL can be cancelled instead."""
    if _open:
        raise RuntimeError("connect() was called twice; a process has one database, so disconnect() first")
    context = await Tortoise.init(config=configuration(url, pool_size=pool_size), _enable_global_fallback=True)
    found: Any = context.connections.get(dialect_of(url))
    try:
        await found.create_connection(with_db=True)
    except BaseException:
        await Tortoise.close_connections()
        raise
    if read_seconds is not None and isinstance(found, sqlite.Client):
        found.stop_reads_after(read_seconds)
    _open.append(found)


async def disconnect() -> None:
    """No connection is open any more. Nothing happens if none was."""
    if _open:
        _open.clear()
        await Tortoise.close_connections()


def client() -> Client:
    """The connected client outside any transaction."""
    if not _open:
        raise RuntimeError("no database: call server.database.connect(url) first")
    return _open[0]


def dialect() -> Dialect:
    """Which of the two databases this process is connected to."""
    return client().known_as


def configuration(url: str, *, pool_size: int) -> dict[str, Any]:
    """What Tortoise wants to know: the engine of our own, and where tables and migrations are."""
    # Tortoise keeps SQL by the name of the connection, so each dialect needs a name of its own.
    name = dialect_of(url)
    return {
        "connections": {name: _engine(url, pool_size)},
        "apps": {APP: {"models": ["server.models"], "default_connection": name, "migrations": MIGRATIONS}},
    }


def dialect_of(url: str) -> Dialect:
    """Which database an address leads to."""
    return "sqlite" if url.startswith("sqlite:///") else "postgresql"


def _engine(url: str, pool_size: int) -> dict[str, Any]:
    if dialect_of(url) == "sqlite":
        place = {"file_path": unquote(url.removeprefix("sqlite:///"))}
        return {"engine": sqlite.__name__, "credentials": place | sqlite.PRAGMAS}
    return {"engine": postgresql.__name__, "credentials": _server(url) | {"minsize": 1, "maxsize": pool_size}}


def _server(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query))
    return {
        "host": asked.pop("host", None) or parts.hostname,
        "port": parts.port or 5432,
        "user": unquote(parts.username or "") or None,
        "password": unquote(parts.password or "") or None,
        "database": unquote(parts.path.removeprefix("/")) or None,
        **({"ssl": asked.pop("sslmode")} if "sslmode" in asked else {}),
        **postgresql.POOL_OPTIONS,
    }
