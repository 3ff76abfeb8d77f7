import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.changes import cursor
from server.database.rows import BadCursor, cursor_of


@given(st.integers(min_value=0, max_value=2**63 - 1))
def test_cursor_read_gives_the_number_written(number: int) -> None:
    assert cursor.read(cursor.write(number)) == number


@given(st.integers(min_value=0, max_value=2**63 - 1), st.text(max_size=40))
def test_remark_is_found_again_and_the_number_with_it(number: int, remark: str) -> None:
    text = cursor.write(number, remark)
    assert (cursor.read(text), cursor.remark_of(text)) == (number, remark)


@given(st.integers(min_value=0, max_value=2**63 - 1))
def test_cursor_stands_in_addresses_and_headers_as_it_is(number: int) -> None:
    assert set(cursor.write(number)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize(
    "text", ["", "12", "change:12", "é", "A" * 10_000, cursor_of((12,)), cursor.write(12) + "=", cursor.write(2**63)]
)
def test_cursor_read_refuses_what_was_not_written_here(text: str) -> None:
    with pytest.raises(BadCursor):
        cursor.read(text)


@given(st.text(max_size=60))
def test_cursor_read_of_any_text_is_a_number_or_a_refusal(text: str) -> None:
    try:
        assert cursor.write(cursor.read(text), cursor.remark_of(text)) == text
    except BadCursor:
        return
