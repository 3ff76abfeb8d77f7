"""A meeting that is not going to happen."""

from __future__ import annotations

from server import clock
from server.changes.log import record_change
from server.devices.notices import NoticeKind, wake_colleagues
from server.meetings.mails import tell_attendees, tell_host
from server.meetings.occupy import vacate
from server.models import Meeting, Outcome
from server.models.enums import ChangeKind
from server.reminders.rows import drop_reminders


async def call_off(meeting: Meeting, *, actor: str, reason: str = "") -> None:
    """The meeting is canceled and its outcome says so (S1-38), its hosts are free again, no reminder will leave, and
    attendees and host are told. The caller has locked it and is in a transaction."""
    meeting.canceled_at = clock.now()
    meeting.cancel_reason = reason
    meeting.outcome_id = (await Outcome.get(account_id=meeting.account_id, key="CANCELED")).id
    meeting.ical_sequence += 1
    meeting.version += 1
    await meeting.save(update_fields=["canceled_at", "cancel_reason", "outcome_id", "ical_sequence", "version"])
    await vacate(meeting)
    await drop_reminders(meeting)
    await tell_attendees(meeting, "canceled")
    await tell_host(meeting, "canceled")
    await wake_colleagues(meeting, NoticeKind.MEETING_CANCELED, actor=actor)
    await record_change(
        ChangeKind.MEETING_CANCELED,
        account_id=meeting.account_id,
        meeting_id=meeting.id,
        actor=actor,
        data={"starts_at": meeting.starts_at.isoformat(), "reason": reason},
    )
