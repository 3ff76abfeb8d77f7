"""What a visitor has typed so far: read from the form, given back in it, never lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from starlette.datastructures import FormData

from server.booking.form import Answer
from server.links.form_fields import ContactProperty, form_fields_of
from server.models import MeetingLink
from server.web.pages.visit import instant

MOST_GUESTS = 20
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Typed:
    """The details form as it was sent. `properties` are what was said of oneself, by the names of `ContactProperty`,
    `consents` the keys of the boxes that were ticked. `lost_at` is a time that somebody else took, `seen` the signed
    time at which the form was made, `trap` the field that no person sees. `is_known` while the form was filled in from
    an earlier booking."""

    email: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    guests: tuple[str, ...] = ()
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    consents: tuple[str, ...] = ()
    starts_at: datetime | None = None
    lost_at: datetime | None = None
    key: str = ""
    seen: str = ""
    trap: str = ""
    is_known: bool = False

    def given_answers(self) -> tuple[Answer, ...]:
        """The answers as the verb takes them; a question left empty is not answered."""
        return tuple(
            Answer(question, value) for question, values in self.answers.items() for value in values if value.strip()
        )

    @property
    def name(self) -> str:
        """First and last name, as far as they were said."""
        said = (self.properties.get(one, "") for one in ("first_name", "last_name"))
        return " ".join(one for one in said if one)

    def details(self) -> dict[str, str]:
        """Everything that was said of oneself, the e-mail address included."""
        return {"email": self.email, **self.properties}


def typed_in(form: FormData, link: MeetingLink) -> Typed:
    """The form's content. Files and unknown fields are left out."""
    return Typed(
        email=_text(form, "email").strip(),
        properties={one.value: _text(form, one.value) for one in ContactProperty if one.value in form},
        guests=_texts(form, "guest")[:MOST_GUESTS],
        answers={str(one["key"]): _texts(form, f"answer-{one['key']}") for one in link.questions},
        consents=_texts(form, "consent"),
        starts_at=instant(_text(form, "start")),
        lost_at=instant(_text(form, "lost")),
        key=_text(form, "key")[:64],
        seen=_text(form, "seen")[:100],
        trap=_text(form, "homepage"),
        is_known=_text(form, "known") == "1",
    )


def typed_from(known: Mapping[str, str], link: MeetingLink) -> Typed:
    """The form as an earlier booking fills it in: what is said of oneself, and of that only what this page asks for;
    never an answer to a question (S1-31), never a box that agrees to something."""
    asked = {field.property.value for field in form_fields_of(link)}
    return Typed(
        email=known.get("email", ""),
        properties={name: text for name, text in known.items() if name in asked},
        is_known=bool(known),
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
    return _storable(value) if isinstance(value, str) else ""


def _texts(form: FormData, name: str) -> tuple[str, ...]:
    return tuple(_storable(value) for value in form.getlist(name) if isinstance(value, str))


def _storable(value: str) -> str:
    """Without U+0000, which nobody types and no text in PostgreSQL can hold."""
    return value[:_LONGEST].replace("\0", "")
