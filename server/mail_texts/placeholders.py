"""The values that an account's own words may name, and what becomes of a text that names one. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from server.models.enums import MailKind

_ATTENDEE = ("attendee", "host", "title", "when", "when_in_full", "location", "company")
_HOST = ("contact", "attendee", "host", "title", "when", "when_in_full", "location", "company")
_PAYMENT = ("attendee", "title", "amount", "when", "when_in_full", "company")

PLACEHOLDERS: Mapping[MailKind, tuple[str, ...]] = MappingProxyType(
    {
        **{kind: _HOST if kind.value.startswith("HOST_") else _ATTENDEE for kind in MailKind},
        **{kind: _PAYMENT for kind in MailKind if kind.value.startswith("PAYMENT_")},
        MailKind.LATE: (*_ATTENDEE, "minutes"),
        MailKind.HOST_CALENDAR: ("calendar", "host", "when", "when_in_full", "company"),
    }
)
"""What each kind of mail can say. Internal notes are not among it, nor anything else that attendees must not read."""

_BRACED = re.compile(r"\{([^{}]*)\}")


def unknown_placeholders(text: str, kind: MailKind) -> list[str]:
    """Whatever stands in braces and is no placeholder of that kind of mail, in the order of the text."""
    return [name for name in _BRACED.findall(text) if name not in PLACEHOLDERS[kind]]


def filled(text: str, kind: MailKind, values: Mapping[str, str]) -> str | None:
    """The text with its placeholders filled in, each once: what a value says is never read for placeholders again.

    None if it names one that this kind of mail does not have, as after an upgrade, or that `values` say nothing of: the
    shipped words do then."""
    if unknown_placeholders(text, kind) or any(name not in values for name in _BRACED.findall(text)):
        return None
    return _BRACED.sub(lambda found: values[found[1]], text)
