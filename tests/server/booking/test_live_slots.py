"""Whoever follows a list hears what changed of it, and nothing else."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Any

import pytest

from server.booking import live_slots
from server.booking.book import book
from server.booking.cancel import cancel
from server.booking.hold import hold_slot, release_hold
from server.booking.live_slots import Range, SlotChange, slot_changes
from server.booking.reschedule import reschedule
from server.booking.slots import DaySlots, Slot, slots_between
from server.changes import wakeups
from server.changes.data_version import data_version
from server.errors import ErrorCode, Refused
from server.models import MeetingLink
from tests.factories import a_link, a_user
from tests.races.processes import race
from tests.server.booking.scene import NOW, a_booking, a_host_with_a_link, at, monday

MONDAY = Range(date(2026, 11, 23), date(2026, 11, 23))
PATIENCE = 15


@pytest.fixture
async def listening(db: str) -> AsyncIterator[None]:
    """The process hears of other processes' changes, as a server does."""
    await wakeups.start()
    yield
    await wakeups.stop()


class Follower:
    """Listens to a page in a task of its own, from a moment on at which the list is known."""

    def __init__(self, slug: str, wanted: Range = MONDAY) -> None:
        self.heard: asyncio.Queue[SlotChange | None] = asyncio.Queue()
        self.task = asyncio.create_task(self._listen(slug, wanted))

    async def _listen(self, slug: str, wanted: Range) -> None:
        async with aclosing(slot_changes(slug, wanted)) as changes:
            async for change in changes:
                self.heard.put_nowait(change)
        self.heard.put_nowait(None)

    async def next(self) -> SlotChange | None:
        async with asyncio.timeout(PATIENCE):
            return await self.heard.get()

    async def __aenter__(self) -> Follower:
        await asyncio.sleep(0.3)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


def half_hours(*starts: datetime) -> tuple[Slot, ...]:
    return tuple(Slot(start, start + timedelta(minutes=30)) for start in starts)


async def test_a_booking_a_move_and_a_cancellation_are_heard(db: str, listening: None) -> None:
    _, _, link = await a_host_with_a_link(increment_minutes=30)
    with at():
        async with Follower(link.slug) as follower:
            booked = await book(a_booking(link, monday(9)))
            gone = await follower.next()
            await reschedule(booked.manage_token, starts_at=monday(11))
            moved = await follower.next()
            await cancel(booked.manage_token)
            back = await follower.next()
    assert gone == SlotChange(added=(), removed=half_hours(monday(9)))
    assert moved == SlotChange(added=half_hours(monday(9)), removed=half_hours(monday(11)))
    assert back == SlotChange(added=half_hours(monday(11)), removed=())


async def test_a_hold_is_heard_and_its_release_and_its_end_by_the_clock(db: str, listening: None) -> None:
    _, _, link = await a_host_with_a_link(increment_minutes=30)
    with at():
        async with Follower(link.slug) as follower:
            held = await hold_slot(link.slug, monday(9))
            assert await follower.next() == SlotChange(added=(), removed=half_hours(monday(9)))
            await release_hold(held.token)
            assert await follower.next() == SlotChange(added=half_hours(monday(9)), removed=())
            await hold_slot(link.slug, monday(10), kept_for=timedelta(seconds=3))
            assert await follower.next() == SlotChange(added=(), removed=half_hours(monday(10)))
            assert await follower.next() == SlotChange(added=half_hours(monday(10)), removed=())


async def test_what_becomes_too_soon_is_heard_by_the_clock(db: str, listening: None) -> None:
    _, _, link = await a_host_with_a_link(increment_minutes=30, notice_minutes=60)
    with at(monday(8) - timedelta(seconds=2)):
        async with Follower(link.slug) as follower:
            assert await follower.next() == SlotChange(added=(), removed=half_hours(monday(9)))


async def test_many_changes_at_once_are_told_together_and_at_most_once_a_second(db: str, listening: None) -> None:
    _, _, link = await a_host_with_a_link(increment_minutes=30)
    with at():
        async with Follower(link.slug) as follower:
            began = monotonic()
            for number, hour in enumerate((8, 9, 10, 11)):
                await book(a_booking(link, monday(hour), email=f"v{number}@client.example"))
            heard: list[Slot] = []
            messages = 0
            while len(heard) < 4:
                change = await follower.next()
                assert change is not None
                heard += change.removed
                messages += 1
    assert tuple(heard) == half_hours(monday(8), monday(9), monday(10), monday(11))
    assert messages <= 2 + (monotonic() - began) / live_slots.PAUSE_SECONDS


async def test_what_happens_on_other_pages_and_days_is_not_heard(db: str, listening: None) -> None:
    account, _, link = await a_host_with_a_link(increment_minutes=30)
    other = await a_link(await a_user(account, "Piotr Zima"), increment_minutes=30)
    with at():
        async with Follower(link.slug) as follower:
            await book(a_booking(other, monday(9)))
            await book(a_booking(link, monday(9) + timedelta(days=1)))
            await asyncio.sleep(1.5)
            await book(a_booking(link, monday(10)))
            assert await follower.next() == SlotChange(added=(), removed=half_hours(monday(10)))


async def test_a_page_that_is_taken_away_loses_its_slots_and_the_stream_ends(db: str, listening: None) -> None:
    account, _, link = await a_host_with_a_link(increment_minutes=240)
    with at():
        async with Follower(link.slug) as follower:
            await MeetingLink.filter(id=link.id).update(retired_at=NOW)
            await hold_slot((await a_link(await a_user(account, "Piotr Zima"))).slug, monday(9))
            assert await follower.next() == SlotChange(added=(), removed=half_hours(monday(11), monday(15)))
            assert await follower.next() is None


async def test_what_another_process_does_is_heard(db: str, listening: None) -> None:
    _, _, link = await a_host_with_a_link(increment_minutes=30)
    hold = {"act": "hold", "slug": link.slug, "starts_at": monday(9).isoformat()}
    with at():
        async with Follower(link.slug) as follower:
            assert await race([hold, hold]) in (["held", "SLOT_TAKEN"], ["SLOT_TAKEN", "held"])
            assert await follower.next() == SlotChange(added=(), removed=half_hours(monday(9)))


async def test_those_who_follow_the_same_list_share_the_looking(
    db: str, listening: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, link = await a_host_with_a_link(increment_minutes=30)
    looked: list[object] = []
    asked_for_version: list[int] = []

    async def noted(*given: Any, **asked: Any) -> list[DaySlots]:
        looked.append(asked)
        return await slots_between(*given, **asked)

    async def noted_version(account_id: int) -> int:
        asked_for_version.append(account_id)
        return await data_version(account_id)

    monkeypatch.setattr(live_slots, "slots_between", noted)
    monkeypatch.setattr(live_slots, "data_version", noted_version)
    with at():
        async with AsyncExitStack() as stack:
            followers = [Follower(link.slug) for _ in range(30)]
            for one in followers:
                stack.push_async_exit(one)
            while len(asked_for_version) < len(followers):  # noqa: ASYNC110  nobody tells when somebody begins
                await asyncio.sleep(0.05)
            await asyncio.sleep(1)
            looked.clear()
            asked_for_version.clear()
            began = monotonic()
            await book(a_booking(link, monday(9)))
            told = [await follower.next() for follower in followers]
            polls = monotonic() - began
    assert told == [SlotChange(added=(), removed=half_hours(monday(9)))] * 30
    # One for each ring, of which a poll adds one a second; not one for each follower.
    assert (len(looked) <= 4 + polls, len(asked_for_version) <= 10 + 2 * polls) == (True, True)


async def test_what_fails_for_those_who_left_already_is_no_error_of_the_server(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    said: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: said.append(context))
    too_long = Range(MONDAY.start, MONDAY.end + timedelta(days=100))
    following = asyncio.ensure_future(anext(slot_changes(link.slug, too_long)))
    async with asyncio.timeout(PATIENCE):
        looking: list[asyncio.Task[Any]] = []
        while not looking:
            await asyncio.sleep(0)
            looking = [one for one in asyncio.all_tasks() if "_looked_up" in repr(one)]
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    await asyncio.wait(looking)
    del looking, following
    gc.collect()
    assert said == []


async def test_what_cannot_be_followed_is_refused_before_anything_is_sent(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    codes = []
    for slug, wanted in (("nobody", MONDAY), (link.slug, Range(MONDAY.start, MONDAY.start - timedelta(days=1)))):
        with pytest.raises(Refused) as caught:
            await anext(slot_changes(slug, wanted))
        codes += [one.code for one in caught.value.complaints]
    assert codes == [ErrorCode.LINK_NOT_FOUND, ErrorCode.TIME_RANGE_INVALID]


async def test_a_hold_raises_the_version_of_the_accounts_data_and_adds_no_fact(db: str) -> None:
    account, _, link = await a_host_with_a_link()
    with at():
        held = await hold_slot(link.slug, monday(9))
        assert await data_version(account.id) == 1
        await release_hold(held.token)
        assert await data_version(account.id) == 2
    await account.refresh_from_db()
    assert account.last_change_number == 0
