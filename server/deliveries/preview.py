"""The mails that scheduling a meeting would send, before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass

from server.deliveries.confirmation import worded_confirmation
from server.deliveries.host_notice import worded_host_notice
from server.deliveries.occasion import Occasion
from server.deliveries.readers import attending_readers, host_reader
from server.mail_texts.queries import own_words
from server.meetings.facts import MeetingFacts

INVITED = "invited"


@dataclass(frozen=True, slots=True)
class PreviewedMail:
    """One mail that would leave: to whom, whether it is the one that tells the host, and what it would be called in
    their language."""

    email: str
    name: str
    is_host: bool
    subject: str


async def invitations(facts: MeetingFacts) -> tuple[PreviewedMail, ...]:
    """The mail to the host and those to everybody else who would be invited (S2-40), in the order of the attendees."""
    own, occasion = await own_words(facts.account.id), Occasion(INVITED, 0)
    reader = host_reader(facts)
    subject = worded_host_notice(facts, occasion, reader, own).subject
    mails = [PreviewedMail(facts.host.email, facts.host.name, True, subject)]
    for attendee, reading in attending_readers(facts):
        subject = worded_confirmation(facts, occasion, reading, own).subject
        mails.append(PreviewedMail(attendee.email, attendee.name, False, subject))
    return tuple(mails)
