"""Mutations under an idempotency key: the first answer is kept with what was done, and given again byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import FieldNode, GraphQLField, GraphQLInputObjectType, get_named_type, value_from_ast_untyped
from graphql.execution.values import VariableValues

from schema.context import Context
from server import repeats, sealing
from server.web.fastpath.completion import Complete
from server.web.fastpath.once import Done
from server.web.fastpath.whole import Beyond, Shown

_PURPOSE = "kept answer"

Plain = Callable[[Context, VariableValues, Done], Awaitable[Any]]
"""Asks a door, and completes what it answered."""
Ask = Callable[[Context, VariableValues], Awaitable[tuple[Any, Sequence[Any]]]]
"""Asks a door: what it answered, and what the fields with a resolver below it did."""


@dataclass(frozen=True, slots=True)
class Act:
    """A root field that takes an idempotency key; without one it is a `plain` door. `form` names the entry of the
    operation it stands for; `whole` completes everything that another document may want of the same result, `shown`
    reads this one's part of that."""

    key: str
    form: str
    node: FieldNode
    plain: Plain
    ask: Ask
    complete: Complete
    whole: Complete | None
    shown: Shown | None

    async def answer(self, context: Context, variables: VariableValues, done: Done) -> Any:
        """The field's entry: read and kept in the transaction of the verb that ran, or that of the first time;
        where that one does not tell what is asked now, what the verb gave is read as it is now.

        What fails before its answer is kept has not been done, and may be done again."""
        if not _has_key(self.node, variables):
            return await self.plain(context, variables, done)
        form = _digest(self.form, variables)
        try:
            return await self._first(form, context, variables, done)
        except repeats.AnsweredBefore as before:
            found = self._again(form, before.answer)
        if found is not None:
            return found[0]
        value, inner = await self.ask(context, variables)
        done[self.key] = value
        return self.complete(value, context.viewer, inner)

    async def _first(self, form: str, context: Context, variables: VariableValues, done: Done) -> Any:
        async with repeats.awaited() as awaited:
            try:
                value, inner = await self.ask(context, variables)
            except Exception as error:
                if not (awaited.is_first or isinstance(error, repeats.AnsweredBefore)):
                    done[self.key] = error
                raise
            if not awaited.is_first:
                done[self.key] = value
            entry = self.complete(value, context.viewer, inner)
            if awaited.is_first:
                whole = self.whole(value, context.viewer, ()) if self.whole is not None else None
                kept = orjson.dumps({"form": form, "entry": entry, "whole": whole})
                await awaited.keep(sealing.sealed(kept, purpose=_PURPOSE))
        done[self.key] = value
        return entry

    def _again(self, form: str, answer: bytes) -> tuple[Any] | None:
        """The entry as it was, or made of the whole result for another document; None where neither can be."""
        content = sealing.opened(answer, purpose=_PURPOSE)
        if content is None:
            return None
        kept = orjson.loads(content)
        if kept["form"] == form:
            return (kept["entry"],)
        try:
            return (self.shown(kept["whole"]),) if self.shown is not None and kept["whole"] is not None else None
        except Beyond:
            return None


def takes_key(field: GraphQLField) -> bool:
    """Whether the input of a mutation has an idempotency key."""
    given = field.args.get("input")
    type_ = get_named_type(given.type) if given is not None else None
    return isinstance(type_, GraphQLInputObjectType) and "idempotencyKey" in type_.fields


def _has_key(node: FieldNode, variables: VariableValues) -> bool:
    given = next((one.value for one in node.arguments or () if one.name.value == "input"), None)
    value = value_from_ast_untyped(given, variables.coerced) if given is not None else None
    return isinstance(value, dict) and value.get("idempotencyKey") is not None


def _digest(form: str, variables: VariableValues) -> str:
    """Two requests with the same digest are the same document with the same variables."""
    asked = f"{form}\n{sorted(variables.coerced.items(), key=lambda item: item[0])!r}"
    return hashlib.sha256(asked.encode(errors="surrogatepass")).hexdigest()
