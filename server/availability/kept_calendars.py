"""The entries of hosts' calendars, merged, kept in this process for as long as the account's data have one version.

They are nearly all that a list of slots reads, and the same for everybody who looks. Meetings, holds and what passes
with the clock are never kept; and whoever is inside a transaction, as every booking is, reads anew."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from server.availability.intervals import Edges
from server.database.connection import Client, client

MOST_SPANS = 250_000
"""Some 20 MB; at least as many hosts as fit are kept, whoever was not asked for in a long time goes first."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What takes one host between `first` and `last` (epoch seconds), as it was at a version of the account's data."""

    version: int
    first: int
    last: int
    spans: Edges


class KeptCalendars:
    """At most so many spans of so many hosts."""

    def __init__(self, most_spans: int = MOST_SPANS) -> None:
        self._most = most_spans
        self._kept: OrderedDict[int, Kept] = OrderedDict()
        self._spans = 0

    def found(self, host_ids: Iterable[int], *, version: int, first: int, last: int) -> dict[int, Edges]:
        """Those of the hosts whose time between these instants is known at this version, and what takes it; there may
        be more, before and after."""
        known: dict[int, Edges] = {}
        for host_id in host_ids:
            kept = self._kept.get(host_id)
            if kept is not None and kept.version == version and kept.first <= first and last <= kept.last:
                self._kept.move_to_end(host_id)
                known[host_id] = kept.spans
        return known

    def keep(self, host_id: int, kept: Kept) -> None:
        """The host's entries are these, whatever was known before."""
        self._forget(host_id)
        self._kept[host_id] = kept
        self._spans += len(kept.spans[0])
        while self._spans > self._most:
            self._forget(next(iter(self._kept)))

    def _forget(self, host_id: int) -> None:
        before = self._kept.pop(host_id, None)
        self._spans -= len(before.spans[0]) if before is not None else 0


def kept_calendars() -> KeptCalendars:
    """What is kept of the database to which this process is connected; nothing outlives the connection."""
    return _of_connection.setdefault(client(), KeptCalendars())


_of_connection: WeakKeyDictionary[Client, KeptCalendars] = WeakKeyDictionary()
