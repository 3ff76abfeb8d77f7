"""The tables are brought up to what the code knows, step by step, by one process at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.loader import MigrationLoader
from tortoise.migrations.migration import Migration
from tortoise.migrations.recorder import MigrationRecorder
from tortoise.migrations.schema_editor import AsyncpgSchemaEditor, BaseSchemaEditor
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.schema_generator.state_apps import StateApps

from server import clock
from server.database import connection
from server.database.connection import APP
from server.database.searching import index_inside_words
from server.database.sqlite_editor import KeepingSchemaEditor

_HISTORY = "CREATE TABLE IF NOT EXISTS migration (name VARCHAR(255) NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)"
_HISTORY_EXISTS = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migration'",
    "postgresql": "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'migration'",
}

OnStep = Callable[[str, int, int], None]


class DatabaseTooNew(RuntimeError):
    """The database was migrated by a newer release than this one, which must not write to it."""


async def pending_migrations() -> list[str]:
    """The names of the migrations that the database still needs, in their order. Raises `DatabaseTooNew`."""
    return [one.name for one in await _missing(await _known())]


async def migrate(on_step: OnStep | None = None) -> None:
    """The database has every migration of this release. Safe to call from several processes, and again after a crash.

    `on_step(name, done, total)` is told after each step. Raises `DatabaseTooNew`."""
    known = await _known()
    missing = await _missing(known)
    state = State(models={}, apps=StateApps(default_connections={APP: connection.dialect()}))
    for migration in known:
        if migration not in missing:
            await migration.apply(state, dry_run=True)
            continue
        await _step(migration, state)
        if on_step is not None:
            on_step(migration.name, missing.index(migration) + 1, len(missing))
    await index_inside_words()


async def _known() -> list[Migration]:
    loader = MigrationLoader(connection.configuration("sqlite:///", pool_size=1)["apps"], _NoHistory(None))
    await loader.build_graph()
    nodes = [loader.graph.nodes[key] for leaf in loader.graph.leaf_nodes() for key in loader.graph.forwards_plan(leaf)]
    return [node for node in nodes if isinstance(node, Migration)]


async def _missing(known: list[Migration]) -> list[Migration]:
    applied = await _applied(connection.client())
    if strange := applied - {one.name for one in known}:
        raise DatabaseTooNew(
            f"The database has migrations that this release does not know: {', '.join(sorted(strange))}. "
            "Start the newer release, or restore the backup made before it."
        )
    return [one for one in known if one.name not in applied]


async def _applied(client: Any) -> set[str]:
    if not await client.read(_HISTORY_EXISTS[connection.dialect()], []):
        return set()
    return {row[0] for row in await client.read("SELECT name FROM migration", [])}


async def _step(migration: Migration, state: State) -> None:
    async with connection.client().schema_transaction() as client:
        await client.change(_HISTORY, [])
        # Another process may have done this step while this one waited for its turn.
        if migration.name in await _applied(client):
            await migration.apply(state, dry_run=True)
            return
        editor = _editor(client)
        await migration.apply(state, schema_editor=editor)
        await client.change(
            "INSERT INTO migration (name, applied_at) VALUES ($1, $2)", [migration.name, clock.now_epoch()]
        )
        if isinstance(editor, KeepingSchemaEditor):
            await editor.refuse_broken_references()


def _editor(client: Any) -> BaseSchemaEditor:
    kind = AsyncpgSchemaEditor if connection.dialect() == "postgresql" else KeepingSchemaEditor
    return kind(client, atomic=True)


class _NoHistory(MigrationRecorder):
    """Tortoise would keep its history outside the step's transaction; ours is inside, so its own stays empty."""

    async def applied_migrations(self) -> list[MigrationKey]:
        return []
