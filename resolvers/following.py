"""Subscriptions to the change log: said once, and told to each subscriber alone or to many at once."""

import functools
import inspect
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry.types.field import StrawberryField

from resolvers.door import told_as_problems
from resolvers.errors import KNOWN, as_problem
from schema.access import NeedsScope, allow
from schema.answering import field_of
from schema.context import Context
from schema.types.change import MeetingChange
from server.accounts.scopes import Scope
from server.changes import feed, queries
from server.changes.wanted import Wanted

_BEGIN = "begin"


@dataclass(frozen=True, slots=True)
class Following:
    """What a subscriber asked for: which changes, and the number after which they begin; None: from now on."""

    wanted: Wanted
    after: int | None


Begin = Callable[..., Following]


def following(scope: Scope, about: str) -> Callable[[Begin], Any]:
    """The decorated function is a field of Subscription for callers with this scope: it says which changes are
    followed, and each of them is told as a `MeetingChange`."""

    def dress(begin: Begin) -> StrawberryField:
        @functools.wraps(begin)
        def admitted(**arguments: Any) -> Following:
            allow(arguments["info"].context, scope)
            try:
                return begin(**arguments)
            except KNOWN as error:
                raise as_problem(error) from error

        @functools.wraps(begin)
        async def streamed(**arguments: Any) -> AsyncIterator[MeetingChange]:
            return told_as_problems(_changes(arguments["info"].context, admitted(**arguments)))

        signature = inspect.signature(begin).replace(return_annotation=AsyncGenerator[MeetingChange, None])
        streamed.__signature__ = signature  # type: ignore[attr-defined]  # what strawberry reads the field's type from
        make = functools.partial(strawberry.subscription, metadata={_BEGIN: admitted})
        return field_of(streamed, about, make=make, directives=[NeedsScope(requires=scope)])

    return dress


def beginning_of(field: StrawberryField) -> Begin | None:
    """The function that says which changes a field of Subscription follows; it refuses whom `allow` refuses. None for
    a subscription to anything else."""
    found: Begin | None = field.metadata.get(_BEGIN)
    return found


async def _changes(context: Context, asked: Following) -> AsyncGenerator[MeetingChange, None]:
    account_id = asked.wanted.account_id
    async with aclosing(feed.follow(account_id, after=asked.after, kinds=asked.wanted.kinds)) as changes:
        async for change in changes:
            if await asked.wanted.among([change]):
                found = await context.read.one(MeetingChange, queries.change(account_id, change.number))
                if found is not None:
                    yield found
