"""Whether a reminder that falls due is still wanted."""

from __future__ import annotations

from server.models import Meeting, Reminder
from server.models.enums import ReminderState, Reply


def is_still_wanted(reminder: Reminder, meeting: Meeting) -> bool:
    """Whether the meeting still stands at the time that this reminder was planned for."""
    stands = meeting.canceled_at is None and meeting.deleted_at is None
    return stands and reminder.state is ReminderState.PLANNED and reminder.starts_at == meeting.starts_at


def is_reminded(reply: Reply) -> bool:
    """Whether an attendee with that reply gets reminders: everybody does who has not declined."""
    return reply is not Reply.DECLINED
