"""Where the two databases differ in what a statement of the fast path says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tortoise.fields import DateField, JSONField
from tortoise.models import Model

from server.database.connection import Dialect
from server.web.fastpath.unusual import Unusual


@dataclass(frozen=True, slots=True)
class Tongue:
    """How one database writes a list of rows as one JSON text, and which columns it must be told to give as text."""

    as_array: str
    as_list: str
    most_columns: int
    cast: str

    def column(self, alias: str, model: type[Model], name: str) -> str:
        """A column as it is read: days and JSON as text on both databases."""
        needs_cast = isinstance(model._meta.fields_map.get(name), DateField | JSONField)
        return f'{alias}."{name}"{self.cast if needs_cast else ""}'

    def listed(self, columns: Sequence[str], rest: str) -> str:
        """One JSON text of the rows of a select: a list of lists, in their order."""
        if len(columns) > self.most_columns:
            raise Unusual("wide", f"{len(columns)} columns of a child")
        named = ", ".join(f"{column} AS c{index}" for index, column in enumerate(columns))
        array = f"{self.as_array}({', '.join(f'x.c{index}' for index in range(len(columns)))})"
        return f"(SELECT {self.as_list.format(array)} FROM (SELECT {named} {rest}) x)"


TONGUES: dict[Dialect, Tongue] = {
    # SQLite takes at most 127 arguments, PostgreSQL 100. Both keep the order of the ordered select inside.
    "sqlite": Tongue("json_array", "json_group_array({})", 127, ""),
    "postgresql": Tongue("json_build_array", "coalesce(json_agg({}), '[]')::text", 100, "::text"),
}
