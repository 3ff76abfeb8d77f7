"""The last mail to somebody who is expected no more, while the meeting stands for the others."""

from __future__ import annotations

import copy
import dataclasses

from server.deliveries.letters import letter_of_removal
from server.deliveries.occasion import Occasion, occasion_of
from server.deliveries.own_words import in_own_words
from server.deliveries.post import post
from server.deliveries.readers import Reader, contact_zone, gone_reader
from server.deliveries.words import company_of, contact_name, facts_in_words, say_with
from server.gateways.mail.rendering import Content
from server.mail_texts.queries import OwnWords, own_words
from server.meetings.facts import MeetingFacts, meeting_facts
from server.models import Job, User
from server.models.enums import JobKind, MailKind
from server.wording import say, when


async def deliver_removal(job: Job) -> str:
    """Whoever the job names, as an attendee who was taken off or as the host before, has been told so, and their
    calendar with them. Returns what there is to note about how it went."""
    facts = await meeting_facts(job.meeting_id or 0)
    occasion = occasion_of(job, facts)
    known = _as_known(facts, occasion)
    organizer = await User.get(id=job.payload["organizer_id"])
    kind = "host_gone" if job.kind is JobKind.HOST_NOTICE_MAIL else "gone"
    own = await own_words(job.account_id)
    letters = [
        letter_of_removal(
            known,
            occasion.sequence,
            reader,
            worded_removal(known, kind, reader, own),
            job,
            kind=kind,
            organizer=organizer,
        )
        for reader in (gone_reader(one, known) for one in job.payload["to"])
    ]
    return await post(job, letters, account=facts.account)


def worded_removal(facts: MeetingFacts, kind: str, reader: Reader, own: OwnWords) -> Content:
    """What they read, in the account's own words where it has some."""
    return in_own_words(removal(facts, kind, reader), MailKind(kind.upper()), own, facts, reader)


def removal(facts: MeetingFacts, kind: str, reader: Reader) -> Content:
    """What they read: which meeting it was, and nothing of where it will be. `kind` is `gone` or `host_gone`."""
    meeting, locale = facts.meeting, reader.locale
    host, contact = facts.host.name, contact_name(facts)
    other = (contact, contact_zone(facts)) if kind == "host_gone" else (host, facts.host.time_zone)
    told = facts_in_words(facts, reader, other=other)[:2]
    moment = when.short(meeting.starts_at, reader.tz, locale)
    return Content(
        locale=locale,
        subject=say_with(locale, f"mail.{kind}.subject", title=meeting.title, contact=other[0], when=moment),
        preheader=told[1].lines[0],
        opening=say_with(locale, f"mail.{kind}.opening", host=host, contact=other[0]),
        facts=told,
        company=company_of(facts, locale),
        why=say(locale, f"mail.why_{kind}", email=reader.mailbox.email),
    )


def _as_known(facts: MeetingFacts, occasion: Occasion) -> MeetingFacts:
    """The facts with the time that was in the calendars of those who are gone."""
    meeting = copy.copy(facts.meeting)
    meeting.starts_at = occasion.was_starts_at or meeting.starts_at
    meeting.ends_at = occasion.was_ends_at or meeting.ends_at
    return dataclasses.replace(facts, meeting=meeting)
