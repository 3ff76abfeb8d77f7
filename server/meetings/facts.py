"""Everything that a mail or a page says about one meeting, read in one place."""

from __future__ import annotations

from dataclasses import dataclass

from server.errors import ErrorCode, refusal
from server.models import Account, Attendee, Contact, Meeting, MeetingLink, Outcome, User


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """A meeting as it stands now. `attendees` are in the order in which they were added; `link` is the one it was
    booked through, if any."""

    meeting: Meeting
    account: Account
    host: User
    organizer: User
    attendees: tuple[Attendee, ...]
    contact: Contact | None
    link: MeetingLink | None
    outcome: Outcome


async def meeting_facts(meeting_id: int) -> MeetingFacts:
    """The facts of a meeting, a canceled or deleted one included; NOT_FOUND if there never was one."""
    meeting = await Meeting.get_or_none(id=meeting_id).select_related(
        "account", "host", "organizer", "contact", "link", "outcome"
    )
    if meeting is None:
        raise refusal(ErrorCode.NOT_FOUND, "There is no such meeting.")
    return MeetingFacts(
        meeting=meeting,
        account=meeting.account,
        host=meeting.host,
        organizer=meeting.organizer,
        attendees=tuple(await Attendee.filter(meeting_id=meeting.id).order_by("id")),
        contact=meeting.contact,
        link=meeting.link,
        outcome=meeting.outcome,
    )
