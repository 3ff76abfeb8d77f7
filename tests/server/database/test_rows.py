"""Pages of rows are pages of the sorted whole."""

import base64
import itertools
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server import database
from server.database.rows import BadCursor, Rows, Value, cursor_of, cursor_values, shifted
from server.models import Account

ORDERS = [("name", "id"), ("-name", "-id"), ("data_version", "-name", "id"), ("-data_version", "id"), ("id",), ("-id",)]
_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
_rounds = itertools.count()


async def read(rows: Rows) -> list[dict[str, Value]]:
    columns = ("id", "name", "data_version")
    listed = ", ".join(f't."{column}"' for column in columns)
    sql = f'SELECT {listed} FROM "{rows.table}" t WHERE {rows.condition} ORDER BY {rows.order_sql} LIMIT {rows.limit}'
    return [dict(zip(columns, row, strict=True)) for row in await database.fetch(sql, *rows.parameters)]


def sorted_in_python(rows: list[dict[str, Value]], order: tuple[str, ...]) -> list[dict[str, Value]]:
    for column in reversed(order):
        rows = sorted(rows, key=lambda row: row[column.lstrip("-")], reverse=column.startswith("-"))  # type: ignore[arg-type,return-value]  # one column, one type
    return rows


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 2)), max_size=14),
    order=st.sampled_from(ORDERS),
    first=st.integers(1, 5),
)
async def test_pages_together_are_the_sorted_whole(
    db: str, values: list[tuple[str, int]], order: tuple[str, ...], first: int
) -> None:
    kind = f"round {next(_rounds)}"
    await Account.bulk_create([Account(name=name, data_version=number, locale=kind) for name, number in values])
    rows = Rows(Account, "t.locale = $1", (kind,), order)

    paged: list[dict[str, Value]] = []
    after: str | None = None
    while page := await read(rows.page(first, after)):
        paged += page[:first]
        if len(page) <= first:
            break
        after = cursor_of(tuple(page[first - 1][column.lstrip("-")] for column in order))

    assert paged == sorted_in_python(await read(Rows(Account, "t.locale = $1", (kind,))), order)


async def test_also_narrows_and_counts_its_own_parameters(db: str) -> None:
    await Account.bulk_create([Account(name=name, locale=locale) for name in "ab" for locale in ("en", "pl")])

    rows = Rows(Account, "t.name = $1", ("a",)).also("t.locale = $1 OR t.locale = $2", "pl", "de")

    assert rows.condition == "(t.name = $1) AND (t.locale = $2 OR t.locale = $3)"
    assert [row["name"] for row in await read(rows)] == ["a"]


def test_shifted_renumbers_every_placeholder() -> None:
    condition = " ".join(f"${number}" for number in range(1, 13))
    assert shifted(condition, 5, 12) == " ".join(f"${number + 5}" for number in range(1, 13))


def test_order_without_the_id_is_refused() -> None:
    with pytest.raises(ValueError, match="end in the id"):
        Rows(Account, "TRUE", (), ("name",))


@given(values=st.tuples(_TEXTS, st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1))))
def test_cursor_gives_back_what_it_was_made_of(values: tuple[str, int | None]) -> None:
    assert cursor_values(cursor_of(values), 2) == values


@pytest.mark.parametrize("cursor", ["", "x", "e30", "WzFd", "W3RydWUsMV0", "😀", cursor_of((1, 2, 3))])
def test_strange_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        cursor_values(cursor, 2)


def made_by_hand(values: tuple[Value, ...]) -> str:
    """A cursor as somebody else could write it."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "values", [(1, 1), ("a", "b"), ("a", 2**63), ("a", -(2**64)), ("a\0", 1), ("a\ud800", 1), (None, 1)], ids=repr
)
def test_cursor_that_no_row_of_the_order_can_have_is_refused(values: tuple[Value, ...]) -> None:
    with pytest.raises(BadCursor):
        Rows(Account, "true", (), ("name", "id")).page(10, made_by_hand(values))


def test_cursor_nested_beyond_all_use_is_refused() -> None:
    deep = base64.urlsafe_b64encode(b"[" * 100_000).decode()
    with pytest.raises(BadCursor):
        cursor_values(deep, 2)
