"""Verbs that are begun while somebody else holds what they want, on PostgreSQL, where rows are locked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

from server import database
from server.models import MeetingLink, User

Act = Callable[[], Awaitable[Any]]
Acts = list[Coroutine[Any, Any, Any]]


async def while_held(hold: Act, acts: Acts, *, then: Act | None = None) -> list[Any]:
    """What becomes of the acts, each of which had to wait for what one transaction holds, or for those before it, by
    the time that the transaction goes on with `then` and ends."""
    is_held, goes_on = asyncio.Event(), asyncio.Event()

    async def holding() -> None:
        async with database.transaction():
            await hold()
            is_held.set()
            await goes_on.wait()
            if then is not None:
                await then()

    holder = asyncio.create_task(holding())
    await is_held.wait()
    begun = []
    for act in acts:
        begun.append(asyncio.create_task(act))
        await _until_so_many_wait(len(begun))
    goes_on.set()
    results = await asyncio.gather(holder, *begun, return_exceptions=True)
    assert results[0] is None
    return results[1:]


async def _until_so_many_wait(count: int) -> None:
    sql = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with asyncio.timeout(10):
        while (await database.fetch(sql))[0][0] < count:  # noqa: ASYNC110  nobody tells when a lock is waited for
            await asyncio.sleep(0.01)


def locking(*users: User) -> Act:
    return partial(database.lock_hosts, [user.id for user in users])


def locking_link(link: MeetingLink) -> Act:
    return MeetingLink.filter(id=link.id).select_for_update(no_key=True).get
