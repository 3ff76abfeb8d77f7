"""How a function becomes a root field: with its scope, and with what its room refuses told as it should be."""

import functools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, TypeVar, get_type_hints

import strawberry
from strawberry.types.field import StrawberryField

from resolvers.errors import KNOWN, as_problem, user_errors
from schema.access import NeedsScope, allow
from schema.answering import field_of, told
from server.accounts.scopes import Scope
from server.errors import Refused

R = TypeVar("R")
Door = Callable[..., Awaitable[R]]
Stream = Callable[..., AsyncIterator[R]]


def query(scope: Scope | str, about: str) -> Callable[[Door[R]], Any]:
    """The decorated function is a field of Query for callers with this scope."""

    def dress(door: Door[R]) -> StrawberryField:
        @functools.wraps(door)
        async def guarded(**arguments: Any) -> R:
            allow(arguments["info"].context, scope)
            return await door(**arguments)

        return field_of(told(guarded), about, directives=[NeedsScope(requires=scope)])

    return dress


def mutation(scope: Scope | str, about: str) -> Callable[[Door[R]], Any]:
    """The decorated function is a field of Mutation; where its verb refuses, its payload tells the complaints."""

    def dress(door: Door[R]) -> StrawberryField:
        payload: type[Any] = get_type_hints(door)["return"]

        @functools.wraps(door)
        async def guarded(**arguments: Any) -> Any:
            allow(arguments["info"].context, scope)
            try:
                return await door(**arguments)
            except Refused as refused:
                return payload(user_errors=user_errors(refused))
            except KNOWN as error:
                raise as_problem(error) from error

        return field_of(guarded, about, make=strawberry.mutation, directives=[NeedsScope(requires=scope)])

    return dress


def subscription(scope: Scope | str, about: str) -> Callable[[Stream[R]], Any]:
    """The decorated generator is a field of Subscription; a caller without the scope is refused before it begins."""

    def dress(door: Stream[R]) -> StrawberryField:
        @functools.wraps(door)
        async def guarded(**arguments: Any) -> AsyncIterator[R]:
            allow(arguments["info"].context, scope)
            return told_as_problems(door(**arguments))

        return field_of(guarded, about, make=strawberry.subscription, directives=[NeedsScope(requires=scope)])

    return dress


async def told_as_problems(stream: Any) -> AsyncIterator[Any]:
    """The stream, with what a room refuses on the way as an error that has a code."""
    async with aclosing(stream) as changes:
        try:
            async for change in changes:
                yield change
        except KNOWN as error:
            raise as_problem(error) from error
