"""Reading the log from a cursor on: a page of it, or for as long as one cares to listen."""

from collections.abc import AsyncGenerator, Collection

from server import database
from server.changes import reading
from server.changes.reading import latest_number
from server.changes.tails import Tail, open_tail
from server.models import Change
from server.models.enums import ChangeKind

__all__ = ["changes_after", "follow", "latest_number", "next_changes"]


async def changes_after(
    account_id: int, after: int, *, kinds: Collection[ChangeKind] | None = None, limit: int = reading.SIZE
) -> list[Change]:
    """At most `limit` changes of the account after number `after`, in the order of their commits. `ResyncRequired` if
    some that would belong here are no longer kept, or if `after` is yet to come."""
    rows = await reading.page(account_id, after=after, limit=limit, kinds=kinds)
    await reading.require_kept(account_id, after)
    return rows


async def follow(
    account_id: int, *, after: int | None, kinds: Collection[ChangeKind] | None = None
) -> AsyncGenerator[Change, None]:
    """Every change after number `after`, first those that are there, then each as it is committed: none missed, none
    twice, in order. Without `after` it begins now. `ResyncRequired` as in `changes_after`."""
    if database.in_transaction():
        raise RuntimeError("the log is followed outside of any transaction, or nothing new would be seen")
    with open_tail(account_id) as tail:
        await tail.look_now()
        position = tail.latest if after is None else after
        await reading.require_kept(account_id, position)
        while True:
            heard = tail.rings
            await tail.look(heard)
            found, reached = await next_changes(tail, position, kinds)
            for change in found:
                yield change
            position = reached
            if position >= tail.latest:
                await tail.wait(heard)


async def next_changes(tail: Tail, position: int, kinds: Collection[ChangeKind] | None) -> tuple[list[Change], int]:
    """The changes after `position` that are wanted, and the number up to which there are no others: from memory where
    they are recent, from the log where they are not."""
    if position >= tail.floor:
        found = [change for change in tail.since(position) if kinds is None or change.kind in kinds]
        return found, max(position, tail.latest)
    upto = tail.latest
    rows = await changes_after(tail.account_id, position, kinds=kinds, limit=reading.SIZE)
    if len(rows) == reading.SIZE:
        return rows, rows[-1].number
    return rows, max(upto, rows[-1].number if rows else 0)
