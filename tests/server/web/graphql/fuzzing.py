"""Documents, bodies and messages that nobody would send: written by the schema's own grammar, then spoiled."""

from __future__ import annotations

import json
from dataclasses import dataclass
from random import Random
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_nullable_type,
    is_required_input_field,
)

from tests.server.web.fastpath.generator import Generated, Generator
from tests.server.web.fastpath.world import World

GRAMMAR = ["{", "}", "[", "]", "...", "@skip(if: true)", "$", "#", ",", "on", "__typename", "__schema", '"""']
PIECES = [
    *GRAMMAR,
    '"',
    "\\",
    "\\u0000",
    "\\ud83d",
    "null",
    "é",
    "😀",
    "\u202e",
    "9" * 400,
    "-",
    "1e999",
    "\n",
    "\ufeff",
]
INIT = '{"type":"connection_init","payload":{}}'


def spoiled(body: bytes, chance: Random) -> bytes:
    """The body with one to four places changed, doubled, cut or filled with a piece of grammar."""
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(body) + 1)
        match chance.randrange(4):
            case 0:
                body = body[:place] + bytes([chance.randrange(256)]) + body[place + 1 :]
            case 1:
                body = body[:place] + chance.choice(PIECES).encode("utf-8", "surrogatepass") + body[place:]
            case 2:
                body = body[:place] + body[place + chance.randrange(12) :]
            case _:
                body = body[:place] + body[max(0, place - chance.randrange(20)) :]
    return body


class AnyOperation(Generator):
    """Writes operations of every kind."""

    def document(self) -> Generated:
        """A query, a mutation or a subscription, valid in its form."""
        kind = self.dice.choice(["query"] * 6 + ["mutation"] * 3 + ["subscription"])
        if kind == "query":
            return super().document()
        self._variables, self._fragments, self._number = [], [], 0
        root = {"mutation": self.schema.mutation_type, "subscription": self.schema.subscription_type}[kind]
        assert root is not None
        body = self._selections(root, 1, most=2 if kind == "mutation" else 1)
        declared = ", ".join(text for _, text, _ in self._variables)
        head = f"{kind} Asked({declared})" if declared else f"{kind} Asked"
        runs = [{name: values[run] for name, _, values in self._variables if values} for run in (0, 1)]
        return Generated("\n".join([f"{head} {body}", *self._fragments]), runs)

    def _selections(self, type_: GraphQLObjectType | GraphQLInterfaceType, depth: int, most: int = 6) -> str:
        """Short ones: most of their time would go into reading them otherwise."""
        return super()._selections(type_, depth, min(most, 2 if depth > 1 else 3))

    def _value(self, name: str, type_: Any) -> Any:
        """As inputs are: whatever has to be there is, and three in ten of the rest."""
        inner = get_nullable_type(type_)
        if not isinstance(inner, GraphQLInputObjectType):
            return super()._value(name, type_)
        inside = {
            key: one for key, one in inner.fields.items() if is_required_input_field(one) or self.dice.random() < 0.3
        }
        return {key: self._value(key, one.type) for key, one in inside.items()}


@dataclass
class Fuzz:
    """Whatever a client may send, the same from the same dice."""

    schema: GraphQLSchema
    world: World
    dice: Random

    def __post_init__(self) -> None:
        self._operations = AnyOperation(self.schema, self.world, self.dice)

    def body(self) -> bytes:
        """A body for POST: as it should be, with a spoiled document in it, or spoiled as a whole."""
        way = self.dice.random()
        if way < 0.35:
            return self._json(self._asked())
        if way < 0.65:
            asked = self._asked()
            text = spoiled(asked["query"].encode(), self.dice).decode("utf-8", "replace")
            return self._json(asked | {"query": text})
        if way < 0.7:
            batch = [self._asked() for _ in range(self.dice.randint(1, 3))]
            return spoiled(self._json(batch), self.dice)
        return spoiled(self._json(self._asked()), self.dice)

    def messages(self) -> list[str | bytes]:
        """What one websocket says: mostly a greeting first, then operations, ends and nonsense."""
        begun: list[Any] = [INIT] if self.dice.random() < 0.9 else []
        return [*begun, *(self._message() for _ in range(self.dice.randint(1, 6)))]

    def _message(self) -> str | bytes:
        id = self.dice.choice("abc")
        said: dict[str, Any] = self.dice.choice(
            [{"type": "ping"}, {"type": "complete", "id": id}, {"type": "pong", "payload": {"a": 1}}]
            + [{"type": "subscribe", "id": id, "payload": self._asked()}] * 4
        )
        written = self._json(said)
        if self.dice.random() < 0.6:
            written = spoiled(written, self.dice)
        return written if self.dice.random() < 0.05 else written.decode("utf-8", "replace")

    def _asked(self) -> dict[str, Any]:
        made = self._operations.document()
        asked: dict[str, Any] = {"query": made.text, "variables": self.dice.choice(made.runs)}
        match self.dice.randrange(24):
            case 0:
                asked["operationName"] = self.dice.choice(["Asked", "", "asked", None, 5, "x" * 201])
            case 1:
                asked["extensions"] = self.dice.choice(
                    [{}, [], {"persistedQuery": {"version": 1, "sha256Hash": "ab" * 32}}]
                )
            case 2:
                asked["documentId"] = self.dice.choice(["ab" * 32, "sha256:" + "00" * 32, "", 7])
        return asked

    def _json(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=self.dice.random() < 0.5).encode("utf-8", "surrogatepass")
