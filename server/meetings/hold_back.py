"""A description that the host's calendar does not take is kept back from those who were invited, until it does."""

from __future__ import annotations

from server.meetings.description_rule import description_reaches_attendees
from server.models import CalendarAccount, Meeting


async def hold_back(meeting: Meeting, told: str) -> None:
    """Invitations go on saying what they `told` so far, unless the host's calendar takes the new description, or it is
    the same (S2-57). The caller saves the column `told_description`."""
    is_as_told = told == meeting.attendee_description or await _takes_descriptions(meeting.host_id)
    meeting.told_description = None if is_as_told else told


async def let_out(meeting: Meeting) -> None:
    """Inside a transaction in which an invitation is promised: it says what was kept back, if the calendar of whoever
    hosts by now takes it."""
    if meeting.told_description is not None and await _takes_descriptions(meeting.host_id):
        meeting.told_description = None
        await meeting.save(update_fields=["told_description"])


async def _takes_descriptions(host_id: int) -> bool:
    """By the host's default calendar."""
    calendar = await CalendarAccount.filter(user_id=host_id).order_by("-is_default", "id").first()
    if calendar is None:
        return description_reaches_attendees(None, syncs=False, is_two_way=False)
    return description_reaches_attendees(calendar.provider, syncs=calendar.syncs, is_two_way=calendar.is_two_way)
