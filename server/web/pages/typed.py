"""What a visitor has typed so far: read from the form, given back in it, never lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from starlette.datastructures import FormData

from server.booking.form import Answer
from server.web.pages.visit import instant

MOST_GUESTS = 20
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Typed:
    """The details form as it was sent. `lost_at` is a time that somebody else took, `seen` the signed time at which
    the form was made, `trap` the field that no person sees."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    guests: tuple[str, ...] = ()
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    starts_at: datetime | None = None
    lost_at: datetime | None = None
    key: str = ""
    seen: str = ""
    trap: str = ""

    def given_answers(self) -> tuple[Answer, ...]:
        """The answers as the verb takes them; a question left empty is not answered."""
        return tuple(
            Answer(question, value) for question, values in self.answers.items() for value in values if value.strip()
        )


def typed_in(form: FormData, questions: Sequence[Mapping[str, Any]]) -> Typed:
    """The form's content. Files and unknown fields are left out."""
    return Typed(
        first_name=_text(form, "first_name"),
        last_name=_text(form, "last_name"),
        email=_text(form, "email").strip(),
        phone=_text(form, "phone"),
        guests=_texts(form, "guest")[:MOST_GUESTS],
        answers={str(one["key"]): _texts(form, f"answer-{one['key']}") for one in questions},
        starts_at=instant(_text(form, "start")),
        lost_at=instant(_text(form, "lost")),
        key=_text(form, "key")[:64],
        seen=_text(form, "seen")[:100],
        trap=_text(form, "homepage"),
    )


def with_another_guest(typed: Typed, maximum: int) -> Typed:
    """One more empty field, up to the link's limit."""
    return replace(typed, guests=(*typed.guests, "")[: min(maximum, MOST_GUESTS)])


def without_guest(typed: Typed, number: str) -> Typed:
    """The guest of that number is gone; an unknown number changes nothing."""
    kept = (guest for index, guest in enumerate(typed.guests) if str(index) != number)
    return replace(typed, guests=tuple(kept))


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value[:_LONGEST] if isinstance(value, str) else ""


def _texts(form: FormData, name: str) -> tuple[str, ...]:
    return tuple(value[:_LONGEST] for value in form.getlist(name) if isinstance(value, str))
