"""Who books: the properties of a contact that a page asks for, checked: pure, all complaints at once."""

from __future__ import annotations

from collections.abc import Mapping

from server.booking.form import is_phone
from server.checks import short_text, valid_email
from server.complaints import Complaints
from server.contacts.upsert import Person
from server.errors import ErrorCode
from server.links.form_fields import ContactProperty, form_fields_of
from server.models import MeetingLink

ALWAYS_TAKEN = {
    ContactProperty.FIRST_NAME: "firstName",
    ContactProperty.LAST_NAME: "lastName",
    ContactProperty.PHONE: "phone",
}
"""What a client may send whether it is asked for or not, by the name of its input field."""

_LONGEST = {ContactProperty.PHONE: 64, ContactProperty.WEBSITE: 500}
_LONGEST_OTHER = 200
_NAMES = (ContactProperty.FIRST_NAME, ContactProperty.LAST_NAME)
_NO_NAME = "Please write your name, so that your host knows who is coming."
_NO_PHONE = "Please write a telephone number with its country code, such as +48 600 100 200."
_NO_ADDRESS = "Please write the address of a web site, such as www.example.com."
_NOT_ASKED = "This page does not ask for that (any more). Please load the page again."


def checked_person(email: str, given: Mapping[str, str], link: MeetingLink, found: Complaints) -> Person:
    """The visitor, with every text cleaned; `given` is by the names of `ContactProperty`. `EMAIL_INVALID`,
    `NAME_REQUIRED`, `TEXT_TOO_LONG`; `ANSWER_MISSING` and `ANSWER_INVALID` name the property, a property that the page
    does not ask for among them."""
    address = found.ask(valid_email, email, "email") or ""
    asked = {field.property for field in form_fields_of(link)} | ALWAYS_TAKEN.keys()
    said = {one: _cleaned(one, given.get(one.value, ""), found) for one in ContactProperty if one in asked}
    for name in sorted(given.keys() - {one.value for one in asked}):
        found.add(ErrorCode.ANSWER_INVALID, _NOT_ASKED, "properties", name[:80])
    _ask_for_names(link, said, found)
    for field in form_fields_of(link):
        if field.is_required and field.property not in _NAMES and not given.get(field.property.value, "").strip():
            message = _NO_PHONE if field.property is ContactProperty.PHONE else "Please fill this in."
            found.add(ErrorCode.ANSWER_MISSING, message, *path_of(field.property))
    return Person(
        email=address,
        first_name=said[ContactProperty.FIRST_NAME],
        last_name=said[ContactProperty.LAST_NAME],
        phone=said[ContactProperty.PHONE],
        properties={one.value: text for one, text in said.items() if text and one not in ALWAYS_TAKEN},
    )


def path_of(property: ContactProperty) -> tuple[str, ...]:
    """Where a complaint about a property points: `firstName`, `lastName`, `phone`, or `properties` and its name."""
    own = ALWAYS_TAKEN.get(property)
    return (own,) if own is not None else ("properties", property.value)


def _cleaned(property: ContactProperty, text: str, found: Complaints) -> str:
    path = path_of(property)
    cleaned = found.ask(short_text, text, _LONGEST.get(property, _LONGEST_OTHER), *path) or ""
    if property is ContactProperty.PHONE and cleaned and not is_phone(cleaned):
        found.add(ErrorCode.ANSWER_INVALID, _NO_PHONE, *path)
    if property is ContactProperty.WEBSITE and cleaned and ("." not in cleaned or " " in cleaned):
        found.add(ErrorCode.ANSWER_INVALID, _NO_ADDRESS, *path)
    return cleaned


def _ask_for_names(link: MeetingLink, said: Mapping[ContactProperty, str], found: Complaints) -> None:
    """One of the names at least; each that is required, where the link itself says so."""
    required = {field.property for field in form_fields_of(link) if field.is_required}
    missing = [one for one in _NAMES if one in required and not said[one]] if link.form_fields else []
    if not any(said[one] for one in _NAMES):
        shown = [field.property for field in form_fields_of(link) if field.property in _NAMES]
        missing = missing or shown[:1]
    for one in missing:
        found.add(ErrorCode.NAME_REQUIRED, _NO_NAME, *path_of(one))
