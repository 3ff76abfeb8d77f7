"""A schema small enough to see every rule of the transports at work: what it answers is told by the question."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import strawberry

from schema.errors import ProblemCode, problem
from server import database


@dataclass
class Counters:
    """What happened inside, for tests to look at."""

    runs: int = 0
    open_streams: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)


counters = Counters()


@strawberry.type
class Step:
    number: int
    cursor: str


@strawberry.type
class Branch:
    name: str

    @strawberry.field
    def branches(self, first: int = 10) -> list[Branch]:
        return [Branch(name=str(number)) for number in range(first)]


@strawberry.type
class Query:
    @strawberry.field
    async def greeting(self, name: str = "you", times: int = 1) -> str:
        return f"Hello {name}. " * times

    @strawberry.field
    async def branch(self) -> Branch:
        return Branch(name="root")

    @strawberry.field
    async def broken(self) -> str:
        raise RuntimeError("the password is swordfish")

    @strawberry.field
    async def busy(self) -> str:
        raise database.TryAgain("database is locked")

    @strawberry.field
    async def slow(self) -> str:
        await asyncio.sleep(60)
        return "at last"

    @strawberry.field
    async def refused(self) -> str:
        raise problem(ProblemCode.FORBIDDEN, "That is not for you.")

    @strawberry.field
    async def whoami(self, info: strawberry.Info) -> str:
        viewer = info.context.viewer
        return viewer.actor if viewer else "visitor"


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def run(self) -> int:
        counters.runs += 1
        return counters.runs

    @strawberry.mutation
    async def sign_in(self) -> str:
        return "in"


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def steps(self, to: int = 3, after: str | None = None, pause: float = 0.0) -> AsyncIterator[Step]:
        counters.open_streams += 1
        try:
            for number in range(int(after or 0) + 1, to + 1):
                await asyncio.sleep(pause)
                yield Step(number=number, cursor=str(number))
        finally:
            counters.open_streams -= 1

    @strawberry.subscription
    async def falls(self, at: int = 1) -> AsyncIterator[int]:
        for number in range(at):
            yield number
        raise problem(ProblemCode.RESYNC_REQUIRED, "Fetch the state again.")

    @strawberry.subscription
    async def crashes(self) -> AsyncIterator[int]:
        yield 1
        raise RuntimeError("the password is swordfish")

    @strawberry.subscription
    async def falters(self) -> AsyncIterator[int]:
        yield 1
        raise database.TryAgain("database is locked")

    @strawberry.subscription
    async def never(self) -> AsyncIterator[int]:
        counters.open_streams += 1
        try:
            await asyncio.Event().wait()
            yield 1
        finally:
            counters.open_streams -= 1

    @strawberry.subscription
    async def large(self, count: int = 1000) -> AsyncIterator[str]:
        for _ in range(count):
            yield "x" * 10_000


schema = strawberry.Schema(query=Query, mutation=Mutation, subscription=Subscription)
