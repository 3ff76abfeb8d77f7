"""Fields that a function answers, in the one form that they have here."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import strawberry
from strawberry.types.field import StrawberryField
from strawberry.types.unset import UNSET

R = TypeVar("R")


def answered(about: str) -> Callable[[Callable[..., Awaitable[R]]], Any]:
    """The decorated method answers a field of its type."""
    return lambda method: field_of(method, about)


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
