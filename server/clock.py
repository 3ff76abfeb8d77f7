"""What time it is: the one place that asks, so that tests can travel."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_offset: ContextVar[timedelta] = ContextVar("clock_offset", default=timedelta())
_process_offset = timedelta()


def now() -> datetime:
    """The present instant in UTC, in whole seconds, because that is what every table and every answer holds."""
    return (datetime.now(UTC) + _process_offset + _offset.get()).replace(microsecond=0)


def now_epoch() -> int:
    """The present instant as seconds since 1970."""
    away = _offset.get()
    if not away and not _process_offset:
        # Asked with every request; nearly always the time is the machine's.
        return int(time.time())
    return math.floor(time.time() + (_process_offset + away).total_seconds())


def in_seconds(seconds: float) -> datetime:
    """The first instant that a row can hold and that is no less than `seconds` away: a pause never comes out shorter
    because the present second has begun already."""
    exact = datetime.now(UTC) + _process_offset + _offset.get() + timedelta(seconds=seconds)
    whole = exact.replace(microsecond=0)
    return whole if whole == exact else whole + timedelta(seconds=1)


def written(instant: datetime) -> str:
    """The instant as programs read it: RFC 3339 in UTC, whole seconds, `Z`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def set_process_time(instant: datetime) -> None:
    """The whole process lives at `instant` from here on; time goes on from there (`parley demo --at`)."""
    global _process_offset
    _process_offset = instant - datetime.now(UTC)


@contextmanager
def travel(to: datetime) -> Iterator[None]:
    """Inside the block `now()` starts at `to` and goes on from there, for this task and those it starts."""
    token = _offset.set(to - datetime.now(UTC) - _process_offset)
    try:
        yield
    finally:
        _offset.reset(token)
