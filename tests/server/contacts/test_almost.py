"""When a word is spelt almost like another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.contacts.almost import corrections, halves, is_one_slip

WORDS = st.text("abcde", min_size=5, max_size=12)


def slips(word: str) -> set[str]:
    """Every text that is one slip away, made one by one."""
    places = range(len(word) + 1)
    more = {word[:at] + letter + word[at:] for at in places for letter in "abcdex"}
    less = {word[:at] + word[at + 1 :] for at in places}
    other = {word[:at] + letter + word[at + 1 :] for at in range(len(word)) for letter in "abcdex"}
    swapped = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
    return (more | less | other | swapped) - {word}


@given(st.text("abcde", max_size=7))
def test_every_slip_is_one(word: str) -> None:
    assert all(is_one_slip(word, other) and is_one_slip(other, word) for other in slips(word))


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_what_is_more_than_one_slip_away_is_none(one: str, two: str) -> None:
    assert is_one_slip(one, two) is (two in slips(one))


@given(WORDS)
def test_one_slip_leaves_a_half_as_it_was(word: str) -> None:
    """But for the second and third letter of a word of five, if these changed places."""
    spoilt = {other for other in slips(word) if not any(half in f" {other} " for half in halves(word))}
    assert spoilt <= ({f"{word[0]}{word[2]}{word[1]}{word[3:]}"} if len(word) == 5 else set())


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("kowalski",), 0),
        (("kowlaski",), 1),
        (("kowalsky", "anan"), None),
        (("kowalsky", "anna"), 1),
        (("kowal5ki", "warszwaa"), 2),
        (("kowalsk",), 0),
        (("kowlask",), 1),
        (("nowak",), None),
    ],
)
def test_corrections_counts_the_words_that_need_one(asked: tuple[str, ...], expected: int | None) -> None:
    assert corrections(asked, " anna kowalski warszawa ") == expected
