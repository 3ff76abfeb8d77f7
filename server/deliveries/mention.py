"""The mail to a colleague who was named in a note. It says where to read it, and nothing of what it says."""

from __future__ import annotations

from server.accounts.notifications import Switch, wants
from server.deliveries.addresses import meeting_address
from server.deliveries.letters import letter_from_host
from server.deliveries.post import NOT_WANTED, SWITCHED_OFF, post
from server.deliveries.readers import Reader, contact_zone, user_reader
from server.deliveries.words import company_of, contact_name, facts_in_words, open_contact
from server.gateways.mail.rendering import Action, Content
from server.meetings.facts import MeetingFacts, meeting_facts
from server.models import Job, User
from server.wording import say, when


async def deliver_mention(job: Job) -> str:
    """The colleague knows who named them, and at which meeting (S2-38). Returns what there is to note about how it
    went."""
    facts = await meeting_facts(job.meeting_id or 0)
    user = await User.get_or_none(id=job.payload["user_id"], account_id=job.account_id, is_active=True)
    if user is None or facts.meeting.deleted_at is not None:
        return NOT_WANTED
    if not wants(user, Switch.MENTION_MAILS):
        return SWITCHED_OFF
    reader = user_reader(user)
    letter = letter_from_host(facts, reader, mention(facts, reader, job.payload["author"]), job, kind="mention")
    return await post(job, [letter], account=facts.account)


def mention(facts: MeetingFacts, reader: Reader, author: str) -> Content:
    """What the colleague reads; `author` is empty for a program."""
    meeting, locale = facts.meeting, reader.locale
    who = author or company_of(facts, locale).name
    told = facts_in_words(facts, reader, other=(contact_name(facts), contact_zone(facts)))
    moment = when.short(meeting.starts_at, reader.tz, locale)
    return Content(
        locale=locale,
        subject=say(locale, "mail.mention.subject", author=who, title=meeting.title, when=moment),
        preheader=told[1].lines[0],
        opening=say(locale, "mail.mention.opening", author=who),
        facts=told,
        company=company_of(facts, locale),
        why=say(locale, "mail.why_mention"),
        buttons=open_contact(facts, locale) or (Action(say(locale, "mail.manage"), meeting_address(facts)),),
    )
