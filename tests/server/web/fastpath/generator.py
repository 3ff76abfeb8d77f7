"""Random operations over the real schema: valid ones, with everything in them that a client may write."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
)

from tests.server.web.fastpath.world import ZONES, World

DEEPEST = 5


@dataclass
class Generated:
    """A document, and variables for two runs of it."""

    text: str
    runs: list[dict[str, Any]]


@dataclass
class Generator:
    """Writes one document after the other; the same ones from the same dice."""

    schema: GraphQLSchema
    world: World
    dice: Random
    _variables: list[tuple[str, str, list[Any]]] = field(default_factory=list)
    _fragments: list[str] = field(default_factory=list)
    _number: int = 0
    _asking: str = ""

    def document(self) -> Generated:
        """A query with one to three root fields."""
        self._variables, self._fragments, self._number = [], [], 0
        root = self.schema.query_type
        assert root is not None
        body = self._selections(root, 0, most=3)
        declared = ", ".join(text for _, text, _ in self._variables)
        head = f"query Asked({declared})" if declared else "query Asked"
        runs = [{name: values[run] for name, _, values in self._variables if values} for run in (0, 1)]
        return Generated("\n".join([f"{head} {body}", *self._fragments]), runs)

    def _selections(self, type_: GraphQLObjectType | GraphQLInterfaceType, depth: int, most: int = 6) -> str:
        names = list(type_.fields)
        chosen = [self.dice.choice(names) for _ in range(self.dice.randint(1, most))]
        parts = [self._field(type_, name, depth) for name in chosen]
        parts = [self._wrapped(part, type_) for part in parts if part]
        if self.dice.random() < 0.2 or not parts:
            parts.append("__typename")
        if self.dice.random() < 0.15:
            parts.append(self.dice.choice(parts))
        if isinstance(type_, GraphQLInterfaceType):
            for one in self.dice.sample(self.schema.get_possible_types(type_), 3):
                parts.append(f"... on {one.name} {self._selections(one, depth + 1)}")
        return "{ " + " ".join(parts) + " }"

    def _field(self, type_: GraphQLObjectType | GraphQLInterfaceType, name: str, depth: int) -> str:
        found = type_.fields[name]
        inner: Any = get_named_type(found.type)
        if not is_leaf_type(inner) and depth >= DEEPEST:
            return ""
        arguments = self._arguments(name, found)
        key = name
        # A key of its own for every set of arguments, and for every type: then entries can always be merged.
        if arguments or self.dice.random() < 0.25:
            self._number += 1
            key = f"a{self._number}"
        elif type_ is not self.schema.query_type and self.dice.random() < 0.5:
            key = f"{type_.name}_{name}"
        shown = name if key == name else f"{key}: {name}"
        below = "" if is_leaf_type(inner) else f" {self._selections(inner, depth + 1)}"
        text = f"{shown}{arguments}{self._switch()}{below}"
        if below and self.dice.random() < 0.15:
            text += f" {shown}{arguments} {self._selections(inner, depth + 1)}"
        return text

    def _wrapped(self, part: str, type_: GraphQLObjectType | GraphQLInterfaceType) -> str:
        way = self.dice.random()
        if way < 0.08:
            return f"... {self._switch()} {{ {part} }}"
        if way < 0.16:
            return f"... on {type_.name}{self._switch()} {{ {part} }}"
        if way < 0.24:
            self._number += 1
            self._fragments.append(f"fragment F{self._number} on {type_.name} {{ {part} }}")
            return f"...F{self._number}{self._switch()}"
        return part

    def _switch(self) -> str:
        if self.dice.random() > 0.12:
            return ""
        directive = self.dice.choice(["skip", "include"])
        if self.dice.random() < 0.4:
            return f" @{directive}(if: {self.dice.choice(['true', 'false'])})"
        first = self.dice.choice([True, False])
        return f" @{directive}(if: ${self._variable('Boolean!', [first, not first])})"

    def _variable(self, type_: str, values: list[Any], default: str = "") -> str:
        self._number += 1
        name = f"v{self._number}"
        self._variables.append((name, f"${name}: {type_}{default}", values))
        return name

    def _arguments(self, name: str, found: GraphQLField) -> str:
        self._asking = name
        given = [self._argument(name, one) for name, one in found.args.items()]
        written = ", ".join(one for one in given if one)
        return f"({written})" if written else ""

    def _argument(self, name: str, argument: GraphQLArgument) -> str:
        if not is_required_argument(argument) and self.dice.random() < 0.55:
            return ""
        value = self._value(name, argument.type)
        way = self.dice.random()
        if way < 0.5:
            return f"{name}: {_literal(value, argument.type)}"
        if way < 0.6 and not is_list_type(get_nullable_type(argument.type)):
            # Declared with a default, and not sent at all.
            default = f" = {_literal(value, argument.type)}" if value is not None else ""
            if default:
                return f"{name}: ${self._variable(str(argument.type), [], default)}"
        return f"{name}: ${self._variable(str(argument.type), [value, self._value(name, argument.type)])}"

    def _value(self, name: str, type_: Any) -> Any:
        if not is_non_null_type(type_) and self.dice.random() < 0.1:
            return None
        type_ = get_nullable_type(type_)
        if is_list_type(type_):
            return [self._value(name, type_.of_type) for _ in range(self.dice.randrange(3))]
        if isinstance(type_, GraphQLInputObjectType):
            inside = {key: one for key, one in type_.fields.items() if self.dice.random() < 0.3}
            return {key: self._value(key, one.type) for key, one in inside.items()}
        if isinstance(type_, GraphQLEnumType):
            return self.dice.choice(list(type_.values))
        return self._leaf(name, type_.name)

    def _leaf(self, name: str, type_: str) -> Any:
        dice = self.dice
        match type_:
            case "ID":
                return dice.choice(self.world.ids)
            case "Int":
                return dice.choice([*(1, 2, 3, 50, 100) * 3, 101]) if name == "first" else dice.choice([15, 30, 30, 45])
            case "Boolean":
                return dice.choice([True, False])
            case "Date":
                return dice.choice(["2026-11-24", "2026-11-25", "2026-12-02", "2026-11-23"])
            case "DateTime":
                return dice.choice(["2026-11-24T10:00:00Z", "2026-11-24T12:00:00+01:00", "2026-11-26T08:00:00Z"])
            case "TimeZone":
                return dice.choice([*ZONES, *ZONES, "Nowhere/Land"])
        return self._text(name)

    def _text(self, name: str) -> Any:
        match name:
            case "slug":
                return self.dice.choice(self.world.slugs)
            case "token":
                return self.dice.choice(self.world.tokens)
            case "after" | "since":
                return self.dice.choice([*self.world.cursors.get(self._asking, ()) * 4, "nonsense"])
        return self.dice.choice(["a", "ines", '"', "%", "no such thing", "NO_SHOW", "SCHEDULED"])


def _literal(value: Any, type_: Any) -> str:
    type_ = get_nullable_type(type_)
    if value is None:
        return "null"
    if is_list_type(type_):
        return f"[{', '.join(_literal(one, type_.of_type) for one in value)}]"
    if isinstance(type_, GraphQLEnumType):
        return str(value)
    if isinstance(value, Mapping):
        inside = ", ".join(f"{key}: {_literal(one, type_.fields[key].type)}" for key, one in value.items())
        return f"{{{inside}}}"
    return json.dumps(value)
