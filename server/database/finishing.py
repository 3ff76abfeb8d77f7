"""Work that must come to its end even when the task that asked for it is cancelled: a COMMIT, a ROLLBACK, a release."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def finished(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, which runs to its end whatever happens; a cancellation meanwhile goes on afterwards."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
        except Exception:  # noqa: BLE001 - whatever the work ended with, its result tells it below
            break
    if cancelled is not None:
        raise cancelled from task.exception()
    return task.result()
