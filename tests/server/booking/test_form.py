"""What a visitor filled in, checked without a database."""

from __future__ import annotations

import pytest

from server.booking.form import Answer, checked_answers, checked_guests
from server.complaints import Complaints
from server.errors import ErrorCode, Refused


def complaints_of(found: Complaints) -> list[tuple[ErrorCode, tuple[str, ...]]]:
    try:
        found.refuse_if_any()
    except Refused as refused:
        return [(one.code, one.path) for one in refused.complaints]
    return []


def answered(kind: str, *values: str, required: bool = False) -> tuple[list[object], list[ErrorCode]]:
    """The kept values, and the complaints, of one question of that kind with the options A and B."""
    found = Complaints()
    question = {"key": "q", "label": "Well?", "kind": kind, "required": required, "options": ["A", "B"]}
    kept = checked_answers([question], [Answer("q", value) for value in values], found)
    return [one.get("values", one["value"]) for one in kept], [code for code, _ in complaints_of(found)]


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("TEXT", " a\tb ", "a b"),
        ("LONG_TEXT", "a\r\nb", "a\nb"),
        ("NUMBER", "3.5", "3.5"),
        ("SELECT", "A", "A"),
        ("MULTI_SELECT", "A", ["A"]),
        ("CHECKBOX", "on", "true"),
        ("CHECKBOX", "false", "false"),
        ("DATE", "2026-11-24", "2026-11-24"),
        ("PHONE", "+48 (600) 100-200", "+48 (600) 100-200"),
    ],
)
def test_answer_is_kept_in_the_form_of_its_kind(kind: str, value: str, kept: object) -> None:
    assert answered(kind, value) == ([kept], [])


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("NUMBER", "three"),
        ("NUMBER", "nan"),
        ("SELECT", "C"),
        ("MULTI_SELECT", "C"),
        ("CHECKBOX", "perhaps"),
        ("DATE", "24.11.2026"),
        ("DATE", "20261124"),
        ("DATE", "2026-02-30"),
        ("PHONE", "call me"),
        ("PHONE", "123"),
    ],
)
def test_answer_of_the_wrong_form_is_invalid(kind: str, value: str) -> None:
    assert answered(kind, value) == ([], [ErrorCode.ANSWER_INVALID])


@pytest.mark.parametrize(("kind", "value"), [("TEXT", "   "), ("CHECKBOX", "false"), ("MULTI_SELECT", "")])
def test_answer_that_says_nothing_is_missing_where_one_is_required(kind: str, value: str) -> None:
    assert answered(kind, value, required=True) == ([], [ErrorCode.ANSWER_MISSING])
    assert answered(kind, required=True) == ([], [ErrorCode.ANSWER_MISSING])


def test_answer_that_is_too_long_is_complained_of() -> None:
    assert answered("TEXT", "x" * 501) == ([], [ErrorCode.TEXT_TOO_LONG])
    assert answered("LONG_TEXT", "x" * 5001) == ([], [ErrorCode.TEXT_TOO_LONG])


def test_several_answers_are_for_questions_that_allow_them() -> None:
    assert answered("MULTI_SELECT", "B", "A", "B") == ([["B", "A"]], [])
    assert answered("TEXT", "one", "two") == ([], [ErrorCode.ANSWER_INVALID])


def test_guests_are_kept_once_and_without_those_expected_anyway() -> None:
    found = Complaints()
    guests = ["Ola@client.example", "", "ola@client.example", "host@linden.example"]
    assert checked_guests(guests, maximum=3, found=found, taken=["host@linden.example"]) == ("ola@client.example",)
    assert complaints_of(found) == []


def test_guests_beyond_the_maximum_or_without_address_are_complained_of() -> None:
    found = Complaints()
    assert checked_guests(["a@b.example", "c@d.example"], maximum=1, found=found) == ()
    assert checked_guests(["a@b.example", "nobody"], maximum=2, found=found) == ("a@b.example",)
    assert complaints_of(found) == [(ErrorCode.GUEST_LIMIT, ("guests",)), (ErrorCode.EMAIL_INVALID, ("guests", "1"))]
