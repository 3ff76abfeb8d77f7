"""The newest part of each followed log, kept once per process and shared by everyone who follows it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from server.changes import reading
from server.models import Change

KEPT = 2_000
LONE_POLL_SECONDS = 1.0


class Tail:
    """The last changes of one account. However many follow, each ring causes one read of the log.

    `floor` and `latest` bound what is in memory: the changes with `floor < number <= latest`."""

    def __init__(self, account_id: int) -> None:
        self.account_id = account_id
        self.floor = 0
        self.latest = 0
        self.rings = 0
        self.followers = 0
        self.version: int | None = None
        self._recent: list[Change] = []
        self._is_fresh = False
        self._answered = 0
        self._looking = asyncio.Lock()
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """There may be more to read: everyone who waits wakes up."""
        self.rings += 1
        self._wake()

    async def look_now(self) -> None:
        """All that is committed at this moment is in memory. Waking the others is only worth it if that was news."""
        self.rings += 1
        await self.look(self.rings)

    async def look(self, ring: int) -> None:
        """What was committed before that ring is in memory; those who ask together share one read."""
        async with self._looking:
            while self._answered < ring:
                upto = self.rings
                await self._read_on()
                self._answered = upto

    def since(self, number: int) -> list[Change]:
        """The changes after `number`, which must not be below `floor`, in order."""
        return self._recent[number - self.floor :]

    async def wait(self, ring: int) -> None:
        """Returns at the first ring after that one, or after a second where nobody else asks the database."""
        if self.rings > ring:
            return
        try:
            async with asyncio.timeout(None if _others_ask else LONE_POLL_SECONDS):
                await self._rung.wait()
        except TimeoutError:
            if self.rings == ring:
                self.ring()

    def _wake(self) -> None:
        self._rung.set()
        self._rung = asyncio.Event()

    async def _read_on(self) -> None:
        if not self._is_fresh:
            self.floor = self.latest = await reading.latest_number(self.account_id)
            self._is_fresh = True
            return
        while rows := await reading.page(self.account_id, after=self.latest, limit=reading.SIZE):
            self._append(rows)
            if len(rows) < reading.SIZE:
                break

    def _append(self, rows: list[Change]) -> None:
        if rows[0].number != self.latest + 1:
            self._recent.clear()
            self.floor = rows[0].number - 1
        self._recent += rows
        self.latest = rows[-1].number
        self._wake()
        surplus = len(self._recent) - KEPT
        if surplus > 0:
            del self._recent[:surplus]
            self.floor += surplus


_tails: dict[int, Tail] = {}
_others_ask = False


@contextmanager
def open_tail(account_id: int) -> Iterator[Tail]:
    """The account's tail, kept in memory as long as anyone follows it."""
    tail = _tails.setdefault(account_id, Tail(account_id))
    tail.followers += 1
    try:
        yield tail
    finally:
        tail.followers -= 1
        if tail.followers == 0 and _tails.get(account_id) is tail:
            del _tails[account_id]


def ring(account_id: int) -> None:
    """Whoever follows this account in this process looks at its log again."""
    if account_id in _tails:
        _tails[account_id].ring()


def ring_all() -> None:
    """Everyone looks again: after a time without word from other processes."""
    for tail in _tails.values():
        tail.ring()


def seen_numbers() -> dict[int, int]:
    """For each account that is followed here, the number of the last change that was read."""
    return {account_id: tail.latest for account_id, tail in _tails.items()}


def is_new_version(account_id: int, version: int) -> bool:
    """Whether the data of an account that is followed here has another version than when this was last asked, which is
    so when it never was."""
    tail = _tails.get(account_id)
    if tail is None or tail.version == version:
        return False
    tail.version = version
    return True


def someone_else_asks(answer: bool) -> None:
    """Whether a poller rings for all tails; where none does, each tail asks once a second by itself."""
    global _others_ask
    _others_ask = answer
