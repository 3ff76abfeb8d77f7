"""What the form of a page asks for, and what it wants agreed to."""

from collections.abc import Mapping, Sequence
from typing import Any

import strawberry

from schema.enums import dressed
from server.links import consent, form_fields
from server.links.consent import ConsentKind
from server.links.form_fields import ContactProperty

__all__ = [
    "Consent",
    "ConsentBox",
    "ConsentKind",
    "ContactProperty",
    "FormField",
    "asked",
    "consent_from",
    "form_fields_from",
    "shown_fields",
]

dressed(
    ContactProperty,
    "A property of a contact that a form may ask for. The list may grow: show one you do not know as a line of text.",
    FIRST_NAME="The first name.",
    LAST_NAME="The last name.",
    PHONE="The telephone number, with its country code.",
    COMPANY="The company they work for.",
    JOB_TITLE="What they do there.",
    WEBSITE="An address on the web.",
    STREET="Street and number.",
    POSTAL_CODE="The postal code.",
    CITY="The city.",
    COUNTRY="The country.",
)

dressed(
    ConsentKind,
    "How the text of a consent is put to a visitor. The list may grow: show a kind you do not know as CHECKBOX.",
    NOTICE="It stands beside the button: who books agrees.",
    CHECKBOX="It is the label of a box, and nobody books without ticking it.",
    LEGITIMATE_INTEREST="It says on what ground data is kept; nothing is asked.",
)


@strawberry.type(description="A property of a contact that the form asks for.")
class FormField:
    property: ContactProperty = strawberry.field(description="The property.")
    is_required: bool = strawberry.field(description="Whether nobody books without it.")


@strawberry.type(description="A box to be ticked, never in advance.")
class ConsentBox:
    key: str = strawberry.field(description="What a booking names in `consents` if it was ticked.")
    label: str = strawberry.field(description="What is agreed to.")
    is_required: bool = strawberry.field(description="Whether nobody books without ticking it.")


@strawberry.type(description="What a visitor agrees to by booking, and what to besides.")
class Consent:
    kind: ConsentKind = strawberry.field(description="How the text is put.")
    text: str = strawberry.field(description="The text.")
    boxes: list[ConsentBox] = strawberry.field(description="Boxes to be ticked, in the order shown. At most 11.")


def form_fields_from(kept: Sequence[Mapping[str, Any]]) -> list[FormField]:
    """What a link says that its form asks for, as colleagues see it; what is usual where it says nothing."""
    return shown_fields(form_fields.fields_from(kept) or form_fields.USUAL)


def shown_fields(fields: Sequence[form_fields.FormField]) -> list[FormField]:
    """The fields of a form, as clients see them."""
    return [FormField(property=one.property, is_required=one.is_required) for one in fields]


def consent_from(kept: Mapping[str, Any] | None) -> Consent | None:
    """The consent of a link as colleagues see and edit it; None where it has none of its own."""
    if kept is None:
        return None
    own = consent.consent_from(kept)
    return Consent(kind=own.kind, text=own.text, boxes=_boxes(own.boxes))


def asked(consent_asked: consent.Consent) -> Consent:
    """The consent as visitors meet it: with every box there is, that of a CHECKBOX text first."""
    return Consent(kind=consent_asked.kind, text=consent_asked.text, boxes=_boxes(consent_asked.all_boxes))


def _boxes(boxes: Sequence[consent.ConsentBox]) -> list[ConsentBox]:
    return [ConsentBox(key=one.key, label=one.label, is_required=one.is_required) for one in boxes]
