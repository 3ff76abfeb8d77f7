from __future__ import annotations

from typing import Any

import pytest

from server.booking.answers import answer_in_words
from server.booking.form import Answer, checked_answers
from server.complaints import Complaints
from server.wording import LOCALES


def kept(kind: str, *values: str) -> dict[str, Any]:
    question = {"key": "q", "label": "Asked", "kind": kind, "options": ["A", "B"]}
    (answer,) = checked_answers([question], [Answer("q", value) for value in values], Complaints())
    return answer


@pytest.mark.parametrize(
    ("locale", "yes", "no"),
    [
        ("en", "Yes", "No"),
        ("pl-PL", "Tak", "Nie"),
        ("zh-Hant", "是", "否"),
        ("de", "Ja", "Nein"),
        ("es", "Sí", "No"),
        ("fr-CA", "Oui", "Non"),
        ("ja", "はい", "いいえ"),
        ("ar", "نعم", "لا"),
    ],
)
def test_a_box_reads_yes_or_no_in_the_readers_language(locale: str, yes: str, no: str) -> None:
    assert [answer_in_words(kept("CHECKBOX", said), locale) for said in ("on", "false")] == [yes, no]


def test_the_languages_above_are_all_there_are() -> None:
    assert set(LOCALES) == {"en", "pl", "zh-Hant", "de", "es", "fr", "ja", "ar"}


def test_a_word_that_somebody_typed_stays_what_it_is() -> None:
    assert answer_in_words(kept("TEXT", "true"), "pl") == "true"


@pytest.mark.parametrize(("locale", "said"), [("en", "B, A"), ("ja", "B、A")])
def test_options_stand_one_after_the_other_as_the_language_has_it(locale: str, said: str) -> None:
    assert answer_in_words(kept("MULTI_SELECT", "B", "A"), locale) == said
