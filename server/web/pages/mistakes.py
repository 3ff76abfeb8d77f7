"""What a verb found wrong, as sentences in the visitor's language, one for each field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from server.errors import Complaint, ErrorCode
from server.links.pages import SchedulingPage
from server.wording import say

_FIELDS = {"firstName": "first_name", "lastName": "last_name", "email": "email", "phone": "phone"}


def mistakes_in(complaints: Sequence[Complaint], page: SchedulingPage, locale: str) -> dict[str, str]:
    """Field id to sentence, in the order of the form; the same words stand in the box and at the field. What belongs to
    no field of the form is left out: see `general_alarm`."""
    found: dict[str, str] = {}
    for complaint in complaints:
        if field := _field(complaint):
            found.setdefault(field, _sentence(complaint, page, locale))
    return {field: found[field] for field in sorted(found, key=partial(_place, page.link.questions))}


def general_alarm(complaints: Sequence[Complaint], locale: str) -> str | None:
    """What to say when nothing that was found wrong can be shown at a field; None if something can."""
    return None if any(_field(one) for one in complaints) else say(locale, "error.unclear")


def _place(questions: Sequence[Mapping[str, Any]], field: str) -> tuple[int, str]:
    """Where a field stands in the form; the guests, in their own order, come last."""
    order = [*_FIELDS.values(), *(f"answer-{one['key']}" for one in questions)]
    return (order.index(field) if field in order else len(order), field)


def _field(complaint: Complaint) -> str | None:
    if not complaint.path:
        return None
    first, *rest = complaint.path
    if first == "answers" and rest:
        return f"answer-{rest[0]}"
    if first == "guests":
        return f"guest-{rest[0]}" if rest else "guests"
    return _FIELDS.get(first)


def _sentence(complaint: Complaint, page: SchedulingPage, locale: str) -> str:
    match complaint.code:
        case ErrorCode.EMAIL_INVALID:
            return say(locale, "error.email")
        case ErrorCode.NAME_REQUIRED:
            return say(locale, "error.name")
        case ErrorCode.TEXT_TOO_LONG:
            return say(locale, "error.too_long")
        case ErrorCode.SANDBOX_ONLY:
            return say(locale, "error.sandbox")
        case ErrorCode.GUEST_LIMIT:
            return say(locale, "error.guests", count=page.link.guests_max)
        case ErrorCode.ANSWER_MISSING:
            return say(locale, "error.answer", question=_label(complaint, page.link.questions))
        case ErrorCode.ANSWER_INVALID:
            return say(locale, "error.answer_wrong", question=_label(complaint, page.link.questions))
    return say(locale, "error.phone" if complaint.path[0] == "phone" else "error.unclear")


def _label(complaint: Complaint, questions: Sequence[Mapping[str, Any]]) -> str:
    key = complaint.path[1]
    return next((str(one["label"]) for one in questions if one["key"] == key), key)
