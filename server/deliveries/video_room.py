"""The video room of a meeting, and the mail to the host of one that could not be made."""

from __future__ import annotations

from server.deliveries.letters import letter_from_host
from server.deliveries.post import NOT_WANTED, post
from server.deliveries.readers import Reader, contact_zone, host_reader
from server.deliveries.words import company_of, contact_name, facts_in_words, open_event, say_with
from server.gateways.mail.rendering import Content
from server.meetings.facts import MeetingFacts, meeting_facts
from server.models import Job
from server.models.enums import JobKind
from server.outbox import HOST_LANE, enqueue
from server.video.rooms import has_room, keep_room, wants_room
from server.wording import say, when


async def deliver_video_room(job: Job) -> str:
    """The room is as the meeting wants it by now. Returns what there is to note about how it went."""
    return await keep_room(job)


async def warn_of_no_room(job: Job) -> None:
    """Inside a transaction: the host of a meeting whose room could not be made will be told so. Of a room that could
    not be given back they need not know."""
    if job.kind is JobKind.VIDEO_ROOM and "gone" not in job.payload:
        await enqueue(JobKind.VIDEO_WARNING_MAIL, account_id=job.account_id, meeting_id=job.meeting_id, lane=HOST_LANE)


async def deliver_video_warning(job: Job) -> str:
    """The host knows that their meeting has no room, unless it has one by now. Returns what there is to note about how
    it went."""
    facts = await meeting_facts(job.meeting_id or 0)
    if not wants_room(facts.meeting) or has_room(facts.meeting):
        return NOT_WANTED
    reader = host_reader(facts)
    letter = letter_from_host(facts, reader, video_warning(facts, reader), job, kind="video_warning")
    return await post(job, [letter], account=facts.account)


def video_warning(facts: MeetingFacts, reader: Reader) -> Content:
    """What the host reads: which meeting it is, and what they can do."""
    meeting, locale = facts.meeting, reader.locale
    contact = contact_name(facts)
    told = facts_in_words(facts, reader, other=(contact, contact_zone(facts)))
    moment = when.short(meeting.starts_at, reader.tz, locale)
    return Content(
        locale=locale,
        subject=say(locale, "mail.video_warning.subject", title=meeting.title, when=moment),
        preheader=say(locale, "mail.video_warning.next"),
        opening=say_with(locale, "mail.video_warning.opening", contact=contact),
        facts=told,
        company=company_of(facts, locale),
        why=say(locale, "mail.why_host"),
        buttons=(open_event(facts, locale),),
        notes=(say(locale, "mail.video_warning.next"),),
    )
