"""What a visitor filled in, checked against what the page asks: pure, all complaints at once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from server.checks import long_text, short_text, valid_email
from server.complaints import Complaints
from server.errors import ErrorCode

SHORT_ANSWER = 500
LONG_ANSWER = 5000


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a question of the page, named by its key. A MULTI_SELECT question may be answered several times,
    once for every option that was chosen."""

    question: str
    value: str


def checked_answers(
    questions: Sequence[Mapping[str, Any]], answers: Iterable[Answer], found: Complaints
) -> list[dict[str, Any]]:
    """The answers as a meeting keeps them, in the order of the questions: key, label and value; for MULTI_SELECT the
    chosen options as `values` too, for CHECKBOX whether it is `ticked`. `ANSWER_MISSING`, `ANSWER_INVALID` and
    `TEXT_TOO_LONG` name the question."""
    given: dict[str, list[str]] = {}
    for answer in answers:
        given.setdefault(answer.question, []).append(answer.value)
    known = {question["key"]: question for question in questions}
    for key in given.keys() - known.keys():
        message = "This page does not ask that question (any more). Please load the page again."
        found.add(ErrorCode.ANSWER_INVALID, message, "answers", key[:80])
    kept = [_checked(question, given.get(key, []), found) for key, question in known.items()]
    return [one for one in kept if one is not None]


def checked_guests(
    guests: Iterable[str], *, maximum: int, found: Complaints, taken: Iterable[str] = ()
) -> tuple[str, ...]:
    """The addresses of further guests, each once and without those who are expected anyway. `GUEST_LIMIT`,
    `EMAIL_INVALID`."""
    wanted = [guest for guest in guests if guest.strip()]
    if len(wanted) > maximum:
        limit = "no further guests" if maximum == 0 else f"at most {maximum} further guests"
        found.add(ErrorCode.GUEST_LIMIT, f"This page allows {limit}. Please remove some.", "guests")
        return ()
    addresses = [found.ask(valid_email, guest, "guests", str(index)) for index, guest in enumerate(wanted)]
    expected = set(taken)
    return tuple(dict.fromkeys(one for one in addresses if one is not None and one not in expected))


def _checked(question: Mapping[str, Any], values: list[str], found: Complaints) -> dict[str, Any] | None:
    key, kind = str(question["key"]), str(question.get("kind", "TEXT"))
    said = [text for text in (_cleaned(kind, value, key, found) for value in values) if text]
    if kind == "CHECKBOX" and said == ["false"] and question.get("required"):
        said = []
    if not said:
        if question.get("required"):
            message = f"Please answer this question: {question['label']}"
            found.add(ErrorCode.ANSWER_MISSING, message, "answers", key)
        return None
    if kind == "MULTI_SELECT":
        said = list(dict.fromkeys(said))
    elif len(said) > 1:
        found.add(ErrorCode.ANSWER_INVALID, "Please give one answer to this question.", "answers", key)
        return None
    for value in said:
        if complaint := _complaint(kind, value, question.get("options") or ()):
            found.add(ErrorCode.ANSWER_INVALID, complaint, "answers", key)
            return None
    kept = {"question": key, "label": str(question["label"]), "value": ", ".join(said)}
    if kind == "CHECKBOX":
        return {**kept, "ticked": said == ["true"]}
    return {**kept, "values": said} if kind == "MULTI_SELECT" else kept


def _cleaned(kind: str, value: str, key: str, found: Complaints) -> str | None:
    if kind == "LONG_TEXT":
        return found.ask(long_text, value, LONG_ANSWER, "answers", key)
    text = found.ask(short_text, value, SHORT_ANSWER, "answers", key)
    if kind == "CHECKBOX" and text:
        return {"on": "true", "yes": "true", "1": "true", "off": "false", "no": "false", "0": "false"}.get(
            text.lower(), text.lower()
        )
    return text


def _complaint(kind: str, value: str, options: Sequence[str]) -> str | None:
    """What is wrong with an answer of that kind, as a sentence; None if nothing is."""
    match kind:
        case "NUMBER" if not _is_number(value):
            return "Please write a number, such as 12 or 3.5."
        case "DATE" if not _is_date(value):
            return "Please write a date as year, month and day, such as 2026-11-24."
        case "PHONE" if not is_phone(value):
            return "Please write a telephone number with its country code, such as +48 600 100 200."
        case "SELECT" | "MULTI_SELECT" if value not in options:
            return "Please choose from the list."
        case "CHECKBOX" if value not in ("true", "false"):
            return "Please tick the box or leave it."
    return None


def _is_number(value: str) -> bool:
    try:
        return math.isfinite(float(value))
    except ValueError:
        return False


def _is_date(value: str) -> bool:
    try:
        return len(value) == len("2026-11-24") and bool(date.fromisoformat(value))
    except ValueError:
        return False


def is_phone(value: str) -> bool:
    """Whether this reads like a telephone number: five to twenty digits, and what people put between them."""
    digits = sum(mark.isascii() and mark.isdigit() for mark in value)
    return 5 <= digits <= 20 and all(mark.isascii() and (mark.isdigit() or mark in "+-()/. x") for mark in value)
