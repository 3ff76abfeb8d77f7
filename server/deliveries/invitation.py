"""A meeting as calendars know it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from server.deliveries.addresses import meeting_address
from server.deliveries.readers import Reader
from server.deliveries.words import where
from server.gateways.mail.ics import Invitation, Method, Person
from server.meetings.facts import MeetingFacts
from server.models import User
from server.models.enums import Reply
from server.rich_text import plain_text
from server.wording import say


def invitation_of(facts: MeetingFacts, method: Method, *, sequence: int, stamp: datetime, locale: str) -> Invitation:
    """What a calendar is told: everything the attendees may know, nothing internal. The host has accepted by offering
    the time; everybody else is shown as not responded until they reply (S1-35)."""
    meeting = facts.meeting
    return Invitation(
        method=method,
        uid=meeting.ical_uid,
        sequence=sequence,
        stamp=stamp,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        title=meeting.title,
        organizer=Person(facts.organizer.name, facts.organizer.email),
        attendees=tuple(_people(facts)),
        description="\n\n".join(_paragraphs(facts, locale)),
        location=where(facts, locale),
        url=meeting_address(facts) if shows_manage_links(facts) else "",
    )


def removal_of(facts: MeetingFacts, reader: Reader, *, organizer: User, sequence: int, stamp: datetime) -> Invitation:
    """What the calendar of somebody is told who is expected no more (RFC 5546, 3.2.5.1): to let go of the meeting, and
    nothing of how to reach it."""
    return Invitation(
        method=Method.CANCEL,
        uid=facts.meeting.ical_uid,
        sequence=sequence,
        stamp=stamp,
        starts_at=facts.meeting.starts_at,
        ends_at=facts.meeting.ends_at,
        title=facts.meeting.title,
        organizer=Person(organizer.name, organizer.email),
        attendees=(Person(reader.mailbox.name, reader.mailbox.email),),
        only_these=True,
    )


def shows_manage_links(facts: MeetingFacts) -> bool:
    """Whether mails and invitations say where to move or cancel: for bookings, unless the link has it off (S1-37)."""
    return facts.link is not None and facts.link.shows_manage_links


def _people(facts: MeetingFacts) -> Iterator[Person]:
    host = facts.host
    yield Person(host.name, host.email, "ACCEPTED")
    for attendee in facts.attendees:
        if attendee.user_id != host.id and attendee.email.lower() != host.email.lower():
            yield Person(attendee.name, attendee.email, Reply(attendee.reply).value.replace("_", "-"))


def _paragraphs(facts: MeetingFacts, locale: str) -> Iterator[str]:
    if facts.meeting.location_join_url:
        yield f"{say(locale, 'mail.join')}: {facts.meeting.location_join_url}"
    if description := plain_text(facts.meeting.invited_description):
        yield description
    if shows_manage_links(facts):
        yield f"{say(locale, 'mail.change')} {meeting_address(facts)}"
