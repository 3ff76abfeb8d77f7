"""Every kind of mail, as it would read if it were sent now."""

from __future__ import annotations

from datetime import timedelta

from server.deliveries.calendar_warning import calendar_warning
from server.deliveries.confirmation import worded_confirmation
from server.deliveries.example import example_payment
from server.deliveries.host_notice import worded_host_notice
from server.deliveries.late_notice import worded_late_notice
from server.deliveries.occasion import Occasion
from server.deliveries.payment_mail import worded_payment_mail
from server.deliveries.readers import Reader, attending_readers, host_reader
from server.deliveries.reminder import worded_reminder
from server.deliveries.removal import worded_removal
from server.deliveries.reply_notice import worded_reply_notice
from server.deliveries.unworded_kinds import UNWORDED
from server.gateways.mail.rendering import Content
from server.mail_texts.queries import OwnWords
from server.meetings.facts import MeetingFacts
from server.meetings.replies import ReplyNotice
from server.models import Attendee, Reminder
from server.models.enums import MailKind, Reply

KINDS = (*(kind.value.lower() for kind in MailKind), *UNWORDED)
"""Every mail there is, by the kind that its letter has; proposed times are no mail of ours."""

_CONFIRMATIONS = (MailKind.BOOKED, MailKind.INVITED, MailKind.MOVED, MailKind.CANCELED, MailKind.CHANGED)
_REMOVALS = (MailKind.GONE, MailKind.HOST_GONE)
_ANSWERS = {
    MailKind.HOST_ACCEPTED: Reply.ACCEPTED,
    MailKind.HOST_DECLINED: Reply.DECLINED,
    MailKind.HOST_TENTATIVE: Reply.TENTATIVE,
    MailKind.HOST_PROPOSED: Reply.TENTATIVE,
}
_LATE_MINUTES = 10
_CALENDAR = "Google Calendar"


def content_of(kind: MailKind, facts: MeetingFacts, reader: Reader, own: OwnWords) -> Content:
    """What the reader of such a mail reads. What only the occasion would tell is made up: the old time is a day before,
    the host ten minutes late, the time that is asked for a day later."""
    if kind in _CONFIRMATIONS:
        return worded_confirmation(facts, _occasion(kind, facts), reader, own)
    if kind in _REMOVALS:
        return worded_removal(facts, kind.value.lower(), reader, own)
    if kind is MailKind.REMINDER:
        return worded_reminder(facts, reader, Reminder(includes_description=True), own)
    if kind is MailKind.LATE:
        return worded_late_notice(facts, reader, _LATE_MINUTES, own)
    if kind in _ANSWERS:
        return worded_reply_notice(facts, _replier(facts), _notice(kind, facts), reader, own)
    if kind.value.startswith("PAYMENT_"):
        about = kind.value.removeprefix("PAYMENT_").lower()
        return worded_payment_mail(example_payment(facts), about, reader, own, host=facts.host.name)
    if kind is MailKind.HOST_CALENDAR:
        return calendar_warning(_CALENDAR, facts.meeting.created_at, facts.account, reader, own)
    return worded_host_notice(facts, _occasion(kind, facts), reader, own)


def reader_of(kind: MailKind, facts: MeetingFacts) -> Reader:
    """Who would read such a mail: the host, or the first of those who are expected besides."""
    if kind.value.startswith("HOST_") or kind is MailKind.PAYMENT_LOST_HOST:
        return host_reader(facts)
    return next((reader for _, reader in attending_readers(facts)), host_reader(facts))


def _occasion(kind: MailKind, facts: MeetingFacts) -> Occasion:
    meeting, name = facts.meeting, kind.value.removeprefix("HOST_").lower()
    if name != "moved":
        return Occasion(name, meeting.ical_sequence)
    before = timedelta(days=1)
    return Occasion(name, meeting.ical_sequence, meeting.starts_at - before, meeting.ends_at - before)


def _replier(facts: MeetingFacts) -> Attendee:
    others = (one for one in facts.attendees if one.user_id != facts.host.id)
    return next(others, facts.attendees[0] if facts.attendees else Attendee(id=0, email=facts.host.email))


def _notice(kind: MailKind, facts: MeetingFacts) -> ReplyNotice:
    start, end = (
        int((moment + timedelta(days=1)).timestamp()) for moment in (facts.meeting.starts_at, facts.meeting.ends_at)
    )
    is_proposal = kind is MailKind.HOST_PROPOSED
    return ReplyNotice(
        _replier(facts).id, _ANSWERS[kind], is_proposal=is_proposal, proposed=(start, end) if is_proposal else None
    )
