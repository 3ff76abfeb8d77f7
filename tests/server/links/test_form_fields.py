"""What a form asks for besides the e-mail address."""

from __future__ import annotations

import pytest

from server.links.form_fields import ContactProperty, FormField, form_fields_of
from server.models import MeetingLink
from server.models.enums import LocationKind

FIRST, LAST = FormField(ContactProperty.FIRST_NAME, True), FormField(ContactProperty.LAST_NAME)
PHONE, NEEDED = FormField(ContactProperty.PHONE), FormField(ContactProperty.PHONE, True)
CHOSEN = [{"property": "company", "required": False}, {"property": "first_name", "required": True}]
COMPANY = FormField(ContactProperty.COMPANY)


@pytest.mark.capability("S1-44")
@pytest.mark.parametrize(
    ("link", "asked"),
    [
        ({}, (FIRST, LAST)),
        ({"location_kind": LocationKind.PHONE}, (FIRST, LAST, PHONE)),
        ({"location_kind": LocationKind.PHONE, "location_text": "+48 600 100 200"}, (FIRST, LAST)),
        ({"form_fields": CHOSEN}, (COMPANY, FIRST)),
        ({"form_fields": CHOSEN, "location_kind": LocationKind.PHONE}, (COMPANY, FIRST, PHONE)),
        (
            {
                "form_fields": [*CHOSEN, {"property": "phone", "required": True}],
                "location_kind": LocationKind.PHONE,
            },
            (COMPANY, FIRST, NEEDED),
        ),
    ],
)
def test_a_form_asks_what_was_chosen_and_for_the_number_that_the_host_calls(
    link: dict[str, object], asked: tuple[FormField, ...]
) -> None:
    assert form_fields_of(MeetingLink(**link)) == asked
