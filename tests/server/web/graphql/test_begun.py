"""A question that fails half-way leaves nothing behind that Python would complain of (pytest makes that an error)."""

from __future__ import annotations

import asyncio
import gc
import warnings

import strawberry

from schema.context import context_for
from server import settings
from server.web.graphql.asking import Asked
from server.web.graphql.documents import Documents
from server.web.graphql.executor import Operation, ReferenceExecutor


@strawberry.type
class Leaf:
    @strawberry.field
    async def slow(self) -> int:
        await asyncio.sleep(0.01)
        return 1

    @strawberry.field
    async def broken(self) -> int:
        raise RuntimeError("no")


@strawberry.type
class Query:
    @strawberry.field
    async def leaves(self) -> list[Leaf]:
        return [Leaf(), Leaf()]

    @strawberry.field
    def each_slowly(self) -> list[Leaf]:
        return [soon(Leaf()), soon(Leaf())]  # type: ignore[list-item]  # graphql-core takes them, as it does from node()

    @strawberry.field
    async def fails(self) -> int:
        raise RuntimeError("no")

    @strawberry.field
    def fails_at_once(self) -> int:
        raise RuntimeError("no")


async def soon(leaf: Leaf) -> Leaf:
    return leaf


schema = strawberry.Schema(query=Query)
QUESTIONS = (
    "{ fails leaves { slow broken } }",
    "{ leaves { slow broken a: slow } b: leaves { slow } fails }",
    "{ leaves { broken } a: leaves { slow broken } }",
    "{ eachSlowly { slow } failsAtOnce }",
    "{ eachSlowly { slow } fails }",
)


async def test_nothing_that_was_begun_is_left_unawaited() -> None:
    own = settings.read(demo=True)
    executor = ReferenceExecutor(schema)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for text in QUESTIONS:
            document = Documents(schema._schema, own).asked_for(Asked(text))
            operation = Operation(document, document.operation(None), {})
            answer = await executor.answer(operation, context_for(None))
            assert answer.has_errors
        gc.collect()
        await asyncio.sleep(0.05)
        gc.collect()
    assert [str(one.message) for one in told] == []


async def test_a_question_that_is_given_up_leaves_nothing_either() -> None:
    own = settings.read(demo=True)
    document = Documents(schema._schema, own).asked_for(Asked("{ leaves { slow a: slow } }"))
    operation = Operation(document, document.operation(None), {})
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        asking = asyncio.create_task(ReferenceExecutor(schema).answer(operation, context_for(None)))
        await asyncio.sleep(0.003)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        gc.collect()
    assert [str(one.message) for one in told] == []
