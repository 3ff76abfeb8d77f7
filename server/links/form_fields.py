"""The properties of a contact that the form of a page asks for; for the e-mail address every page asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from server.complaints import Complaints
from server.errors import ErrorCode
from server.models import MeetingLink
from server.models.enums import LocationKind


class ContactProperty(StrEnum):
    """What a contact may be asked. The value is the name of the form's field, of the column of `Contact` where there is
    one, and of the key in `Contact.properties` where there is none."""

    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    PHONE = "phone"
    COMPANY = "company"
    JOB_TITLE = "job_title"
    WEBSITE = "website"
    STREET = "street"
    POSTAL_CODE = "postal_code"
    CITY = "city"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class FormField:
    """One property that the form asks for."""

    property: ContactProperty
    is_required: bool = False


USUAL = (FormField(ContactProperty.FIRST_NAME, True), FormField(ContactProperty.LAST_NAME))
"""What a page asks for that says nothing about it."""

_NAMES = frozenset({ContactProperty.FIRST_NAME, ContactProperty.LAST_NAME})
_ASKED_TWICE = "This is asked for already. Please name every property once."
_NOBODY = "Please keep the first or the last name among the fields: the host has to know who is coming."


def form_fields_of(link: MeetingLink) -> tuple[FormField, ...]:
    """What the form of the link's page asks for, in the order shown; a telephone number too where the host calls."""
    chosen = fields_from(link.form_fields) or USUAL
    is_called = link.location_kind is LocationKind.PHONE and not link.location_text
    if is_called and all(one.property is not ContactProperty.PHONE for one in chosen):
        return (*chosen, FormField(ContactProperty.PHONE))
    return chosen


def fields_from(kept: Sequence[Mapping[str, Any]]) -> tuple[FormField, ...]:
    """The fields as a link keeps them, `{"property", "required"}`, read back."""
    return tuple(FormField(ContactProperty(one["property"]), bool(one["required"])) for one in kept)


def checked_form_fields(wanted: Sequence[FormField], found: Complaints) -> list[dict[str, Any]]:
    """The fields as a link keeps them; none for what is usual. `SETTING_INVALID` for a property that is named twice,
    and for a form that asks for no name."""
    seen: set[ContactProperty] = set()
    for index, field in enumerate(wanted):
        if field.property in seen:
            found.add(ErrorCode.SETTING_INVALID, _ASKED_TWICE, "formFields", str(index), "property")
        seen.add(field.property)
    if wanted and not seen & _NAMES:
        found.add(ErrorCode.SETTING_INVALID, _NOBODY, "formFields")
    return [{"property": field.property.value, "required": field.is_required} for field in wanted]
