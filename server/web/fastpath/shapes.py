"""What an answer looks like: a tree of small parts, from which `completion.py` writes a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias


class Form(StrEnum):
    """How a cell of a row becomes a value of an answer."""

    TEXT = "TEXT"
    WHOLE = "WHOLE"
    TRUTH = "TRUTH"
    INSTANT = "INSTANT"


@dataclass(frozen=True, slots=True)
class Constant:
    """The same in every answer: a `__typename`, or null."""

    value: str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the row, written in its form."""

    index: int
    form: Form
    is_required: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A cell of the row that holds one of the values of an enum; `names` is what each is called on the wire."""

    index: int
    names: Mapping[str, str]
    is_required: bool


@dataclass(frozen=True, slots=True)
class Identity:
    """The public id of the row whose key is in the cell."""

    index: int
    prefix: str


@dataclass(frozen=True, slots=True)
class Flag:
    """Whether a row of another table exists: the cell says so, or the opposite."""

    index: int
    expected: bool


@dataclass(frozen=True, slots=True)
class Argument:
    """A cell as a Python value; `convert` None where it is one already."""

    index: int
    convert: Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a rule makes of some cells; without a rule, the one cell as a Python value."""

    rule: Callable[..., Any] | None
    arguments: tuple[Argument, ...]
    with_viewer: bool
    value: Value


@dataclass(frozen=True, slots=True)
class Told:
    """A cell that is told by its text alone, such as a list of numbers that is kept as JSON."""

    index: int
    tell: Callable[[str], Any]
    is_required: bool


@dataclass(frozen=True, slots=True)
class Record:
    """An object made of cells. `present` is the cell that is null when there is no such row; None: there is one."""

    entries: tuple[tuple[str, OfRow], ...]
    present: int | None = None
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Children:
    """A cell that holds rows of another table as JSON, each of them a list."""

    index: int
    item: Record


@dataclass(frozen=True, slots=True)
class Written:
    """A Python value that the schema's own scalar or enum writes. One of the class `native`, if it is no number beyond
    32 bits, is written as it is."""

    write: Callable[[Any], Any]
    native: type | None
    is_required: bool


@dataclass(frozen=True, slots=True)
class Each:
    """A Python list."""

    item: Value
    is_required: bool


@dataclass(frozen=True, slots=True)
class Plain:
    """An object that a door made: entry, attribute, what the attribute holds."""

    entries: tuple[tuple[str, str, Value], ...]
    is_required: bool


@dataclass(frozen=True, slots=True)
class Handed:
    """A row that a door was given by its reader, and hands on. Of several types the row's first cell names its own."""

    records: Mapping[str, Record]
    is_required: bool


@dataclass(frozen=True, slots=True)
class Inner:
    """What a field with a resolver of its own answered, before the completion began."""

    number: int


OfRow: TypeAlias = Constant | Cell | Choice | Identity | Flag | Ruled | Told | Record | Children
Value: TypeAlias = Constant | Written | Each | Plain | Handed | Inner
