"""Answers that are given again for as long as nothing that they show can have changed.

An answer belongs to one viewer with their rights, one operation and its variables, and to a moment: the data version of
the account, which every transaction raises that changes what a screen shows, and the quarter of an hour. In every zone
midnight falls on a quarter, so that no list of today's outlives its day."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import NamedTuple

from server import clock
from server.changes.data_version import data_version

MOST_BYTES = 32 * 1024 * 1024
MOST_BYTES_EACH = 256 * 1024
MOST_BYTES_ASKED = 4 * 1024
# What an entry takes besides its body: key, viewer, variables.
_ENTRY_BYTES = 2 * 1024
_QUARTER_SECONDS = 900

KEPT_FIELDS = frozenset(
    {
        "contact",
        "contacts",
        "meeting",
        "meetingLink",
        "meetingLinks",
        "meetingTypes",
        "meetings",
        "outcomes",
        "record",
        "records",
        "rotation",
        "rotations",
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


async def moment_of(account_id: int) -> Moment:
    """The present moment of an account. To be asked before the rows are read: then what is kept may be newer than its
    moment, and never older."""
    quarter = quarter_now()
    return Moment(await data_version(account_id), quarter)


def quarter_now() -> int:
    """The number of the present quarter of an hour."""
    return clock.now_epoch() // _QUARTER_SECONDS


class KeptAnswers:
    """At most so many bytes of answers, in this process. Those not asked for in a long time go first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[Hashable, tuple[Moment, bytes]] = OrderedDict()
        self._bytes = 0

    def found(self, key: Hashable, moment: Moment) -> bytes | None:
        """The answer, if it was made at this very moment."""
        kept = self._kept.get(key)
        if kept is None or kept[0] != moment:
            return None
        self._kept.move_to_end(key)
        return kept[1]

    def keep(self, key: Hashable, moment: Moment, body: bytes) -> None:
        """The answer is given again at this moment; an older one under the key is forgotten."""
        if len(body) > MOST_BYTES_EACH or quarter_now() != moment.quarter:
            return
        self._drop(key)
        self._kept[key] = moment, body
        self._bytes += len(body) + _ENTRY_BYTES
        while self._bytes > self._most:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: Hashable) -> None:
        dropped = self._kept.pop(key, None)
        if dropped is not None:
            self._bytes -= len(dropped[1]) + _ENTRY_BYTES
