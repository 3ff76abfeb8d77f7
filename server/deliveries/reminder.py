"""The mail that comes before a meeting, if it is still wanted then."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from server import clock, database
from server.changes.data_version import raise_data_version
from server.deliveries.confirmation import confirmation, join_button
from server.deliveries.letters import letter_from_host
from server.deliveries.occasion import Occasion
from server.deliveries.own_words import in_own_words
from server.deliveries.post import NOT_WANTED, post
from server.deliveries.readers import Reader, attending_readers, reminder_zone
from server.gateways.mail.rendering import Content
from server.mail_texts.queries import OwnWords, own_words
from server.meetings.facts import MeetingFacts, meeting_facts
from server.models import Job, Meeting, Reminder
from server.models.enums import MailKind, ReminderState
from server.reminders.due import is_reminded, is_still_wanted
from server.wording import say, when


async def deliver_reminder(job: Job) -> str:
    """Every attendee who has not declined is reminded (S2-16); nobody is, if the meeting has moved, was canceled or has
    begun since the reminder was planned. Returns what there is to note about how it went."""
    facts = await meeting_facts(job.meeting_id or 0)
    reminder = await Reminder.get_or_none(id=job.payload.get("reminder_id"), meeting_id=facts.meeting.id)
    if reminder is None or not _is_wanted(reminder, facts.meeting):
        return NOT_WANTED
    zone = reminder_zone(facts, reminder.zone_rule)
    readers = [
        dataclasses.replace(reader, tz=zone) if attendee.user_id is None else reader
        for attendee, reader in attending_readers(facts)
        if is_reminded(attendee.reply)
    ]
    own = await own_words(job.account_id)
    letters = [
        letter_from_host(facts, one, worded_reminder(facts, one, reminder, own), job, kind="reminder")
        for one in readers
    ]
    note = await post(job, letters, account=facts.account, is_wanted=partial(_is_wanted_still, reminder.id))
    async with database.transaction():
        await Reminder.filter(id=reminder.id, state=ReminderState.PLANNED).update(state=ReminderState.SENT)
        await raise_data_version(facts.account.id)
    return note


def _is_wanted(reminder: Reminder, meeting: Meeting) -> bool:
    return is_still_wanted(reminder, meeting) and meeting.starts_at > clock.now()


async def _is_wanted_still(reminder_id: int) -> bool:
    """As things stand now: between two letters of a job a slow mail server may take long, and the meeting move."""
    reminder = await Reminder.get_or_none(id=reminder_id).select_related("meeting")
    return reminder is not None and _is_wanted(reminder, reminder.meeting)


def worded_reminder(facts: MeetingFacts, reader: Reader, reminder: Reminder, own: OwnWords) -> Content:
    """What an attendee reads, in the account's own words where it has some."""
    content = reminder_mail(facts, reader, reminder)
    return in_own_words(content, MailKind.REMINDER, own, facts, reader)


def reminder_mail(facts: MeetingFacts, reader: Reader, reminder: Reminder) -> Content:
    """What an attendee reads who gets it now; the description only if it is to stand there (S2-20)."""
    locale, meeting = reader.locale, facts.meeting
    usual = confirmation(facts, Occasion("booked", meeting.ical_sequence), reader)
    return dataclasses.replace(
        usual,
        subject=_subject(facts, reader, clock.now()),
        opening=say(locale, "mail.reminder.opening", host=facts.host.name),
        buttons=join_button(facts, locale),
        description=usual.description if reminder.includes_description else "",
    )


def _subject(facts: MeetingFacts, reader: Reader, at: datetime) -> str:
    starts_at, zone = facts.meeting.starts_at, ZoneInfo(reader.tz)
    days = starts_at.astimezone(zone).date() - at.astimezone(zone).date()
    key = {timedelta(0): "subject_today", timedelta(1): "subject_tomorrow"}.get(days, "subject")
    return say(
        reader.locale,
        f"mail.reminder.{key}",
        title=facts.meeting.title,
        host=facts.host.name,
        when=when.short(starts_at, reader.tz, reader.locale),
        clock=when.clock(starts_at, reader.tz, reader.locale),
    )
