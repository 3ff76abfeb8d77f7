import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from server import clock

THEN = datetime(2027, 2, 28, 23, 59, 58, tzinfo=UTC)


@pytest.fixture
def _process_at_then() -> Iterator[None]:
    clock.set_process_time(THEN)
    yield
    clock._process_offset = timedelta()


def test_now_is_in_utc_and_whole_seconds() -> None:
    now = clock.now()
    assert (now.tzinfo, now.microsecond) == (UTC, 0)
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=2)
    assert abs(clock.now_epoch() - now.timestamp()) <= 1


@pytest.mark.parametrize("seconds", [0.01, 1.5, 600])
def test_a_pause_is_never_shorter_than_asked_although_rows_hold_whole_seconds(seconds: float) -> None:
    for part in range(0, 1000, 50):
        begun = THEN + timedelta(milliseconds=part)
        with clock.travel(begun):
            ends = clock.in_seconds(seconds)
            is_tight = ends < begun + timedelta(seconds=seconds + 2)
        assert (ends.microsecond, ends >= begun + timedelta(seconds=seconds), is_tight) == (0, True, True)


def test_a_traveller_comes_back() -> None:
    with clock.travel(THEN):
        assert clock.now() == THEN
        with clock.travel(THEN + timedelta(days=1)):
            assert clock.now() == THEN + timedelta(days=1)
        assert clock.now() == THEN
    assert clock.now() < THEN


async def test_tasks_travel_with_whoever_started_them_and_no_others() -> None:
    async def told() -> datetime:
        return clock.now()

    before = asyncio.create_task(told())
    with clock.travel(THEN):
        inside = asyncio.create_task(told())
        assert await inside == THEN
    assert await before < THEN


@pytest.mark.usefixtures("_process_at_then")
def test_a_process_can_live_at_another_time_and_still_travel() -> None:
    assert clock.now() - THEN < timedelta(seconds=2)
    with clock.travel(THEN - timedelta(days=400)):
        assert clock.now() == THEN - timedelta(days=400)
    assert clock.now() >= THEN
