"""How changes of the log are told to those who subscribed to them: a statement for some of them, a completion each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from server.accounts.viewer import Viewer
from server.database.rows import Rows
from server.web.fastpath.completion import Complete
from server.web.fastpath.reader import PlannedReader


@dataclass(frozen=True, slots=True)
class Telling:
    """The plan of a subscription: under which key a change stands, what is read of it, how it is completed. `number` is
    where a row says which change it is; `asks_viewer` whether what is told depends on who is told."""

    key: str
    type_: type[Any]
    reader: PlannedReader
    complete: Complete
    number: int
    asks_viewer: bool

    async def rows(self, rows: Rows) -> dict[int, Sequence[Any]]:
        """The rows, by the numbers of their changes."""
        return {row[self.number]: row for row in await self.reader.many(self.type_, rows)}

    def body(self, row: Sequence[Any], viewer: Viewer | None) -> bytes:
        """The answer that tells the change of this row. An exception means that the reference executor has to."""
        return orjson.dumps({"data": {self.key: self.complete(row, viewer, ())}})
