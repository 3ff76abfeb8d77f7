"""How the fields of an input are written down."""

from typing import Annotated, Any, TypeVar

import strawberry
from strawberry.types.unset import UNSET

T = TypeVar("T")

Input = Annotated[T, strawberry.argument(description="What is to be done.")]


def needed(about: str) -> Any:
    """A field that has to be sent."""
    return strawberry.field(description=about)


def optional(about: str) -> Any:
    """A field that may be left out, which is the same as null; the SDL shows no default."""
    field = strawberry.field(description=about, default=None)
    field.default_value = UNSET
    return field


def several(about: str, most: int) -> Any:
    """A list that may be left out."""
    return optional(f"{about} At most {most}.")


IDEMPOTENCY_KEY = (
    "Made once by the client for this act, 1 to 255 characters, such as a UUID: sent again with the same input, the "
    "first result is answered and nothing is done twice."
)
