"""What colleagues send about meetings."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import strawberry

from schema.enums import LeadTimeUnit, LocationKind, MeetingSource, dressed
from schema.inputs.given import IDEMPOTENCY_KEY, needed, optional, several
from schema.numbers import numbered, numbered_if
from schema.scalars import TimeZone
from server.accounts.viewer import Viewer
from server.meetings.associations import Tie
from server.meetings.edit import MeetingEdit
from server.meetings.expected import Expected
from server.meetings.schedule import Location, NewMeeting
from server.reminders.plan import LeadTime

VERSION = "The `version` the client saw: if the meeting has another by now, the answer is CONFLICT and the current one."
RICH = (
    "Rich text of at most 20000 characters: HTML of which p, br, h2, h3, blockquote, pre, code, lists, b, strong, i, "
    "em, u, s and links are kept. A text without a tag is plain, and keeps its lines."
)
NAMED = "A colleague is named with `@[usr_3]`, and told."
VIDEO_ACCOUNT = "With a location VIDEO: which of the host's accounts makes the room; the default one if left out."
OVERLAP = "Whether it may overlap other meetings of the host."


class MeetingClient(StrEnum):
    CRM = "CRM"
    MOBILE_IOS = "MOBILE_IOS"
    MOBILE_ANDROID = "MOBILE_ANDROID"
    WEB = "WEB"


dressed(
    MeetingClient,
    "On what somebody schedules.",
    CRM="From a record.",
    MOBILE_IOS="In the iOS app.",
    MOBILE_ANDROID="In the Android app.",
    WEB="On the web.",
)


@strawberry.input(description="Somebody expected: exactly one of the three.", one_of=True)
class AttendeeInput:
    contact: strawberry.ID | None = optional("A contact.")
    user: strawberry.ID | None = optional("A colleague.")
    address: str | None = optional("The e-mail address of anybody else.")


@strawberry.input(description="Where a meeting happens.")
class LocationInput:
    kind: LocationKind = needed("What kind of place it is.")
    text: str | None = optional("The number, the address or the words, at most 500 characters.")


@strawberry.input(description="A mail before the meeting.")
class ReminderInput:
    amount: int = needed("How many units before the start.")
    unit: LeadTimeUnit = needed("The unit.")
    includes_description: bool | None = optional("Whether the attendee description stands in it; not if left out.")


@strawberry.input(description="A meeting that a colleague puts in.")
class ScheduleMeetingInput:
    title: str = needed("What it is called, at most 300 characters; attendees see it.")
    starts_at: datetime = needed("When it begins.")
    ends_at: datetime = needed("When it ends; may be another day.")
    time_zone: TimeZone | None = optional("The zone it is agreed in; the host's if left out.")
    host: strawberry.ID | None = optional("Who sits in it; the viewer if left out, or whose turn it is in `rotation`.")
    rotation: strawberry.ID | None = optional("The rotation that gives the host, or counts the one named.")
    attendees: list[AttendeeInput] | None = several("Who else is expected.", 100)
    location: LocationInput | None = optional("Where it happens.")
    video_account: strawberry.ID | None = optional(VIDEO_ACCOUNT)
    attendee_description: str | None = optional(f"What attendees read. {RICH}")
    internal_note: str | None = optional(f"What only colleagues read. {RICH} {NAMED}")
    meeting_type: str | None = optional("The key of a meeting type.")
    reminders: list[ReminderInput] | None = several("The mails before it; the account's if left out.", 3)
    associations: list[strawberry.ID] | None = several("Records and contacts on whose timeline it stands.", 100)
    allow_overlap: bool | None = optional(OVERLAP)
    dry_run: bool | None = optional("True: nothing is written, `preview` says what would be.")
    client: MeetingClient | None = optional("On what it is scheduled; WEB if left out. Programs count as API.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="What is to change; what is left out stays.")
class MeetingChangesInput:
    title: str | None = optional("Another title.")
    starts_at: datetime | None = optional("Another start.")
    ends_at: datetime | None = optional("Another end.")
    time_zone: TimeZone | None = optional("Another zone.")
    attendees: list[AttendeeInput] | None = several("All who are expected besides the host, from now on.", 100)
    location: LocationInput | None = optional("Another place.")
    video_account: strawberry.ID | None = optional(VIDEO_ACCOUNT)
    attendee_description: str | None = optional(f"What attendees read from now on. {RICH}")
    internal_note: str | None = optional(f"What only colleagues read from now on. {RICH} {NAMED}")
    meeting_type: str | None = optional("The key of another meeting type; empty for none.")
    reminders: list[ReminderInput] | None = several("All mails before it, from now on.", 3)
    allow_overlap: bool | None = optional(OVERLAP)


@strawberry.input(description="A change to a meeting.")
class EditMeetingInput:
    meeting: strawberry.ID = needed("The meeting.")
    expected_version: int | None = optional(VERSION)
    changes: MeetingChangesInput = needed("What is to change.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="How a meeting went.")
class RecordOutcomeInput:
    meeting: strawberry.ID = needed("The meeting.")
    outcome: str = needed("The key of one of the account's outcomes.")
    expected_version: int | None = optional(VERSION)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="A meeting that is not going to happen.")
class CancelMeetingInput:
    meeting: strawberry.ID = needed("The meeting.")
    reason: str | None = optional("Why, for everybody who expected it to read; at most 1000 characters.")
    expected_version: int | None = optional(VERSION)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="A meeting that is taken away.")
class DeleteMeetingInput:
    meeting: strawberry.ID = needed("The meeting.")
    expected_version: int | None = optional(VERSION)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="Timelines on which a meeting is to stand.")
class AssociateRecordsInput:
    meeting: strawberry.ID = needed("The meeting.")
    records: list[strawberry.ID] = needed("Records and contacts. At most 100.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="Timelines on which a meeting is to stand no more.")
class DissociateRecordsInput:
    meeting: strawberry.ID = needed("The meeting.")
    records: list[strawberry.ID] = needed("Records and contacts. At most 100.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


def new_meeting_from(input: ScheduleMeetingInput, viewer: Viewer) -> NewMeeting:
    """The input as the verb takes it."""
    return NewMeeting(
        title=input.title,
        starts_at=input.starts_at,
        ends_at=input.ends_at,
        time_zone=input.time_zone,
        host_id=numbered_if("usr", input.host),
        rotation_id=numbered_if("rot", input.rotation),
        attendees=_expected(input.attendees or ()),
        location=_location(input.location, input.video_account) or Location(),
        attendee_description=input.attendee_description or "",
        internal_note=input.internal_note or "",
        meeting_type=input.meeting_type,
        reminders=None if input.reminders is None else leads_from(input.reminders),
        associations=ties(input.associations or ()),
        allow_overlap=bool(input.allow_overlap),
        dry_run=bool(input.dry_run),
        source=_source(input.client, viewer),
        idempotency_key=input.idempotency_key,
    )


def edit_from(input: EditMeetingInput) -> MeetingEdit:
    """The input as the verb takes it."""
    changes = input.changes
    return MeetingEdit(
        meeting_id=numbered("mtg", input.meeting),
        expected_version=input.expected_version,
        title=changes.title,
        starts_at=changes.starts_at,
        ends_at=changes.ends_at,
        time_zone=changes.time_zone,
        attendees=None if changes.attendees is None else _expected(changes.attendees),
        location=_location(changes.location, changes.video_account),
        attendee_description=changes.attendee_description,
        internal_note=changes.internal_note,
        meeting_type=changes.meeting_type,
        reminders=None if changes.reminders is None else leads_from(changes.reminders),
        allow_overlap=bool(changes.allow_overlap),
        idempotency_key=input.idempotency_key,
    )


def ties(records: Sequence[strawberry.ID]) -> tuple[Tie, ...]:
    """Ids of contacts and records as the verb takes them; any other id is a record that nobody has."""
    return tuple(
        Tie(contact_id=numbered("con", id)) if id.startswith("con_") else Tie(record_id=numbered("rec", id))
        for id in records
    )


def _expected(attendees: Sequence[AttendeeInput]) -> tuple[Expected, ...]:
    return tuple(
        Expected(contact_id=numbered_if("con", one.contact), user_id=numbered_if("usr", one.user), address=one.address)
        for one in attendees
    )


def _location(location: LocationInput | None, video_account: strawberry.ID | None) -> Location | None:
    if location is None:
        return None
    return Location(location.kind, location.text or "", numbered_if("vac", video_account))


def leads_from(reminders: Sequence[ReminderInput]) -> tuple[LeadTime, ...]:
    """Lead times as the verbs take them."""
    return tuple(LeadTime(one.amount, one.unit.value, bool(one.includes_description)) for one in reminders)


def _source(client: MeetingClient | None, viewer: Viewer) -> MeetingSource:
    return MeetingSource.API if viewer.user_id is None else MeetingSource((client or MeetingClient.WEB).value)
