"""A booking without a form: for a browser that is known, on a page that asks nothing it does not know (S1-30)."""

from __future__ import annotations

from collections.abc import Mapping

from server.booking.consents import asked_consent
from server.booking.person import checked_person
from server.complaints import Complaints
from server.errors import Refused
from server.links.pages import SchedulingPage
from server.web.pages.typed import Typed, typed_from


def complete_form(page: SchedulingPage, known: Mapping[str, str], locale: str) -> Typed | None:
    """The form as it would be sent, if nothing of it is left to the visitor: the link submits by itself and asks no
    questions of its own, no price and no consent, and what is known answers every field. None otherwise."""
    link = page.link
    asks_more = bool(link.questions) or link.price_amount is not None or bool(asked_consent(page, locale).all_boxes)
    if not (link.prefills and link.auto_submits) or asks_more or not known:
        return None
    typed = typed_from(known, link)
    found = Complaints()
    checked_person(typed.email, typed.properties, link, found)
    try:
        found.refuse_if_any()
    except Refused:
        return None
    return typed
