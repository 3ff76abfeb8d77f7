"""What a verb found wrong, as sentences in the visitor's language, one for each field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from server.errors import Complaint, ErrorCode
from server.links.pages import SchedulingPage
from server.models import MeetingLink
from server.web.pages.asked import rows_of
from server.wording import say

_FIELDS = {"firstName": "first_name", "lastName": "last_name", "email": "email", "phone": "phone"}
_SENTENCES = {
    "first_name": "error.name",
    "last_name": "error.last_name",
    "phone": "error.phone",
    "website": "error.website",
}
"""What each property is asked for with; the others by the label of their field."""


def mistakes_in(complaints: Sequence[Complaint], page: SchedulingPage, locale: str) -> dict[str, str]:
    """Field id to sentence, in the order of the form; the same words stand in the box and at the field. What belongs to
    no field of the form is left out: see `general_alarm`."""
    found: dict[str, str] = {}
    for complaint in complaints:
        if field := _field(complaint):
            found.setdefault(field, _sentence(complaint, page, locale))
    return {field: found[field] for field in sorted(found, key=partial(_place, page.link))}


def general_alarm(complaints: Sequence[Complaint], locale: str) -> str | None:
    """What to say when nothing that was found wrong can be shown at a field; None if something can."""
    if any(_field(one) for one in complaints):
        return None
    is_unpayable = any(one.code is ErrorCode.PAYMENT_UNAVAILABLE for one in complaints)
    return say(locale, "error.no_payment" if is_unpayable else "error.unclear")


def _place(link: MeetingLink, field: str) -> tuple[int, str]:
    """Where a field stands in the form; the guests, in their own order, come after the questions, and last the boxes
    to tick."""
    first, *others = [[one.id for one in row] for row in rows_of(link)]
    order = [*first, "email", *(name for row in others for name in row)]
    order += [f"answer-{one['key']}" for one in link.questions]
    if field.startswith("consent-"):
        return (len(order) + 1, field)
    return (order.index(field) if field in order else len(order), field)


def _field(complaint: Complaint) -> str | None:
    if not complaint.path:
        return None
    first, *rest = complaint.path
    if first == "answers" and rest:
        return f"answer-{rest[0]}"
    if first == "properties" and rest:
        return rest[0]
    if first == "consents" and rest:
        return f"consent-{rest[0]}"
    if first == "guests":
        return f"guest-{rest[0]}" if rest else "guests"
    return _FIELDS.get(first)


def _sentence(complaint: Complaint, page: SchedulingPage, locale: str) -> str:
    match complaint.code:
        case ErrorCode.EMAIL_INVALID:
            return say(locale, "error.email")
        case ErrorCode.CONSENT_REQUIRED:
            return say(locale, "error.consent")
        case ErrorCode.TEXT_TOO_LONG:
            return say(locale, "error.too_long")
        case ErrorCode.SANDBOX_ONLY:
            return say(locale, "error.sandbox")
        case ErrorCode.GUEST_LIMIT:
            return say(locale, "error.guests", count=page.link.guests_max)
        case ErrorCode.ANSWER_MISSING if complaint.path[0] == "answers":
            return say(locale, "error.answer", question=_label(complaint, page.link.questions))
        case ErrorCode.ANSWER_INVALID if complaint.path[0] == "answers":
            return say(locale, "error.answer_wrong", question=_label(complaint, page.link.questions))
    field = str(_field(complaint))
    if field in _SENTENCES:
        return say(locale, _SENTENCES[field])
    return say(locale, "error.missing", field=say(locale, f"form.{field}"))


def _label(complaint: Complaint, questions: Sequence[Mapping[str, Any]]) -> str:
    key = complaint.path[1]
    return next((str(one["label"]) for one in questions if one["key"] == key), key)
