"""What doors read through on the fast path: bare rows with exactly the columns that their plan wants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from schema.reading import model_of
from server.database.rows import Rows, cursor_of
from server.web.fastpath.dialects import Tongue
from server.web.fastpath.statement import Statement
from server.web.fastpath.unusual import Unusual

Row = Sequence[Any]


class PlannedReader:
    """The reader of one door. A row goes through the door's hands untouched, and is completed behind it."""

    def __init__(self, tongue: Tongue, statements: dict[type, Statement]) -> None:
        self._tongue = tongue
        self.statements = statements

    async def one(self, type_: type[Any], rows: Rows) -> Any:
        """The first of the rows; None if there is none."""
        found = await self._statement(type_, rows).select(rows, 1).rows(rows.parameters, is_brief=rows.is_brief)
        return found[0] if found else None

    async def many(self, type_: type[Any], rows: Rows) -> list[Any]:
        """All of the rows, in their order, as many as they allow."""
        select = self._statement(type_, rows).select(rows, rows.limit)
        return await select.rows(rows.parameters, is_brief=rows.is_brief)

    async def page(self, type_: type[Any], rows: Rows, first: int, after: str | None) -> Any:
        """The first of the rows that come after a cursor."""
        statement, asked = self._statement(type_, rows), rows.page(first, after)
        select = statement.select(asked, first + 1, with_order=True)
        found = await select.rows(asked.parameters, is_brief=asked.is_brief)
        return Page(found, first, slice(statement.width, statement.width + len(asked.order)))

    def _statement(self, type_: type[Any], rows: Rows) -> Statement:
        """The statement for this type. Where nothing was asked of it, a door may still count its rows."""
        if rows.model is not model_of(type_):
            raise Unusual("rows", f"of {rows.table} as {type_.__name__}")
        if type_ not in self.statements:
            self.statements[type_] = Statement(rows.model, self._tongue)
        return self.statements[type_]


class Page:
    """A connection over rows. Cursors are made when they are asked for: most clients ask for the last one only."""

    def __init__(self, found: list[Row], first: int, order: slice) -> None:
        self._shown, self._order = found[:first], order
        self.has_next_page = len(found) > first

    @property
    def edges(self) -> list[PageEdge]:
        """The entries, each with its row."""
        return [PageEdge(row, self._order) for row in self._shown]

    @property
    def page_info(self) -> Page:
        """Itself: it knows `has_next_page` and `end_cursor`."""
        return self

    @property
    def end_cursor(self) -> str | None:
        """The cursor of the last entry."""
        return PageEdge(self._shown[-1], self._order).cursor if self._shown else None


class PageEdge:
    """One entry of a page; `order` is where in its row the ordered columns stand."""

    __slots__ = ("_order", "node")

    def __init__(self, row: Row, order: slice) -> None:
        self.node, self._order = row, order

    @property
    def cursor(self) -> str:
        """Where the entry stands."""
        return cursor_of(tuple(self.node[self._order]))
