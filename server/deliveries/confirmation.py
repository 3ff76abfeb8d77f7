"""The mails to everybody who is expected: booked, invited, moved, canceled, changed, each with its invitation."""

from __future__ import annotations

from urllib.parse import urlsplit

from server.deliveries.addresses import book_again_address, meeting_address
from server.deliveries.invitation import shows_manage_links
from server.deliveries.letters import letter_to_attendee
from server.deliveries.occasion import Occasion, occasion_of
from server.deliveries.own_words import in_own_words
from server.deliveries.post import post
from server.deliveries.readers import Reader, attending_readers
from server.deliveries.words import company_of, facts_in_words
from server.gateways.mail.rendering import Action, Content
from server.mail_texts.queries import OwnWords, own_words
from server.meetings.facts import MeetingFacts, meeting_facts
from server.models import Job
from server.models.enums import MailKind
from server.video.waiting import wait_for_room
from server.wording import say, when


async def deliver_confirmation(job: Job) -> str:
    """Every attendee except the host has the mail of this occasion, in their zone and language, with the invitation in
    it (S1-34, S2-27). Returns what there is to note about how it went."""
    await wait_for_room(job)
    facts = await meeting_facts(job.meeting_id or 0)
    occasion, own = occasion_of(job, facts), await own_words(job.account_id)
    letters = [
        letter_to_attendee(facts, occasion, reader, worded_confirmation(facts, occasion, reader, own), job)
        for _, reader in attending_readers(facts)
    ]
    return await post(job, letters, account=facts.account)


def worded_confirmation(facts: MeetingFacts, occasion: Occasion, reader: Reader, own: OwnWords) -> Content:
    """What an attendee reads, in the account's own words where it has some."""
    kind, content = MailKind(occasion.kind.upper()), confirmation(facts, occasion, reader)
    return in_own_words(content, kind, own, facts, reader)


def confirmation(facts: MeetingFacts, occasion: Occasion, reader: Reader) -> Content:
    """What an attendee reads, as we word it."""
    meeting, locale = facts.meeting, reader.locale
    moment = when.short(meeting.starts_at, reader.tz, locale)
    name = f"mail.{occasion.kind}"
    is_canceled = occasion.kind == "canceled"
    host_side, others = (_first_name(facts), facts.host.time_zone), _others(facts, reader)
    told = facts_in_words(facts, reader, other=host_side, others=others, occasion=occasion)
    return Content(
        locale=locale,
        subject=say(locale, f"{name}.subject", title=meeting.title, when=moment),
        preheader=told[1].lines[0],
        opening=say(locale, f"{name}.opening", host=facts.host.name),
        facts=told,
        company=company_of(facts, locale),
        why=say(locale, "mail.why_attendee", email=reader.mailbox.email),
        buttons=_book_again(facts, locale) if is_canceled else join_button(facts, locale),
        notes=reason_given(facts, locale) if is_canceled else (),
        description="" if is_canceled else meeting.invited_description,
        ways_out_intro="" if is_canceled else say(locale, "mail.change"),
        ways_out=() if is_canceled else ways_out(facts, locale),
    )


def ways_out(facts: MeetingFacts, locale: str) -> tuple[Action, ...]:
    """Where to move or cancel the meeting, if its link says so (S1-36, S1-37)."""
    if not shows_manage_links(facts):
        return ()
    page = meeting_address(facts)
    return (Action(say(locale, "mail.move"), f"{page}/move"), Action(say(locale, "mail.cancel"), f"{page}/cancel"))


def join_button(facts: MeetingFacts, locale: str) -> tuple[Action, ...]:
    """Where the call is, if there is one that a browser can open."""
    url = facts.meeting.location_join_url or ""
    is_of_the_web = urlsplit(url).scheme in ("https", "http")
    return (Action(say(locale, "mail.join"), url),) if is_of_the_web else ()


def reason_given(facts: MeetingFacts, locale: str) -> tuple[str, ...]:
    """Why the meeting was canceled, in the words of who did."""
    reason = facts.meeting.cancel_reason.strip()
    return (say(locale, "mail.reason", reason=reason),) if reason else ()


def _book_again(facts: MeetingFacts, locale: str) -> tuple[Action, ...]:
    url = book_again_address(facts)
    return (Action(say(locale, "mail.book_again"), url),) if url else ()


def _others(facts: MeetingFacts, reader: Reader) -> tuple[str, ...]:
    """The people the reader meets: the host, and colleagues of the house who attend; guests are not told of others."""
    colleagues = (one.name or one.email for one in facts.attendees if one.user_id not in (None, facts.host.id))
    names = [one for one in colleagues if one != reader.mailbox.name]
    return (say(reader.locale, "mail.host", name=facts.host.name), *names)


def _first_name(facts: MeetingFacts) -> str:
    return (facts.host.name.split() or [facts.host.name])[0]
