"""What a scheduling page asks besides name and address."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import strawberry

from schema.enums import dressed


class QuestionKind(StrEnum):
    TEXT = "TEXT"
    LONG_TEXT = "LONG_TEXT"
    NUMBER = "NUMBER"
    SELECT = "SELECT"
    MULTI_SELECT = "MULTI_SELECT"
    CHECKBOX = "CHECKBOX"
    DATE = "DATE"
    PHONE = "PHONE"


dressed(
    QuestionKind,
    "What an answer looks like. The list may grow: show a kind you do not know as TEXT.",
    TEXT="One line, at most 500 characters.",
    LONG_TEXT="Several lines, at most 5000 characters.",
    NUMBER="A number such as 12 or 3.5.",
    SELECT="One of the options, in its own words.",
    MULTI_SELECT="Some of the options: one answer for each that was chosen.",
    CHECKBOX="`true` or `false`; required means that only `true` will do.",
    DATE="A date such as 2026-11-24.",
    PHONE="A telephone number with its country code.",
)


@strawberry.type(description="A question of a scheduling page.")
class LinkQuestion:
    key: str = strawberry.field(description="What an answer names as its `question`.")
    label: str = strawberry.field(description="The question as visitors read it.")
    kind: QuestionKind = strawberry.field(description="What an answer looks like.")
    is_required: bool = strawberry.field(description="Whether nobody books without an answer.")
    options: list[str] = strawberry.field(description="What can be chosen, for the SELECT kinds. At most 100.")


def questions_of(kept: Sequence[Mapping[str, Any]]) -> list[LinkQuestion]:
    """The questions as a link keeps them, as clients see them."""
    return [
        LinkQuestion(
            key=str(one["key"]),
            label=str(one["label"]),
            kind=QuestionKind(one.get("kind", "TEXT")),
            is_required=bool(one.get("required")),
            options=[str(option) for option in one.get("options") or ()],
        )
        for one in kept
    ]
