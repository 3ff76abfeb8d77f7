"""`parley migrate`"""

from __future__ import annotations

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from server import database
from server.cli.answering import Json, answer, console
from server.cli.running import on_database


def migrate(as_json: Json = False) -> None:
    """Bring the database up to this version. Safe to run twice, and by several machines at once."""
    applied = on_database(_migrate, migrated=False)
    told = f"Done: {len(applied)} migrations applied." if applied else "The database is up to date."
    answer({"applied": applied}, sentence=told, as_json=as_json)


async def _migrate() -> list[str]:
    applied: list[str] = []
    pending = await database.pending_migrations()
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    # Without a terminal rich draws nothing but a last line; that line would be noise in a log.
    with Progress(*columns, console=console(), disable=not (pending and console().is_terminal)) as progress:
        bar = progress.add_task("migrating", total=len(pending))

        def on_step(name: str, done: int, total: int) -> None:
            applied.append(name)
            progress.update(bar, completed=done, total=total, description=name)

        await database.migrate(on_step)
    return applied
