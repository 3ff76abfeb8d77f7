"""A mail in the account's own words, where it has some."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from server.deliveries.readers import Reader
from server.deliveries.words import contact_name, where
from server.gateways.mail.messages import one_line
from server.gateways.mail.rendering import Content
from server.mail_texts.placeholders import filled
from server.mail_texts.queries import OwnWords
from server.mail_texts.shipped import Words
from server.meetings.facts import MeetingFacts
from server.models.enums import MailKind
from server.wording import when
from server.wording.catalogue import isolated, language_of


def in_own_words(
    content: Content, kind: MailKind, own: OwnWords, facts: MeetingFacts, reader: Reader, **more: str
) -> Content:
    """The mail about a meeting with subject, opening and closing as the account words them in the reader's language."""
    return worded(content, kind, own, values_of(kind, facts, reader) | more)


def worded(content: Content, kind: MailKind, own: OwnWords, values: Mapping[str, str]) -> Content:
    """The mail in the account's own words, in which every value keeps its own direction. A part that it does not word,
    or words with a placeholder that this release lacks or this mail has nothing for, is as usual."""
    words = own.get((kind.value, language_of(content.locale)), Words())
    spoken = {name: isolated(content.locale, value) for name, value in values.items()}
    subject, opening, closing = (filled(part, kind, spoken) for part in (words.subject, words.opening, words.closing))
    return dataclasses.replace(
        content,
        subject=one_line(subject or "") or content.subject,
        opening=one_line(opening or "") or content.opening,
        closing=closing or "",
    )


def values_of(kind: MailKind, facts: MeetingFacts, reader: Reader) -> dict[str, str]:
    """What the placeholders of a mail about a meeting stand for. In a mail to the host the attendee is the contact, of
    whom nothing is said where nobody else is expected."""
    meeting, locale, contact = facts.meeting, reader.locale, contact_name(facts)
    attendee = contact if kind.value.startswith("HOST_") else reader.mailbox.name or reader.mailbox.email
    known = {"attendee": attendee, "contact": contact}
    return {
        **{name: value for name, value in known.items() if value},
        "host": facts.host.name,
        "title": meeting.title,
        "when": when.short(meeting.starts_at, reader.tz, locale),
        "when_in_full": when.spell(meeting.starts_at, meeting.ends_at, reader.tz, locale),
        "location": where(facts, locale),
        "company": facts.account.public_name,
    }
