"""One SELECT: the columns that a plan asked for, and LEFT JOINs and lists of children only where it did.

Every name in it comes from the tables' own metadata; of a request, values alone reach the database, as parameters."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from itertools import count
from typing import NamedTuple

from tortoise.models import Model

from schema.reading import Children, Exists, target_of
from server import database
from server.database.rows import Rows
from server.web.fastpath.dialects import Tongue

_MOST_SELECTS = 64


class Place(NamedTuple):
    """A table inside the statement, by its alias."""

    alias: str
    model: type[Model]


class Statement:
    """Grows while a plan is made; `select` is asked for once it is whole."""

    def __init__(
        self, model: type[Model], tongue: Tongue, *, tag: str | None = None, names: Iterator[int] | None = None
    ) -> None:
        self._names = names or count(1)
        self._tongue = tongue
        self.root = Place("t" if names is None else self._name("c"), model)
        self._columns: list[Callable[[], str]] = []
        self._known: dict[Hashable, int] = {}
        self._joins: dict[tuple[str, str], Place] = {}
        self._join_texts: list[str] = []
        self._selects: dict[Hashable, database.Select] = {}
        self._children: dict[Hashable, Statement] = {}
        if tag is not None:
            self._index("tag", lambda: f"'{tag}'")
        self.column(self.root, "id")

    def column(self, at: Place, name: str) -> int:
        """Where the column is in each row."""
        return self._index((at.alias, name), lambda: self._tongue.column(at.alias, at.model, name))

    def joined(self, at: Place, step: str) -> Place:
        """The table at the end of a foreign key. A LEFT JOIN: whether there is a row, its id tells."""
        key = (at.alias, step)
        if key not in self._joins:
            place = Place(self._name("j"), target_of(at.model, step))
            self._joins[key] = place
            table = place.model._meta.db_table
            self._join_texts.append(f'LEFT JOIN "{table}" {place.alias} ON {place.alias}."id" = {at.alias}."{step}_id"')
        return self._joins[key]

    def children(self, at: Place, read: Children) -> tuple[int, Statement]:
        """Where the list of children is in each row, and the statement that says what each of them is made of."""
        key = (at.alias, read)
        if key not in self._children:
            self._children[key] = Statement(read.model, self._tongue, names=self._names)
        child = self._children[key]
        return self._index(key, lambda: child._as_list(at, read)), child

    def exists(self, at: Place, read: Exists) -> int:
        """Where each row says whether there is such a row of another table."""
        alias = self._name("e")
        source = _source(read.model, read.condition)
        text = f'EXISTS (SELECT 1 FROM {source} {alias} WHERE {alias}."{read.key}" = {at.alias}."{read.own}")'
        return self._index((at.alias, read), lambda: text)

    def select(self, rows: Rows, limit: int, *, with_order: bool = False) -> database.Select:
        """The SELECT of these rows; `with_order` adds the ordered columns at the end of each, for its cursor."""
        key = (rows.condition, rows.order, limit, with_order)
        found = self._selects.get(key)
        if found is None:
            if len(self._selects) >= _MOST_SELECTS:
                self._selects.clear()
            found = self._selects[key] = database.Select(self.text(rows, limit, with_order=with_order))
        return found

    @property
    def width(self) -> int:
        """How many columns a row has, those of its order not counted."""
        return len(self._columns)

    def text(self, rows: Rows, limit: int, *, with_order: bool = False) -> str:
        """The same in SQL."""
        columns = [column() for column in self._columns]
        if with_order:
            columns += [f't."{name.lstrip("-")}"' for name in rows.order]
        tables = " ".join([f'"{rows.table}" t', *self._join_texts])
        return (
            f"SELECT {', '.join(columns)} FROM {tables} WHERE {rows.condition} ORDER BY {rows.order_sql} LIMIT {limit}"
        )

    def _as_list(self, parent: Place, read: Children) -> str:
        alias = self.root.alias
        tables = " ".join([f"FROM {_source(read.model, read.condition)} {alias}", *self._join_texts])
        order = ", ".join(
            f'{alias}."{name.lstrip("-")}"{" DESC" if name.startswith("-") else ""}' for name in read.order
        )
        rest = f'{tables} WHERE {alias}."{read.key}" = {parent.alias}."id" ORDER BY {order} LIMIT {read.limit}'
        return self._tongue.listed([column() for column in self._columns], rest)

    def _index(self, key: Hashable, text: Callable[[], str]) -> int:
        if key not in self._known:
            self._known[key] = len(self._columns)
            self._columns.append(text)
        return self._known[key]

    def _name(self, kind: str) -> str:
        return f"{kind}{next(self._names)}"


def _source(model: type[Model], condition: str) -> str:
    """A table, narrowed by a condition over its own `t`: inside, where no other `t` can be meant."""
    table = f'"{model._meta.db_table}"'
    return f"(SELECT * FROM {table} t WHERE {condition})" if condition else table
