"""Pages: one form of connection and one rule for cursors in the whole house."""

from typing import Annotated, Generic, TypeVar

import strawberry

from schema.errors import ProblemCode, problem

T = TypeVar("T")

MOST = 100

First = Annotated[int, strawberry.argument(description="How many at most, 1 to 100.")]
After = Annotated[
    str | None, strawberry.argument(description="The `endCursor` of the page before; leave it out for the first page.")
]


@strawberry.type(description="Where a page ends, and whether another follows.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether there are more after this page.")
    end_cursor: str | None = strawberry.field(
        description="Give it as `after` to get the next page; null on an empty page."
    )


@strawberry.type(description="One entry of a page.")
class Edge(Generic[T]):
    node: T = strawberry.field(description="The entry itself.")
    cursor: str = strawberry.field(description="Where the entry stands; a page can begin after it.")


@strawberry.type(description="One page of a list.")
class Connection(Generic[T]):
    edges: list[Edge[T]] = strawberry.field(description="The entries of this page, at most `first` of them.")
    page_info: PageInfo = strawberry.field(description="Where this page ends.")


def page_size(first: int) -> int:
    """`first` as it may be; anything outside 1 to 100 is refused with a sentence that says so."""
    if not 1 <= first <= MOST:
        raise problem(ProblemCode.BAD_USER_INPUT, f"`first` must be from 1 to {MOST}, and is {first}.")
    return first
