"""Writes the function that turns what a door answered into the JSON objects of an answer.

Its source reads like a serialiser written by hand, and shows in tracebacks. In it stand names of ours, numbers, and the
keys of the answer, which GraphQL keeps free of quotes (2.1.9); each is written with `repr` all the same."""

from __future__ import annotations

import linecache
import weakref
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import count
from types import CodeType, FunctionType
from typing import Any

import orjson

from schema.scalars import write_instant
from server.web.fastpath.shapes import (
    Argument,
    Cell,
    Children,
    Choice,
    Constant,
    Each,
    Flag,
    Form,
    Handed,
    Identity,
    Inner,
    OfRow,
    Plain,
    Record,
    Ruled,
    Told,
    Value,
    Written,
)
from server.web.fastpath.unusual import Unusual, nothing, too_large

Complete = Callable[[Any, Any, Sequence[Any]], Any]
"""What a door answered, the viewer, what fields with a resolver of their own answered: completed."""

_numbers = count(1)
_codes: weakref.WeakValueDictionary[str, CodeType] = weakref.WeakValueDictionary()


@lru_cache(maxsize=20_000)
def instant(seconds: int) -> str:
    """`2026-11-24T09:30:00Z` of epoch seconds."""
    return write_instant(datetime.fromtimestamp(seconds, UTC))


@lru_cache(maxsize=2_000)
def remembered(tell: Callable[[str], Any], text: str) -> Any:
    """What `tell` makes of a text. Most rows hold the same as their neighbours."""
    return tell(text)


def listed(value: Any) -> Sequence[Any]:
    """The value, which is a list."""
    if not isinstance(value, list | tuple):
        raise Unusual("list", type(value).__name__)
    return value


class Completion:
    """The source of one function, and the names that it uses. `asks_viewer`: a rule in it looks at who asks."""

    def __init__(self, value: Value) -> None:
        self.asks_viewer = False
        self._counter = count(1)
        self._names: dict[str, Any] = {
            "nothing": nothing,
            "too_large": too_large,
            "instant": instant,
            "listed": listed,
            "loads": orjson.loads,
            "remembered": remembered,
        }
        self.source = f"def complete(value, viewer, inner):\n    return {self._value(value, 'value')}\n"

    def function(self) -> Complete:
        """The function; `inspect.getsource` shows it, for as long as somebody holds it."""
        return FunctionType(_compiled(self.source), self._names)

    def _row(self, shape: OfRow, row: str) -> str:
        match shape:
            case Constant(value):
                return repr(value)
            case Cell(index, form, is_required):
                return _cell(f"{row}[{index}]", form, is_required)
            case Choice(index, names, is_required):
                return _unless_null(f"{row}[{index}]", f"{self._named('names', names)}[{row}[{index}]]", is_required)
            case Identity(index, prefix):
                return f"f'{prefix}_{{{row}[{index}]}}'"
            case Flag(index, expected):
                return f"({row}[{index}] {'!=' if expected else '=='} 0)"
            case Ruled():
                return self._ruled(shape, row)
            case Told(index, tell, is_required):
                told = f"remembered({self._named('tell', tell)}, {row}[{index}])"
                return _unless_null(f"{row}[{index}]", told, is_required)
            case Record():
                return self._record(shape, row)
            case Children(index, item):
                child = self._new("row")
                return f"[{self._record(item, child)} for {child} in loads({row}[{index}])]"

    def _record(self, record: Record, row: str) -> str:
        entries = ", ".join(f"{key!r}: {self._row(shape, row)}" for key, shape in record.entries)
        if record.present is None:
            return f"{{{entries}}}"
        otherwise = "nothing()" if record.is_required else "None"
        return f"({otherwise} if {row}[{record.present}] is None else {{{entries}}})"

    def _ruled(self, ruled: Ruled, row: str) -> str:
        arguments = [self._argument(one, row) for one in ruled.arguments]
        if ruled.rule is None:
            return self._value(ruled.value, arguments[0])
        self.asks_viewer = self.asks_viewer or ruled.with_viewer
        given = ", ".join(["viewer", *arguments] if ruled.with_viewer else arguments)
        return self._value(ruled.value, f"{self._named('rule', ruled.rule)}({given})")

    def _argument(self, argument: Argument, row: str) -> str:
        cell = f"{row}[{argument.index}]"
        if argument.convert is None:
            return cell
        return f"(None if {cell} is None else {self._named('python', argument.convert)}({cell}))"

    def _value(self, value: Value, source: str) -> str:
        match value:
            case Constant(text):
                return repr(text)
            case Inner(number):
                return f"inner[{number}]"
            case Written() | Each() | Plain() | Handed():
                otherwise = "nothing()" if value.is_required else "None"
                name = source if source.isidentifier() else self._new("value")
                bound = name if name == source else f"({name} := {source})"
                return f"({otherwise} if {bound} is None else {self._given(value, name)})"

    def _given(self, value: Written | Each | Plain | Handed, name: str) -> str:
        match value:
            case Written(write, native):
                written = f"{self._named('write', write)}({name})"
                return f"({name} if {_is_native(name, native)} else {written})" if native else written
            case Each(item):
                one = self._new("one")
                return f"[{self._value(item, one)} for {one} in listed({name})]"
            case Plain(entries):
                shown = (f"{key!r}: {self._value(part, f'{name}.{attribute}')}" for key, attribute, part in entries)
                return f"{{{', '.join(shown)}}}"
            case Handed(records):
                return self._handed(records, name)

    def _handed(self, records: Any, name: str) -> str:
        (_, first), *others = records.items()
        if not others:
            return self._record(first, name)
        chain = (f"{self._record(record, name)} if {name}[0] == {type_!r} else " for type_, record in records.items())
        return f"({''.join(chain)}nothing())"

    def _named(self, kind: str, thing: Any) -> str:
        name = self._new(kind)
        self._names[name] = thing
        return name

    def _new(self, kind: str) -> str:
        return f"{kind}_{next(self._counter)}"


def _compiled(source: str) -> CodeType:
    """The code of the function. Many documents ask for the same things: that is compiled once, and its source shows in
    tracebacks for as long as somebody holds it."""
    code = _codes.get(source)
    if code is None:
        file, made = f"<fast path {next(_numbers)}>", dict[str, Any]()
        exec(compile(source, file, "exec"), made)
        code = _codes[source] = made["complete"].__code__
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        weakref.finalize(code, linecache.cache.pop, file, None)
    return code


def _is_native(name: str, native: type) -> str:
    bounds = f" and -2147483648 <= {name} <= 2147483647" if native is int else ""
    return f"{name}.__class__ is {native.__name__}{bounds}"


def _cell(cell: str, form: Form, is_required: bool) -> str:
    match form:
        case Form.TEXT:
            return f"({cell} if {cell} is not None else nothing())" if is_required else cell
        case Form.TRUTH:
            return f"({'nothing()' if is_required else 'None'} if {cell} is None else {cell} != 0)"
        case Form.WHOLE:
            bounded = f"({cell} if -2147483648 <= {cell} <= 2147483647 else too_large())"
            return _unless_null(cell, bounded, is_required)
        case Form.INSTANT:
            return _unless_null(cell, f"instant({cell})", is_required)


def _unless_null(cell: str, written: str, is_required: bool) -> str:
    # Where a value is promised, what is written fails on None by itself.
    return written if is_required else f"(None if {cell} is None else {written})"
