"""Fields that a function answers, in the one form that they have here."""

import functools
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import strawberry
from strawberry.types.field import StrawberryField
from strawberry.types.unset import UNSET

from schema.errors import KNOWN, as_problem

R = TypeVar("R")


def answered(about: str) -> Callable[[Callable[..., Awaitable[R]]], Any]:
    """The decorated method answers a field of its type."""
    return lambda method: field_of(told(method), about)


def told(answer: Callable[..., Awaitable[R]]) -> Callable[..., Awaitable[R]]:
    """`answer`, with what a room refuses as a top-level error that has a code."""

    @functools.wraps(answer)
    async def telling(*given: Any, **arguments: Any) -> R:
        try:
            return await answer(*given, **arguments)
        except KNOWN as error:
            raise as_problem(error) from error

    return telling


def field_of(
    resolver: Callable[..., Any],
    about: str,
    *,
    make: Callable[..., Any] = strawberry.field,
    directives: Sequence[Any] = (),
) -> StrawberryField:
    """The field that `resolver` answers. An argument that may be left out shows no default in the SDL; then the
    function's own takes effect."""
    field: StrawberryField = make(resolver=resolver, description=about, directives=directives)
    for argument in field.arguments:
        if argument.default is None:
            argument.default = UNSET
    return field
