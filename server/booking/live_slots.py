"""The list of a page as it changes: what has become free, and what has gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from time import monotonic
from typing import Any, TypeVar
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from server import clock, database
from server.booking.slots import Slot, slots_between
from server.changes.data_version import data_version
from server.changes.tails import Tail, open_tail
from server.database.placeholders import placeholders
from server.errors import ErrorCode, refusal
from server.links.pages import SchedulingPage, link_of, scheduling_page_of

T = TypeVar("T")

PAUSE_SECONDS = 1.0
"""No stream looks at its page more often."""

LONGEST_SECONDS = 60.0
"""No stream goes longer without looking: for what no change and none of the instants below tells of."""

_HELD_UNTIL = """
    SELECT MIN(h.expires_at) FROM busy_span b JOIN hold h ON h.id = b.hold_id
    WHERE b.host_id IN ({hosts}) AND h.released_at IS NULL AND h.expires_at > $1
"""


@dataclass(frozen=True, slots=True)
class SlotChange:
    """What to do with the list one has: take out `removed`, put in `added`, both in order of time."""

    added: tuple[Slot, ...]
    removed: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """Which list is followed: the slots that start on these days of the viewer's zone (the page's if None)."""

    start: date
    end: date
    duration_minutes: int | None = None
    viewer_tz: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A list by start, and the instant from which it may be another without anybody doing anything. `slots` is None
    where there is no such page."""

    slots: Mapping[datetime, Slot] | None
    due: datetime


_Question = tuple[str, Range, int, int]
_asked: WeakKeyDictionary[Tail, dict[_Question, asyncio.Task[Listed]]] = WeakKeyDictionary()
_versions: WeakKeyDictionary[Tail, tuple[int, asyncio.Task[int]]] = WeakKeyDictionary()


async def slot_changes(slug: str, wanted: Range) -> AsyncGenerator[SlotChange, None]:
    """What is added to the page's list and removed from it, from now on: by bookings, moves, holds and settings at
    once, by the clock (notice, holds that expire, the window that moves on) when it is time; at most once a second,
    and never nothing. It ends when the page is taken away.

    `LINK_NOT_FOUND`, and what `slots_between` refuses, before anything is sent."""
    if database.in_transaction():
        raise RuntimeError("a list is followed outside of any transaction, or nothing new would be seen")
    link = await link_of(slug)
    if link is None:
        raise refusal(ErrorCode.LINK_NOT_FOUND, "There is no scheduling page at this address.", "slug")
    with open_tail(link.account_id) as tail:
        version = await data_version(link.account_id)
        known = await _listed(tail, slug, wanted, version)
        while known.slots is not None:
            version = await _until_changed(tail, version, known.due)
            found = await _listed(tail, slug, wanted, version)
            change = _difference(known.slots, found.slots or {})
            known = found
            if change.added or change.removed:
                yield change


async def _listed(tail: Tail, slug: str, wanted: Range, version: int) -> Listed:
    """The list as it is now. Those who follow the same one share the looking, however many they are."""
    asked = _asked.setdefault(tail, {})
    question = (slug, wanted, version, clock.now_epoch())
    if question not in asked:
        for old in [one for one in asked if one[2:] != question[2:]]:
            del asked[old]
        asked[question] = _for_several(_looked_up(slug, wanted))
    return await asyncio.shield(asked[question])


def _for_several(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """The work under way, for all who wait for it; if they have left when it fails, nobody has to hear of that."""
    task = asyncio.create_task(work)
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    return task


async def _looked_up(slug: str, wanted: Range) -> Listed:
    now, page = clock.now(), await scheduling_page_of(slug)
    if page is None:
        return Listed(None, now)
    days = await slots_between(
        page,
        start=wanted.start,
        end=wanted.end,
        duration_minutes=wanted.duration_minutes,
        viewer_tz=wanted.viewer_tz or page.tz,
    )
    slots = {slot.starts_at: slot for day in days for slot in day.slots}
    return Listed(slots, min(await _turning_points(page, slots, now)))


async def _turning_points(page: SchedulingPage, slots: Mapping[datetime, Slot], now: datetime) -> list[datetime]:
    """When the first slot becomes too soon, when a hold ends, when the page's day does."""
    notice = timedelta(minutes=page.link.notice_minutes)
    tomorrow = now.astimezone(ZoneInfo(page.tz)).date() + timedelta(days=1)
    found = [now + timedelta(seconds=LONGEST_SECONDS)]
    found += [start - notice + timedelta(seconds=1) for start in list(slots)[:1]]
    found.append(datetime.combine(tomorrow, time(), ZoneInfo(page.tz)))
    held_until = await _held_until(page, now)
    if held_until is not None:
        found.append(held_until)
    return found


async def _held_until(page: SchedulingPage, now: datetime) -> datetime | None:
    if not page.hosts:
        return None
    hosts = [host.id for host in page.hosts]
    row = await database.fetch_one(_HELD_UNTIL.format(hosts=placeholders(hosts, after=1)), int(now.timestamp()), *hosts)
    return now + timedelta(seconds=int(row[0]) - int(now.timestamp())) if row and row[0] is not None else None


async def _until_changed(tail: Tail, version: int, due: datetime) -> int:
    """Returns the version of the account's data when it is no longer the given one, or when `due` has come; not before
    the pause is over."""
    earliest = monotonic() + PAUSE_SECONDS
    while True:
        heard = tail.rings
        await tail.look(heard)
        current = await _version_at(tail, heard)
        if current != version or clock.now() >= due:
            await asyncio.sleep(max(0.0, earliest - monotonic()))
            return current
        with suppress(TimeoutError):
            async with asyncio.timeout((due - clock.now()).total_seconds()):
                await tail.wait(heard)


async def _version_at(tail: Tail, ring: int) -> int:
    """The version of the account's data as it was after that ring. Those whom the same ring woke share the asking."""
    last, asking = _versions.get(tail, (-1, None))
    if asking is None or last < ring or (asking.done() and asking.exception() is not None):
        asking = _for_several(data_version(tail.account_id))
        _versions[tail] = ring, asking
    return await asyncio.shield(asking)


def _difference(known: Mapping[datetime, Slot], found: Mapping[datetime, Slot]) -> SlotChange:
    return SlotChange(
        added=tuple(slot for start, slot in found.items() if known.get(start) != slot),
        removed=tuple(slot for start, slot in known.items() if found.get(start) != slot),
    )
