"""The mail that says the host will be late."""

from __future__ import annotations

import dataclasses

from server import clock
from server.deliveries.confirmation import confirmation, join_button
from server.deliveries.letters import letter_from_host
from server.deliveries.occasion import Occasion
from server.deliveries.own_words import in_own_words
from server.deliveries.post import NOT_WANTED, post
from server.deliveries.readers import Reader, attending_readers
from server.gateways.mail.rendering import Content
from server.mail_texts.queries import OwnWords, own_words
from server.meetings.facts import MeetingFacts, meeting_facts
from server.models import Job
from server.models.enums import MailKind
from server.reminders.due import is_reminded
from server.wording import say, when
from server.wording.catalogue import number


async def deliver_late_notice(job: Job) -> str:
    """Everybody expected who has not declined knows how late the host is, unless the meeting is over, off or moved by
    now. Returns what there is to note about how it went."""
    facts = await meeting_facts(job.meeting_id or 0)
    meeting = facts.meeting
    is_off = meeting.canceled_at is not None or meeting.deleted_at is not None or meeting.ends_at <= clock.now()
    if is_off or int(meeting.starts_at.timestamp()) != job.payload["starts_at"]:
        return NOT_WANTED
    minutes, own = int(job.payload["minutes"]), await own_words(job.account_id)
    letters = [
        letter_from_host(facts, reader, worded_late_notice(facts, reader, minutes, own), job, kind="late")
        for attendee, reader in attending_readers(facts)
        if is_reminded(attendee.reply)
    ]
    return await post(job, letters, account=facts.account)


def worded_late_notice(facts: MeetingFacts, reader: Reader, minutes: int, own: OwnWords) -> Content:
    """What an attendee reads, in the account's own words where it has some."""
    content = late_notice(facts, reader, minutes)
    return in_own_words(content, MailKind.LATE, own, facts, reader, minutes=number(minutes, reader.locale))


def late_notice(facts: MeetingFacts, reader: Reader, minutes: int) -> Content:
    """What an attendee reads."""
    locale, meeting = reader.locale, facts.meeting
    usual = confirmation(facts, Occasion("booked", meeting.ical_sequence), reader)
    return dataclasses.replace(
        usual,
        subject=say(
            locale, "mail.late.subject", title=meeting.title, when=when.short(meeting.starts_at, reader.tz, locale)
        ),
        opening=say(locale, "mail.late.opening", host=facts.host.name, count=minutes),
        buttons=join_button(facts, locale),
    )
