"""Asking both executors the same thing."""

from __future__ import annotations

from typing import Any

import orjson

from resolvers.root import schema
from schema.context import context_for
from server import settings
from server.accounts.viewer import Viewer
from server.web.fastpath.executor import FastExecutor
from server.web.graphql.asking import Asked
from server.web.graphql.documents import Documents
from server.web.graphql.executor import Operation, ReferenceExecutor


def operation_of(text: str, **variables: Any) -> Operation:
    """The operation of a document, ready to run."""
    document = Documents(schema._schema, settings.current()).asked_for(Asked(text), is_trusted=True)
    return Operation(document, document.operation(None), variables)


class Both:
    """The two executors over the real schema; what one keeps is of one database."""

    def __init__(self) -> None:
        self.fast = FastExecutor(schema)
        self.reference = ReferenceExecutor(schema)

    async def planned(self, text: str, viewer: Viewer | None, **variables: Any) -> Any:
        """What a plan answers, with no help from the reference executor."""
        body = await self.fast.body(operation_of(text, **variables), context_for(viewer), {})
        return orjson.loads(body)["data"]

    async def answers(self, text: str, viewer: Viewer | None, **variables: Any) -> tuple[bytes, bytes]:
        """What the executor in front answers, and the reference."""
        operation = operation_of(text, **variables)
        front = await self.fast.answer(operation, context_for(viewer))
        return front.body, (await self.reference.answer(operation, context_for(viewer))).body
