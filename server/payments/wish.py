"""What a visitor wants to book, as it is kept while they pay."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from server.booking.book import Answer, Booking, Tracking
from server.booking.submitted import Form
from server.links.titles import meeting_title
from server.models import MeetingLink, Payment
from server.models.enums import MeetingLinkKind
from server.payments.tokens import hold_token_of

SEEN = "seen"
"""What the visitor was asked to agree to, as the meeting will keep it: words may change while somebody pays."""


def as_kept(booking: Booking, form: Form, link: MeetingLink) -> dict[str, Any]:
    """The booking as it will be read back: by the present slug of its link, and without the tokens of its request."""
    kept = replace(
        booking,
        slug=link.slug,
        starts_at=booking.starts_at.astimezone(UTC),
        duration_minutes=form.duration_minutes,
        locale=form.locale,
        consents=tuple(key for key in booking.consents if key.isprintable()),
        hold_token=None,
        idempotency_key=None,
    )
    whole = {**asdict(kept), "starts_at": kept.starts_at.isoformat(), SEEN: form.consents}
    plain: dict[str, Any] = json.loads(json.dumps(whole))
    return plain


def is_same_wish(payment: Payment, kept: dict[str, Any]) -> bool:
    """Whether the payment is for what was sent now; words that it was sent under do not matter."""
    return {**payment.booking, SEEN: None} == {**kept, SEEN: None}


def title_of(wish: Booking, link: MeetingLink, *, owner: str) -> str:
    """What the meeting will be called; where turns are taken nobody knows yet who hosts it."""
    if link.kind is MeetingLinkKind.ROUND_ROBIN and "{host}" in link.title:
        return link.name
    return meeting_title(link.title, contact=payer_name(wish), host=owner)


def payer_name(wish: Booking) -> str:
    """The visitor's name as they gave it."""
    return f"{wish.first_name} {wish.last_name}".strip()


def minutes_of(payment: Payment) -> int:
    """How long the meeting will be."""
    return int(payment.booking["duration_minutes"])


def wish_of(payment: Payment) -> Booking:
    """The booking that the payment is for, with the token of the hold that keeps its slot."""
    kept = {name: value for name, value in payment.booking.items() if name != SEEN}
    return Booking(
        **{
            **kept,
            "starts_at": datetime.fromisoformat(kept["starts_at"]),
            "answers": tuple(Answer(**one) for one in kept["answers"]),
            "guests": tuple(kept["guests"]),
            "consents": tuple(kept["consents"]),
            "tracking": Tracking(**kept["tracking"]),
            "hold_token": hold_token_of(payment),
        }
    )
