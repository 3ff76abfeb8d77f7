"""Who runs an operation. The reference executor is strawberry's, on graphql-core; another may stand in front of it."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Hashable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import cached_property
from inspect import isawaitable
from typing import Any, Protocol, cast

import orjson
import strawberry
from graphql import ExecutionResult, GraphQLError, OperationDefinitionNode, create_source_event_stream, execute

from schema.context import Context
from server.changes.wanted import Wanted
from server.web.graphql.begun import Begun
from server.web.graphql.documents import Document
from server.web.graphql.errors import as_graphql_error, error_list


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a known document, chosen by name, with its variables."""

    document: Document
    node: OperationDefinitionNode
    variables: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """`query`, `mutation` or `subscription`."""
        return self.node.operation.value

    @property
    def name(self) -> str | None:
        return self.node.name.value if self.node.name else None


@dataclass(eq=False)
class Answer:
    """The GraphQL response as JSON. `was_run` is False when it holds errors and no data: nothing was executed.
    `holds_at` is the moment of the account's data at which it may be given again.

    What is made of the bytes is made once, however often the same answer is given."""

    body: bytes
    was_run: bool = True
    has_errors: bool = False
    holds_at: Any = None

    def with_extension(self, name: str, value: object) -> Answer:
        """The same answer with an entry in `extensions`."""
        said = orjson.loads(self.body)
        said.setdefault("extensions", {})[name] = value
        return Answer(orjson.dumps(said), self.was_run, self.has_errors)

    @cached_property
    def zipped(self) -> bytes:
        """The body in gzip."""
        return gzip.compress(self.body, compresslevel=1, mtime=0)

    @cached_property
    def tag(self) -> str:
        """The body's ETag; weak, because it is the same for every encoding of it."""
        return f'W/"{hashlib.sha256(self.body).hexdigest()[:32]}"'


@dataclass(frozen=True, slots=True)
class Followed:
    """A subscription to the change log that may be shared: with everyone of the same `key` the answers are the same.
    `after` is the number after which this one begins, None for now; `answers` tells changes by their numbers, None for
    one that is gone."""

    key: Hashable
    wanted: Wanted
    after: int | None
    answers: Callable[[Sequence[int]], Awaitable[list[Answer | None]]]


class StreamEnded(Exception):
    """A subscription ended with errors; `errors` is what the client is told."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors


class Executor(Protocol):
    """Whatever can run operations; the transports know no more of it than this."""

    async def answer(self, operation: Operation, context: Context) -> Answer:
        """The response to a query or a mutation."""

    def follow(self, operation: Operation, context: Callable[[], Context]) -> AsyncGenerator[Answer, None]:
        """One response for each change, in order. `StreamEnded` when it cannot begin or go on."""

    def followed(self, operation: Operation, context: Callable[[], Context]) -> Followed | None:
        """The subscription, if it is one to the change log and may begin. None: `follow` it, and be told there what is
        wrong, if anything is."""


class ReferenceExecutor:
    """graphql-core over strawberry's schema: slow, complete, and the measure of every other executor."""

    def __init__(self, schema: strawberry.Schema) -> None:
        # Documents are validated by the registry, so strawberry's own pipeline would only repeat work.
        self._schema = schema._schema
        self._executor_class = schema.execution_context_class

    async def answer(self, operation: Operation, context: Context, *middleware: Callable[..., Any]) -> Answer:
        """The response to a query or a mutation. A `middleware` stands before every resolver."""
        return answer_of(await self._run(operation, context, None, *middleware))

    async def follow(self, operation: Operation, context: Callable[[], Context]) -> AsyncGenerator[Answer, None]:
        """One response for each change, in order; each is executed with a context of its own, so no read is stale."""
        source = await self._source(operation, context())
        async with aclosing(cast("Any", source)) as changes:
            iterator = aiter(changes)
            while True:
                try:
                    change = await anext(iterator)
                except StopAsyncIteration:
                    return
                except Exception as error:
                    raise _ended(as_graphql_error(error)) from error
                yield await self.told(operation, context(), change)

    def followed(self, operation: Operation, context: Callable[[], Context]) -> Followed | None:
        """None: each subscription is executed by itself."""
        return None

    async def told(self, operation: Operation, context: Context, change: object) -> Answer:
        """The response to one change of a subscription."""
        return answer_of(await self._run(operation, context, change))

    async def _run(
        self, operation: Operation, context: Context, root: object, *middleware: Callable[..., Any]
    ) -> ExecutionResult:
        begun = Begun()
        result = execute(
            self._schema,
            operation.document.node,
            root_value=root,
            context_value=context,
            variable_values=dict(operation.variables),
            operation_name=operation.name,
            middleware=middleware or None,
            executor_class=self._executor_class,
            is_awaitable=begun,  # type: ignore[arg-type]  # it narrows, and is typed as a plain bool
            hide_suggestions=not context.may_introspect,
            operation_extensions=None,
        )
        try:
            return await result if isawaitable(result) else result
        finally:
            begun.close()

    async def _source(self, operation: Operation, context: Context) -> AsyncIterable[Any]:
        prepared = self._executor_class.build(
            self._schema,
            operation.document.node,
            context_value=context,
            raw_variable_values=dict(operation.variables),
            operation_name=operation.name,
            hide_suggestions=not context.may_introspect,
            operation_extensions=None,
        )
        if isinstance(prepared, list):
            raise _ended(*prepared)
        source = create_source_event_stream(prepared)
        source = await source if isawaitable(source) else source
        if isinstance(source, ExecutionResult):
            raise _ended(*(source.errors or ()))
        return source


def answer_of(result: ExecutionResult) -> Answer:
    """A result of graphql-core as the bytes that leave the house."""
    if not result.errors:
        return Answer(orjson.dumps({"data": result.data}))
    said: dict[str, Any] = {"errors": error_list(result.errors)}
    # A result without data and without a path in any error is a refusal before execution: no `data` entry then.
    was_run = result.data is not None or any(one.path for one in result.errors)
    if was_run:
        said["data"] = result.data
    return Answer(orjson.dumps(said), was_run, has_errors=True)


def _ended(*errors: GraphQLError) -> StreamEnded:
    return StreamEnded(error_list(errors))
