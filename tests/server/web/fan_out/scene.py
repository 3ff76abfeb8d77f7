"""An account whose meetings are booked and changed, and people who follow that."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from resolvers.root import schema
from server import database, settings
from server.accounts.viewer import Viewer
from server.changes.log import record_change
from server.models import Meeting
from server.models.enums import ChangeKind
from server.web.graphql.asking import Asked
from server.web.graphql.caller import Caller
from server.web.graphql.executor import StreamEnded
from server.web.graphql.operations import Operations

STARTS = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
BOOKED = "subscription ($after: String) { meetingBooked(after: $after) { cursor meeting { id title host { name } } } }"


def operations() -> Operations:
    """What stands behind every transport, over the whole schema."""
    return Operations(schema, settings.current())


async def changed(meeting: Meeting, count: int = 1, kind: ChangeKind = ChangeKind.MEETING_BOOKED) -> list[int]:
    """So many changes of the meeting, each committed by itself; their numbers."""
    numbers = []
    for _ in range(count):
        async with database.transaction():
            given: dict[str, Any] = {"account_id": meeting.account_id, "meeting_id": meeting.id, "actor": "visitor"}
            numbers.append(await record_change(kind, **given))
    return numbers


class Listener:
    """Somebody who follows a subscription, and what they have heard so far."""

    def __init__(self, operations: Operations, viewer: Viewer, document: str = BOOKED, **variables: Any) -> None:
        self.heard: list[bytes] = []
        self.ended: list[dict[str, Any]] | None = None
        self._operations = operations
        self._caller = Caller(viewer, "", "en", "")
        self._asked = Asked(document, variables=variables)
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        prepared = self._operations.prepared(self._asked, self._caller)
        try:
            async with aclosing(self._operations.follow(prepared, self._caller)) as answers:
                async for answer in answers:
                    self.heard.append(answer.body)
        except StreamEnded as ended:
            self.ended = ended.errors

    async def has_heard(self, count: int, *, within: float = 20) -> list[Any]:
        """What was told, as soon as it is so many changes: the entry of the root field each."""
        async with asyncio.timeout(within):
            while len(self.heard) < count:  # noqa: ASYNC110  # whatever is told arrives in a list
                await asyncio.sleep(0.01)
        return [next(iter(orjson.loads(one)["data"].values())) for one in self.heard]

    async def has_ended(self) -> list[str]:
        """The codes with which it ended."""
        async with asyncio.timeout(20):
            await self._task
        return [one["extensions"]["code"] for one in self.ended or []]

    async def leave(self) -> None:
        """They are gone."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


@contextmanager
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The SQL that is read by inside the block, except what a log is polled with."""
    sent: list[str] = []
    reader = type(database.statements.connection.client())
    read = reader.read

    async def noted(self: Any, sql: str, parameters: Any) -> Any:
        if "last_change_number, data_version" not in sql:
            sent.append(sql)
        return await read(self, sql, parameters)

    with monkeypatch.context() as patch:
        patch.setattr(reader, "read", noted)
        yield sent
