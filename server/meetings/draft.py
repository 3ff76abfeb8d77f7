"""A meeting that a user wants to put in, checked as a whole before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from server.accounts.viewer import Viewer
from server.checks import required_text, short_text, valid_time_zone
from server.complaints import Complaints
from server.errors import ErrorCode
from server.meetings.associations import Tie, check_ties
from server.meetings.expected import Expected, Person, expected_people
from server.meetings.mentions import checked_note
from server.meetings.times import check_times
from server.models import Account, MeetingType
from server.models.enums import LocationKind, MeetingSource
from server.reminders.plan import LeadTime
from server.reminders.rows import checked_leads, reminders_of
from server.rich_text import rich_text

LONGEST_TITLE = 300
LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Location:
    """Where it is: a telephone number, an address, a video conference, or anything else in words (S2-12). A video
    conference may name the host's account that makes its room."""

    kind: LocationKind = LocationKind.CUSTOM
    text: str = ""
    video_account_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """What a user fills in. Without `host_id` the viewer hosts, or with `rotation_id` whoever's turn it is; without a
    zone it is the host's. Description and note are rich text. `reminders=None` means those of the
    account (S2-18). `meeting_type` is a key."""

    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str | None = None
    host_id: int | None = None
    rotation_id: int | None = None
    attendees: tuple[Expected, ...] = ()
    location: Location = Location()
    attendee_description: str = ""
    internal_note: str = ""
    meeting_type: str | None = None
    reminders: tuple[LeadTime, ...] | None = None
    associations: tuple[Tie, ...] = ()
    allow_overlap: bool = False
    dry_run: bool = False
    source: MeetingSource = MeetingSource.API
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A new meeting whose every part has been checked."""

    account: Account
    new: NewMeeting
    title: str
    time_zone: str | None
    people: list[Person]
    location: Location
    attendee_description: str
    internal_note: str
    meeting_type_id: int | None
    leads: list[LeadTime]


async def checked(viewer: Viewer, new: NewMeeting) -> Draft:
    """The new meeting with every text cleaned; `Refused` with all complaints at once."""
    account = await Account.get(id=viewer.account_id)
    found = Complaints()
    check_times(new.starts_at, new.ends_at, found)
    await check_ties(account.id, new.associations, found)
    if new.reminders is not None:
        checked_leads(new.reminders, found)
    draft = Draft(
        account=account,
        new=new,
        title=found.ask(required_text, new.title, LONGEST_TITLE, "title") or "",
        time_zone=None if new.time_zone is None else found.ask(valid_time_zone, new.time_zone, "timeZone"),
        people=await expected_people(account, new.attendees, found),
        location=checked_location(new.location, found),
        attendee_description=found.ask(rich_text, new.attendee_description, LONGEST_TEXT, "attendeeDescription") or "",
        internal_note=await checked_note(account.id, new.internal_note, LONGEST_TEXT, found, "internalNote"),
        meeting_type_id=await meeting_type_of(account, new.meeting_type, found),
        leads=list(new.reminders) if new.reminders is not None else reminders_of(account, None),
    )
    found.refuse_if_any()
    return draft


def checked_location(location: Location, found: Complaints) -> Location:
    """The location with its text on one line; `TEXT_TOO_LONG` above 500 characters."""
    text = found.ask(short_text, location.text, 500, "location", "text") or ""
    return Location(location.kind, text, location.video_account_id)


async def meeting_type_of(account: Account, key: str | None, found: Complaints) -> int | None:
    """The number of the account's meeting type with that key (S2-10). `MEETING_TYPE_DISABLED` if there is none such, or
    the account has turned types off."""
    if not key:
        return None
    known = await MeetingType.get_or_none(account_id=account.id, key=key, is_archived=False)
    if known is None or not account.meeting_types_enabled:
        message = "This meeting type cannot be used. Leave it empty, or choose one that is offered."
        found.add(ErrorCode.MEETING_TYPE_DISABLED, message, "meetingType")
        return None
    return known.id
