"""Who reads a mail about a meeting, in which zone and which language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from server.gateways.mail.messages import Mailbox
from server.meetings.facts import MeetingFacts
from server.models import Attendee, User
from server.models.enums import MeetingSource, ReminderZoneRule
from server.wording import best_locale, regional_locale


@dataclass(frozen=True, slots=True)
class Reader:
    """Where a mail goes, and how it is written: `locale` chooses words and formats, `tz` the zone of every time."""

    mailbox: Mailbox
    tz: str
    locale: str


def host_reader(facts: MeetingFacts) -> Reader:
    """The host, in their own zone and language."""
    return user_reader(facts.host)


def user_reader(user: User) -> Reader:
    """A colleague, in their own zone and language."""
    return Reader(Mailbox(user.name, user.email), user.time_zone, regional_locale(user.locale))


def attending_readers(facts: MeetingFacts) -> Iterator[tuple[Attendee, Reader]]:
    """Everybody expected except the host, who hears of the meeting in another way."""
    for attendee in facts.attendees:
        if attendee.user_id != facts.host.id and attendee.email.lower() != facts.host.email.lower():
            yield attendee, _attending_reader(attendee, facts)


def gone_reader(gone: Mapping[str, str | None], facts: MeetingFacts) -> Reader:
    """Somebody who is expected no more, as the job kept them: `{"email", "name", "time_zone", "locale"}`."""
    mailbox = Mailbox(gone["name"] or "", gone["email"] or "")
    tz, locale = gone["time_zone"] or facts.meeting.time_zone, gone["locale"] or facts.meeting.locale
    return Reader(mailbox, tz, _spoken(locale, facts))


def reminder_zone(facts: MeetingFacts, rule: ReminderZoneRule) -> str:
    """The zone in which a reminder is written (S2-19)."""
    if rule is ReminderZoneRule.CONTACT and facts.contact is not None and facts.contact.time_zone:
        return facts.contact.time_zone
    return facts.account.time_zone if rule is ReminderZoneRule.ACCOUNT else facts.meeting.time_zone


def contact_zone(facts: MeetingFacts) -> str:
    """Where the other side is: the zone chosen while booking, else the contact's own, else the meeting's."""
    known = facts.contact.time_zone if facts.contact is not None else None
    chose = facts.meeting.source is MeetingSource.MEETING_LINK
    return facts.meeting.time_zone if chose else known or facts.meeting.time_zone


def _attending_reader(attendee: Attendee, facts: MeetingFacts) -> Reader:
    """A colleague and a contact read as they live; whoever booked, as they chose while booking; a guest, of whom
    nothing is known, as the meeting says."""
    colleague = facts.users.get(attendee.user_id or 0)
    tz, locale = (colleague.time_zone, colleague.locale) if colleague is not None else _lives(attendee, facts)
    spoken = _spoken(locale or facts.meeting.locale, facts)
    return Reader(Mailbox(attendee.name, attendee.email), tz or facts.meeting.time_zone, spoken)


def _lives(attendee: Attendee, facts: MeetingFacts) -> tuple[str | None, str | None]:
    """The zone and the language of a contact, as far as they are known."""
    has_chosen = facts.meeting.source is MeetingSource.MEETING_LINK and attendee.contact_id == facts.meeting.contact_id
    contact = facts.contacts.get(attendee.contact_id or 0)
    return (None, None) if has_chosen or contact is None else (contact.time_zone, contact.locale)


def _spoken(tag: str, facts: MeetingFacts) -> str:
    return regional_locale(tag, default=best_locale(facts.account.locale))
