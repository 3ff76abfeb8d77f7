from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.mail_texts.placeholders import PLACEHOLDERS, filled, unknown_placeholders
from server.mail_texts.shipped import Words, shipped
from server.models.enums import MailKind
from server.wording import LOCALES

VALUES = {name: f"<{name}>" for names in PLACEHOLDERS.values() for name in names}


def test_every_placeholder_is_filled_in() -> None:
    text = "{attendee} meets {host}: {title}, {when}"
    assert filled(text, MailKind.BOOKED, VALUES) == "<attendee> meets <host>: <title>, <when>"


def test_a_value_is_not_read_for_placeholders_again() -> None:
    values = {"title": "{host} {internal_notes}", "host": "Ines"}
    assert filled("{title}", MailKind.BOOKED, values) == "{host} {internal_notes}"


@pytest.mark.parametrize(
    "name", ["internal_notes", "notes", "meeting.internal_notes", "0", "", "host!r", "host:>999", " host"]
)
@pytest.mark.parametrize("kind", MailKind)
def test_anything_else_in_braces_is_unknown(kind: MailKind, name: str) -> None:
    text = f"Read this: {{{name}}}"
    assert unknown_placeholders(text, kind) == [name]
    assert filled(text, kind, VALUES) is None


def test_what_attendees_must_not_read_is_no_placeholder() -> None:
    named = {name for names in PLACEHOLDERS.values() for name in names}
    assert {name for name in named if "note" in name or "outcome" in name or "email" in name} == set()


def test_guests_are_not_told_of_the_contact() -> None:
    assert unknown_placeholders("{contact}", MailKind.BOOKED) == ["contact"]
    assert unknown_placeholders("{contact}", MailKind.HOST_BOOKED) == []


@pytest.mark.parametrize("kind", MailKind)
@pytest.mark.parametrize("language", LOCALES)
def test_the_usual_words_could_be_saved_as_they_are(kind: MailKind, language: str) -> None:
    usual = shipped(kind, language)
    assert usual == Words(usual.subject, usual.opening)
    assert "" not in (usual.subject, usual.opening)
    assert unknown_placeholders(f"{usual.subject} {usual.opening}", kind) == []


@given(st.text(max_size=200), st.sampled_from(list(MailKind)))
def test_a_text_is_either_filled_or_refused(text: str, kind: MailKind) -> None:
    assert (filled(text, kind, VALUES) is None) is bool(unknown_placeholders(text, kind))
