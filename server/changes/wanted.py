"""Which changes somebody follows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server import database
from server.models import Change
from server.models.enums import ChangeKind

LEFT_HOST = "previous_host_id"
"""What a change says of the host from whom it took the meeting."""

_SUBJECT = database.Lookup("SELECT id, host_id, link_id FROM meeting WHERE id = ANY($1)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The changes of these kinds in the account's log; of one host's or one link's meetings only, if either is named.
    Host and link are those that the meeting has when it is asked. A change that took the meeting from a host is that
    host's too, who would not hear that it is gone."""

    account_id: int
    kinds: frozenset[ChangeKind]
    host_id: int | None = None
    link_id: int | None = None

    async def among(self, changes: Iterable[Change]) -> list[Change]:
        """Those of the changes that are wanted, in their order."""
        found = [change for change in changes if change.kind in self.kinds]
        if not found or (self.host_id is None and self.link_id is None):
            return found
        subjects = await asyncio.gather(*(_subject(change) for change in found))
        return [one for one, subject in zip(found, subjects, strict=True) if subject and self._concerns(one, subject)]

    def _concerns(self, change: Change, subject: Sequence[int | None]) -> bool:
        _, host_id, link_id = subject
        return self.host_id in (None, host_id, change.data.get(LEFT_HOST)) and self.link_id in (None, link_id)


async def _subject(change: Change) -> Sequence[int | None] | None:
    return None if change.meeting_id is None else await _SUBJECT.row(change.meeting_id)
