"""The fields of the form as a browser wants them: the right keyboard, and the name by which it fills them in itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.links.form_fields import ContactProperty, form_fields_of
from server.models import MeetingLink

_AUTOCOMPLETE = {
    ContactProperty.FIRST_NAME: "given-name",
    ContactProperty.LAST_NAME: "family-name",
    ContactProperty.PHONE: "tel",
    ContactProperty.COMPANY: "organization",
    ContactProperty.JOB_TITLE: "organization-title",
    ContactProperty.WEBSITE: "url",
    ContactProperty.STREET: "street-address",
    ContactProperty.POSTAL_CODE: "postal-code",
    ContactProperty.CITY: "address-level2",
    ContactProperty.COUNTRY: "country-name",
}
"""HTML, 4.10.18.7.1: nothing is asked twice of a browser that knows it (WCAG 3.3.7, 1.3.5)."""

_KEYBOARDS = {ContactProperty.PHONE: "tel", ContactProperty.WEBSITE: "url"}
_PAIRS = (
    (ContactProperty.FIRST_NAME, ContactProperty.LAST_NAME),
    (ContactProperty.POSTAL_CODE, ContactProperty.CITY),
)


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the form; `id` is the property's name, and its label `form.<id>`."""

    id: str
    is_required: bool
    autocomplete: str
    keyboard: str | None

    @property
    def type(self) -> str:
        return "tel" if self.keyboard == "tel" else "text"


def rows_of(link: MeetingLink) -> list[tuple[Field, ...]]:
    """The fields in the order of the link; two that belong together stand side by side where there is room."""
    fields = [
        Field(
            id=one.property.value,
            is_required=one.is_required,
            autocomplete=_AUTOCOMPLETE[one.property],
            keyboard=_KEYBOARDS.get(one.property),
        )
        for one in form_fields_of(link)
    ]
    pairs = {(first.value, second.value) for first, second in _PAIRS}
    rows: list[tuple[Field, ...]] = []
    for field in fields:
        if rows and len(rows[-1]) == 1 and (rows[-1][0].id, field.id) in pairs:
            rows[-1] = (rows[-1][0], field)
        else:
            rows.append((field,))
    return rows


def questions_of(link: MeetingLink) -> list[Mapping[str, Any]]:
    """The link's own questions, with everything that a template looks at."""
    return [{"kind": "TEXT", "required": False, "options": (), **question} for question in link.questions]
