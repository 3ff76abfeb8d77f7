"""The mail to the host about a reply that an attendee sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from server.deliveries.addresses import contact_address
from server.deliveries.letters import letter_about_reply
from server.deliveries.own_words import in_own_words
from server.deliveries.post import NOT_WANTED, post
from server.deliveries.readers import Reader, contact_zone, host_reader
from server.deliveries.words import company_of, facts_in_words, open_event
from server.gateways.mail.rendering import Action, Content, Fact
from server.mail_texts.queries import OwnWords, own_words
from server.meetings.facts import MeetingFacts, meeting_facts
from server.meetings.replies import ReplyNotice
from server.models import Attendee, Job
from server.models.enums import MailKind
from server.wording import say, when


async def deliver_reply_notice(job: Job) -> str:
    """The host knows what an attendee replied; a reply that another one has overtaken, or to a meeting that is off, is
    no news. Returns what there is to note about how it went."""
    facts = await meeting_facts(job.meeting_id or 0)
    notice = ReplyNotice.of(job.payload)
    attendee = next((one for one in facts.attendees if one.id == notice.attendee_id), None)
    is_off = facts.meeting.canceled_at is not None or facts.meeting.deleted_at is not None
    if attendee is None or is_off or (not notice.is_proposal and attendee.reply is not notice.reply):
        return NOT_WANTED
    reader = host_reader(facts)
    content = worded_reply_notice(facts, attendee, notice, reader, await own_words(job.account_id))
    letter = letter_about_reply(facts, attendee, reader, content, job, kind=kind_of(notice))
    return await post(job, [letter], account=facts.account)


def worded_reply_notice(
    facts: MeetingFacts, attendee: Attendee, notice: ReplyNotice, reader: Reader, own: OwnWords
) -> Content:
    """What the host reads, in the account's own words where it has some."""
    content, who = reply_notice(facts, attendee, notice, reader), attendee.name or attendee.email
    return in_own_words(content, kind_of(notice), own, facts, reader, attendee=who, contact=who)


def reply_notice(facts: MeetingFacts, attendee: Attendee, notice: ReplyNotice, reader: Reader) -> Content:
    """What the host reads, as we word it."""
    meeting, locale = facts.meeting, reader.locale
    who = attendee.name or attendee.email
    attending = f"{attendee.name} ({attendee.email})" if attendee.name else attendee.email
    told = facts_in_words(facts, reader, other=(who, contact_zone(facts)), others=(attending,))
    name = f"mail.{kind_of(notice).value.lower()}"
    moment = when.short(meeting.starts_at, reader.tz, locale)
    to_contact = Action(say(locale, "mail.open_contact", contact=who), contact_address(facts))
    to_event = open_event(facts, locale)
    return Content(
        locale=locale,
        subject=say(locale, f"{name}.subject", title=meeting.title, contact=who, when=moment),
        preheader=told[1].lines[0],
        opening=say(locale, f"{name}.opening", contact=who),
        facts=(*told[:2], *_proposed(notice, reader), *told[2:]),
        company=company_of(facts, locale),
        why=say(locale, "mail.why_host"),
        buttons=(to_contact, to_event) if attendee.contact_id == meeting.contact_id else (to_event,),
        notes=(say(locale, "mail.reply.comment", contact=who, comment=notice.comment),) if notice.comment else (),
    )


def kind_of(notice: ReplyNotice) -> MailKind:
    """Which mail tells of it."""
    return MailKind.HOST_PROPOSED if notice.is_proposal else MailKind(f"HOST_{notice.reply.value}")


def _proposed(notice: ReplyNotice, reader: Reader) -> Iterator[Fact]:
    if notice.proposed is not None:
        starts_at, ends_at = (datetime.fromtimestamp(seconds, UTC) for seconds in notice.proposed)
        spelled = when.spell(starts_at, ends_at, reader.tz, reader.locale)
        yield Fact(say(reader.locale, "mail.proposed"), (spelled,), is_strong=True)
