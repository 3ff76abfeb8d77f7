"""Answers that are given again for as long as nothing that they show can have changed.

An answer belongs to one viewer with their rights, one operation and its variables, and to a moment: the data version of
the account, which every transaction raises that changes what a screen shows, and the quarter of an hour. In every zone
midnight falls on a quarter, so that no list of today's outlives its day."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, Generic, NamedTuple, TypeVar

import orjson

from server import clock, metrics
from server.accounts.viewer import Viewer
from server.changes.data_version import data_version
from server.web.graphql.executor import Answer

T = TypeVar("T")

MOST_BYTES = 32 * 1024 * 1024
MOST_BYTES_EACH = 256 * 1024
MOST_BYTES_ASKED = 4 * 1024
# What an entry takes besides its body and that in gzip: key, viewer, variables.
_ENTRY_BYTES = 2 * 1024
_QUARTER_SECONDS = 900
FOUND, MADE = (metrics.KEPT_ANSWERS.labels(result) for result in ("found", "made"))

KEPT_FIELDS = frozenset(
    {
        "account",
        "contact",
        "contacts",
        "meeting",
        "meetingLink",
        "meetingLinks",
        "meetingReport",
        "meetingTypes",
        "meetings",
        "objectTypes",
        "outcomes",
        "record",
        "records",
        "rotation",
        "rotations",
        "timeline",
        "todayMeetings",
        "user",
        "users",
        "viewer",
    }
)
"""Root fields that show nothing but the viewer and rows whose every change raises the data version. Not among them:
slots, which pass with time; sessions and tokens; the log itself; whatever visitors ask."""


class Moment(NamedTuple):
    """What the data are at, and the time as far as it matters."""

    version: int
    quarter: int


async def moment_of(account_id: int, version: int | None) -> Moment:
    """The present moment of an account; `version` where it was read for this very request. To be asked before the rows
    are read: then what is kept may be newer than its moment, and never older."""
    quarter = quarter_now()
    return Moment(await data_version(account_id) if version is None else version, quarter)


def quarter_now() -> int:
    """The number of the present quarter of an hour."""
    return clock.now_epoch() // _QUARTER_SECONDS


class Shelf(Generic[T]):
    """At most so many bytes of things. Those not asked for in a long time go first."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._things: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable) -> T | None:
        """The thing under the key."""
        found = self._things.get(key)
        if found is None:
            return None
        self._things.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, thing: T, weight: int) -> None:
        """The thing, of so many bytes, is under the key; an older one is forgotten."""
        self._drop(key)
        self._things[key] = thing, weight
        self._bytes += weight
        while self._bytes > self._most:
            self._drop(next(iter(self._things)))

    def _drop(self, key: Hashable) -> None:
        self._bytes -= self._things.pop(key, (None, 0))[1]


class KeptAnswers:
    """The answers of this process."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._shelf: Shelf[Answer] = Shelf(most_bytes)

    def found(self, key: Hashable, moment: Moment) -> Answer | None:
        """The answer, if it was made at this very moment."""
        kept = self._shelf.get(key)
        return kept if kept is not None and kept.holds_at == moment else None

    def keep(self, key: Hashable, moment: Moment, body: bytes) -> Answer:
        """The answer, given again at this moment if there is room for it; an older one under the key is forgotten."""
        if len(body) > MOST_BYTES_EACH or quarter_now() != moment.quarter:
            return Answer(body)
        answer = Answer(body, holds_at=moment)
        # The gzip is made when somebody takes it; it is never much longer than what it packs.
        self._shelf.put(key, answer, 2 * len(body) + _ENTRY_BYTES)
        return answer


class Parts:
    """Entries of answers that nothing in a request can vary, for one viewer at one moment: whoever asks for another day
    sees themselves and the outcomes as before."""

    def __init__(self, kept: KeptAnswers, viewer: Viewer, moment: Moment) -> None:
        self._kept, self._viewer, self._moment = kept, viewer, moment

    async def entry(self, door: Hashable, make: Callable[[], Awaitable[Any]]) -> orjson.Fragment:
        """What the door answers, as JSON; made where it is not known."""
        key = (door, self._viewer)
        found = self._kept.found(key, self._moment)
        if found is None:
            found = self._kept.keep(key, self._moment, orjson.dumps(await make()))
        return orjson.Fragment(found.body)
