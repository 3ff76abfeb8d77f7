"""Text as a search sees it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.folding import LONGEST_WORD, MOST_WORDS, folded, search_text, words_asked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Łukasz ŻÓŁĆ", "lukasz zolc"),
        ("Straße", "strasse"),
        ("Ærø Þór Đặng", "aero thor dang"),
        ("İstanbul ışık", "istanbul isik"),
        ("Ｆｕｌｌ ｗｉｄｔｈ", "full width"),
        ("Ελένη Ёлкин", "ελενη елкин"),
        ("ガギグ 한글", "ガギグ 한글"),
        ("tab\tline\nnull\0", "tab line null "),
        ("half \ud83d of a pair", "half   of a pair"),
    ],
)
def test_folding_takes_case_and_accents_away(text: str, expected: str) -> None:
    assert folded(text) == expected


@given(st.text())
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text())
def test_case_and_accents_make_no_difference(text: str) -> None:
    assert words_asked(folded(text)) == words_asked(text)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("Anna", "O'Brien-Nowak"), " anna o'brien-nowak o brien nowak 'brien-nowak "),
        (("山田太郎",), " 山田太郎 田太郎 太郎 郎 "),
        (("50% off", "a_b"), " 50% 50 % off a_b a b _b "),
        (("", "  "), ""),
    ],
)
def test_words_are_found_by_their_beginnings_parts_and_ends(texts: tuple[str, ...], expected: str) -> None:
    assert search_text(*texts) == expected


@given(st.lists(st.text(max_size=300), max_size=5))
def test_search_text_is_bounded_and_every_word_has_blanks_around_it(texts: list[str]) -> None:
    found = search_text(*texts)
    words = found.split()
    assert found == (f" {' '.join(words)} " if words else "")
    assert len(words) == len(set(words)) <= MOST_WORDS
    assert all(len(word) <= LONGEST_WORD for word in words)
