"""Everything that a mail or a page says about one meeting, read in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from server.errors import ErrorCode, refusal
from server.models import Account, Attendee, Contact, Meeting, MeetingLink, Outcome, User

AROUND = ("host", "organizer", "contact", "link", "outcome")
"""What is read together with a meeting of an account that is known."""


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """A meeting as it stands now. `attendees` are in the order in which they were added; `link` is the one it was
    booked through, if any. `users` and `contacts` are the people behind the attendees, by number."""

    meeting: Meeting
    account: Account
    host: User
    organizer: User
    attendees: tuple[Attendee, ...]
    contact: Contact | None
    link: MeetingLink | None
    outcome: Outcome
    users: Mapping[int, User] = field(default_factory=dict)
    contacts: Mapping[int, Contact] = field(default_factory=dict)


def facts_of(meeting: Meeting, account: Account, attendees: Iterable[Attendee]) -> MeetingFacts:
    """The facts of a meeting that was read with `AROUND`, without the people behind its attendees."""
    return MeetingFacts(
        meeting=meeting,
        account=account,
        host=meeting.host,
        organizer=meeting.organizer,
        attendees=tuple(attendees),
        contact=meeting.contact,
        link=meeting.link,
        outcome=meeting.outcome,
    )


async def meeting_facts(meeting_id: int) -> MeetingFacts:
    """The facts of a meeting, a canceled or deleted one included; NOT_FOUND if there never was one."""
    meeting = await Meeting.get_or_none(id=meeting_id).select_related("account", *AROUND)
    if meeting is None:
        raise refusal(ErrorCode.NOT_FOUND, "There is no such meeting.")
    attendees = await Attendee.filter(meeting_id=meeting.id).select_related("user", "contact").order_by("id")
    return replace(
        facts_of(meeting, meeting.account, attendees),
        users={one.user.id: one.user for one in attendees if one.user is not None},
        contacts={one.contact.id: one.contact for one in attendees if one.contact is not None},
    )
