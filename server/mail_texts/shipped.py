"""The words that mails have as long as the account has none of its own, as somebody sees them who edits them. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from server.models.enums import MailKind
from server.wording.catalogue import catalogue

# Some sentences name a value by what it is to the program.
_AS_EDITED = {"{count}": "{minutes}", "{name}": "{attendee}"}


@dataclass(frozen=True, slots=True)
class Words:
    """What of a mail is the account's to word; an empty part is worded as usual. No mail has a usual closing."""

    subject: str = ""
    opening: str = ""
    closing: str = ""


def shipped(kind: MailKind, language: str) -> Words:
    """Subject and opening as this release words them in one of `LOCALES`."""
    return Words(_sentence(kind, "subject", language), _sentence(kind, "opening", language))


def _sentence(kind: MailKind, part: str, language: str) -> str:
    key = f"mail.{kind.value.lower()}.{part}"
    sentences = (catalogue(spoken).get(name) for spoken in (language, "en") for name in (key, f"{key}.other"))
    sentence = next(one for one in sentences if one is not None)
    for own, edited in _AS_EDITED.items():
        sentence = sentence.replace(own, edited)
    return sentence
