"""Words become a letter: from whom, to whom, with which calendar message, under which lasting id."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from server import ids, settings
from server.deliveries.invitation import invitation_of, removal_of
from server.deliveries.occasion import Occasion
from server.deliveries.readers import Reader
from server.gateways.mail.ics import Invitation, Method, icalendar_bytes
from server.gateways.mail.messages import Letter, Mailbox
from server.gateways.mail.rendering import Content, as_html, as_text
from server.meetings.facts import MeetingFacts
from server.models import Account, Attendee, Job, User
from server.models.enums import MailKind
from server.wording import say


def letter_to_attendee(facts: MeetingFacts, occasion: Occasion, reader: Reader, content: Content, job: Job) -> Letter:
    """The letter that an attendee gets on this occasion; an answer goes to the host."""
    reply_to = Mailbox(facts.host.name, facts.host.email)
    invitation = _invitation(facts, occasion, reader, job)
    return _letter(facts, reader, content, job, kind=occasion.kind, reply_to=reply_to, invitation=invitation)


def letter_to_host(facts: MeetingFacts, occasion: Occasion, reader: Reader, content: Content, job: Job) -> Letter:
    """The letter that the host gets on this occasion; an answer goes to the contact."""
    reply_to = _contact_mailbox(facts)
    invitation = _invitation(facts, occasion, reader, job)
    kind = f"host_{occasion.kind}"
    return _letter(facts, reader, content, job, kind=kind, reply_to=reply_to, invitation=invitation)


def letter_of_removal(
    facts: MeetingFacts, sequence: int, reader: Reader, content: Content, job: Job, *, kind: str, organizer: User
) -> Letter:
    """The last letter to somebody who is expected no more; an answer goes to the host."""
    reply_to = Mailbox(facts.host.name, facts.host.email)
    invitation = removal_of(facts, reader, organizer=organizer, sequence=sequence, stamp=job.created_at)
    return _letter(facts, reader, content, job, kind=kind, reply_to=reply_to, invitation=invitation)


def letter_from_host(facts: MeetingFacts, reader: Reader, content: Content, job: Job, *, kind: str) -> Letter:
    """The letter about a meeting that calendars know as it is, such as a reminder; an answer goes to the host."""
    return _plain_letter(facts, reader, content, job, kind=kind, reply_to=Mailbox(facts.host.name, facts.host.email))


def letter_about_reply(
    facts: MeetingFacts, attendee: Attendee, reader: Reader, content: Content, job: Job, *, kind: MailKind
) -> Letter:
    """The letter to the host about a reply; an answer goes to whoever replied."""
    reply_to = Mailbox(attendee.name, attendee.email)
    return _plain_letter(facts, reader, content, job, kind=kind.value.lower(), reply_to=reply_to)


def letter_of_sample(
    facts: MeetingFacts, reader: Reader, content: Content, job: Job, *, looks_like: MailKind
) -> Letter:
    """The letter that somebody sends to themselves to see it. It carries no invitation, whatever its kind: a calendar
    would take that for the real one."""
    reply_to, form = Mailbox(facts.host.name, facts.host.email), looks_like.value.lower()
    return _plain_letter(facts, reader, content, job, kind="sample", reply_to=reply_to, form=form)


def letter_of_account(account: Account, reader: Reader, content: Content, job: Job, *, kind: str, about: str) -> Letter:
    """The letter that comes from the account and not from a host; an answer goes there. `about` names the row that it
    is about, such as `webhook.7`, and with the job makes its lasting id."""
    sender = Mailbox(account.public_name, settings.current().mail_from)
    return _written(
        reader,
        content,
        kind=kind,
        message_id=f"<{about}.{job.id}@{_mail_host()}>",
        sent_at=job.created_at,
        sender=sender,
        reply_to=Mailbox(sender.name, account.contact_email or sender.email),
    )


def _plain_letter(
    facts: MeetingFacts, reader: Reader, content: Content, job: Job, *, kind: str, reply_to: Mailbox, form: str = ""
) -> Letter:
    """The calendar knows the meeting already, so there is no invitation in it."""
    return _written(
        reader,
        content,
        kind=kind,
        message_id=_message_id(facts, facts.meeting.ical_sequence, f"{kind}-{job.id}", reader),
        sent_at=max(job.created_at, job.run_at),
        sender=sender_of(facts, reader),
        reply_to=reply_to,
        form=form,
    )


def _letter(
    facts: MeetingFacts,
    reader: Reader,
    content: Content,
    job: Job,
    *,
    kind: str,
    reply_to: Mailbox,
    invitation: Invitation,
) -> Letter:
    return _written(
        reader,
        content,
        kind=kind,
        message_id=_message_id(facts, invitation.sequence, kind, reader),
        sent_at=job.created_at,
        sender=sender_of(facts, reader),
        reply_to=reply_to,
        calendar=icalendar_bytes(invitation),
        method=invitation.method.value,
    )


def _written(
    reader: Reader,
    content: Content,
    *,
    kind: str,
    message_id: str,
    sent_at: datetime,
    sender: Mailbox,
    reply_to: Mailbox,
    form: str = "",
    calendar: bytes | None = None,
    method: str = "",
) -> Letter:
    """The words in both forms; the HTML looks like that of `form`, if that is not of its own kind."""
    return Letter(
        kind=kind,
        message_id=message_id,
        sent_at=sent_at,
        sender=sender,
        recipient=reader.mailbox,
        reply_to=reply_to,
        subject=content.subject,
        text=as_text(content),
        html=as_html(content, form or kind),
        locale=content.locale,
        calendar=calendar,
        method=method,
    )


def _invitation(facts: MeetingFacts, occasion: Occasion, reader: Reader, job: Job) -> Invitation:
    method = Method.CANCEL if occasion.kind == "canceled" else Method.REQUEST
    return invitation_of(facts, method, sequence=occasion.sequence, stamp=job.created_at, locale=reader.locale)


def sender_of(facts: MeetingFacts, reader: Reader) -> Mailbox:
    """Who a mail about the meeting is from: the host by way of the company, at the company's address."""
    name = say(reader.locale, "mail.sender", host=facts.host.name, company=facts.account.public_name)
    return Mailbox(name, settings.current().mail_from)


def _contact_mailbox(facts: MeetingFacts) -> Mailbox:
    if facts.contact is not None:
        return Mailbox(f"{facts.contact.first_name} {facts.contact.last_name}".strip(), facts.contact.email)
    others = (Mailbox(one.name, one.email) for one in facts.attendees if one.user_id != facts.host.id)
    return next(others, Mailbox(facts.host.name, facts.host.email))


def _message_id(facts: MeetingFacts, sequence: int, kind: str, reader: Reader) -> str:
    """The same for every attempt at the same letter, another for every other one (RFC 5322, 3.6.4)."""
    recipient = ids.digest(reader.mailbox.email.lower())[:16]
    return f"<{facts.meeting.ical_uid}.{sequence}.{kind}.{recipient}@{_mail_host()}>"


def _mail_host() -> str:
    return urlsplit(settings.current().public_url).hostname or "localhost"
