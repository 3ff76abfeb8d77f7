"""The mails to the host: who booked, moved or canceled, with the way to the contact and to the calendar."""

from __future__ import annotations

from collections.abc import Iterator

from server.accounts.notifications import Switch, wants
from server.booking.answers import answer_in_words
from server.deliveries.confirmation import reason_given
from server.deliveries.letters import letter_to_host
from server.deliveries.occasion import Occasion, occasion_of
from server.deliveries.own_words import in_own_words
from server.deliveries.post import SWITCHED_OFF, post
from server.deliveries.readers import Reader, contact_zone, host_reader
from server.deliveries.words import company_of, contact_name, facts_in_words, open_contact, open_event, say_with
from server.gateways.mail.rendering import Content
from server.mail_texts.queries import OwnWords, own_words
from server.meetings.facts import MeetingFacts, meeting_facts
from server.models import Job
from server.models.enums import MailKind
from server.video.waiting import wait_for_room
from server.wording import say, when


async def deliver_host_notice(job: Job) -> str:
    """The host has the mail of this occasion with the time, the contact's name and the invitation (S1-32, S2-28,
    S2-50). Returns what there is to note about how it went."""
    await wait_for_room(job)
    facts = await meeting_facts(job.meeting_id or 0)
    if not wants(facts.host, Switch.MEETING_MAILS):
        return SWITCHED_OFF
    occasion, own = occasion_of(job, facts), await own_words(job.account_id)
    reader = host_reader(facts)
    letter = letter_to_host(facts, occasion, reader, worded_host_notice(facts, occasion, reader, own), job)
    return await post(job, [letter], account=facts.account)


def worded_host_notice(facts: MeetingFacts, occasion: Occasion, reader: Reader, own: OwnWords) -> Content:
    """What the host reads, in the account's own words where it has some."""
    kind, content = MailKind(f"HOST_{occasion.kind.upper()}"), host_notice(facts, occasion, reader)
    return in_own_words(content, kind, own, facts, reader)


def host_notice(facts: MeetingFacts, occasion: Occasion, reader: Reader) -> Content:
    """What the host reads. The links lead to the contact and to the event in the built-in calendar (S1-33)."""
    meeting, locale = facts.meeting, reader.locale
    contact = contact_name(facts)
    moment = when.short(meeting.starts_at, reader.tz, locale)
    name = f"mail.host_{occasion.kind}"
    attending = tuple(_attending(facts))
    told = facts_in_words(facts, reader, other=(contact, contact_zone(facts)), others=attending, occasion=occasion)
    is_canceled = occasion.kind == "canceled"
    return Content(
        locale=locale,
        subject=say_with(locale, f"{name}.subject", title=meeting.title, contact=contact, when=moment),
        preheader=told[1].lines[0],
        opening=say_with(locale, f"{name}.opening", contact=contact),
        facts=told,
        company=company_of(facts, locale),
        why=say(locale, "mail.why_host"),
        buttons=(*open_contact(facts, locale), *(() if is_canceled else (open_event(facts, locale),))),
        notes=reason_given(facts, locale) if is_canceled else tuple(_notes(facts, contact, locale)),
        description="" if is_canceled else meeting.invited_description,
    )


def _attending(facts: MeetingFacts) -> Iterator[str]:
    for one in facts.attendees:
        if one.user_id != facts.host.id:
            yield f"{one.name} ({one.email})" if one.name else one.email


def _notes(facts: MeetingFacts, contact: str, locale: str) -> Iterator[str]:
    """How to reach the contact, and what they answered when they booked."""
    if facts.contact is not None and facts.contact.phone:
        yield say(locale, "mail.reach", contact=contact, ways=facts.contact.phone)
    for one in facts.meeting.answers:
        asked = one.get("label") or one.get("question", "")
        yield say(locale, "mail.answer", question=asked, answer=answer_in_words(one, locale))
