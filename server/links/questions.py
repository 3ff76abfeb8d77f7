"""The custom questions of a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from server.checks import required_text, short_text
from server.complaints import Complaints
from server.errors import ErrorCode

KINDS = ("TEXT", "LONG_TEXT", "NUMBER", "SELECT", "MULTI_SELECT", "CHECKBOX", "DATE", "PHONE")
MOST_QUESTIONS = 30
MOST_OPTIONS = 100

_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class Question:
    """One question: the key under which its answer is kept, what is asked, how, and what there is to choose from."""

    key: str
    label: str
    kind: str = "TEXT"
    required: bool = False
    options: tuple[str, ...] = ()


def checked_questions(questions: Sequence[Question], found: Complaints) -> list[dict[str, Any]]:
    """The questions as a link keeps them: `{"key", "label", "kind", "required", "options"}`."""
    if len(questions) > MOST_QUESTIONS:
        found.add(ErrorCode.ANSWER_INVALID, f"A page asks at most {MOST_QUESTIONS} questions.", "questions")
        return []
    keys = [question.key for question in questions]
    kept = []
    for index, question in enumerate(questions):
        path = ("questions", str(index))
        if not _KEY.fullmatch(question.key) or keys.count(question.key) > 1:
            message = "Every question needs a key of its own: small letters, digits, underscores, such as company_size."
            found.add(ErrorCode.ANSWER_INVALID, message, *path, "key")
        if question.kind not in KINDS:
            found.add(ErrorCode.ANSWER_INVALID, f"The kind is one of {', '.join(KINDS)}.", *path, "kind")
        label = found.ask(required_text, question.label, 300, *path, "label")
        options = _options(question, found, path)
        kept.append({**asdict(question), "label": label, "options": options})
    return kept


def _options(question: Question, found: Complaints, path: tuple[str, ...]) -> list[str]:
    if question.kind not in ("SELECT", "MULTI_SELECT"):
        return []
    options = [found.ask(short_text, option, 200, *path, "options") or "" for option in question.options]
    if not 1 <= len(options) <= MOST_OPTIONS or "" in options or len(set(options)) < len(options):
        message = f"Please give 1 to {MOST_OPTIONS} different options to choose from."
        found.add(ErrorCode.ANSWER_INVALID, message, *path, "options")
    return options
