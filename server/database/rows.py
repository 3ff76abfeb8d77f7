"""Which rows: a question that a room asks of one table, without saying how much of each row is wanted."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass

import orjson
from tortoise.models import Model

Value = str | int | None
_OF_ANOTHER_LIST = "This cursor belongs to another list; start again without `after`."


class BadCursor(ValueError):
    """A page cursor that this order of rows did not hand out."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of `model`'s table, called `t` in `condition`, whose parameters are `$1..`. The condition names the account.

    `order` lists columns, `-` before one that descends; it always ends in the id, so that no two rows tie. `limit`
    bounds what one read may return. `is_brief` where they stand close together in an index: those who ask for such rows
    at the same moment may share a statement, since nobody waits long for anybody."""

    model: type[Model]
    condition: str
    parameters: tuple[Value, ...]
    order: tuple[str, ...] = ("id",)
    limit: int = 200
    is_brief: bool = False

    def __post_init__(self) -> None:
        if self.order[-1].lstrip("-") != "id":
            raise ValueError(f"rows of {self.table}: the order must end in the id, got {self.order}")

    @property
    def table(self) -> str:
        return str(self.model._meta.db_table)

    @property
    def order_sql(self) -> str:
        """The ORDER BY list, over the alias `t`."""
        return ", ".join(f't."{name.lstrip("-")}"{" DESC" if name.startswith("-") else ""}' for name in self.order)

    def also(self, condition: str, *parameters: Value) -> Rows:
        """The same rows narrowed by a further condition, whose own parameters are written `$1..`."""
        both = f"({self.condition}) AND ({shifted(condition, len(self.parameters), len(parameters))})"
        return Rows(self.model, both, self.parameters + parameters, self.order, self.limit, self.is_brief)

    def page(self, first: int, after: str | None) -> Rows:
        """The rows after the cursor `after`, one more than `first`, so that the reader sees whether there are more."""
        bounded = Rows(self.model, self.condition, self.parameters, self.order, first + 1, self.is_brief)
        return bounded.after(self._values_in(after)) if after else bounded

    def _values_in(self, cursor: str) -> tuple[Value, ...]:
        """The values inside a cursor; `BadCursor` for one that no row of this order can have."""
        values = cursor_values(cursor, len(self.order))
        held = (self.model._meta.fields_map[name.lstrip("-")].field_type for name in self.order)
        if not all(isinstance(value, str) is (type_ is str) for value, type_ in zip(values, held, strict=True)):
            raise BadCursor(_OF_ANOTHER_LIST)
        return values

    def after(self, values: tuple[Value, ...]) -> Rows:
        """The rows that come after the one whose ordered columns hold `values`."""
        alternatives = []
        for depth, name in enumerate(self.order):
            equal = [f't."{before.lstrip("-")}" = ${index + 1}' for index, before in enumerate(self.order[:depth])]
            step = "<" if name.startswith("-") else ">"
            alternatives.append(" AND ".join([*equal, f't."{name.lstrip("-")}" {step} ${depth + 1}']))
        return self.also(" OR ".join(f"({one})" for one in alternatives), *values)


def shifted(condition: str, by: int, count: int) -> str:
    """`condition` with its `$1..$count` renumbered to start after `$by`."""
    for index in range(count, 0, -1):
        condition = condition.replace(f"${index}", f"$\0{index + by}")
    return condition.replace("\0", "")


def containing(text: str) -> str:
    """What finds `text` anywhere in a lower-cased column, in `LIKE` with the backslash as its ESCAPE."""
    plain = text.strip().lower()
    for mark in ("\\", "%", "_"):
        plain = plain.replace(mark, f"\\{mark}")
    return f"%{plain}%"


def cursor_of(values: tuple[Value, ...]) -> str:
    """The opaque cursor of the row whose ordered columns hold `values`."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def cursor_values(cursor: str, width: int) -> tuple[Value, ...]:
    """The values inside a cursor; `BadCursor` if it was not made by `cursor_of` for `width` columns."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise BadCursor("This cursor is not one of ours; start again without `after`.") from error
    if not isinstance(values, list) or len(values) != width or not all(_is_value(one) for one in values):
        raise BadCursor(_OF_ANOTHER_LIST)
    return tuple(values)


def _is_value(value: object) -> bool:
    """Whether both databases can compare with it: 64 bits, no half of a surrogate pair, no U+0000."""
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= mark <= "\udfff" for mark in value)
    is_number = isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63
    return value is None or is_number
