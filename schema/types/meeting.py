"""The agreed time, and what hangs on it."""

from datetime import datetime
from typing import Any

import strawberry

from schema.enums import AttendeeKind, ChangeKind, LeadTimeUnit, MeetingSource, PaymentState, ReminderState, Reply
from schema.node import Node
from schema.reading import children, computed, embedded, identity, reads, shown, via
from schema.scalars import TimeZone, read_instant
from schema.types.booked import (
    MeetingAnswer,
    MeetingConsent,
    MeetingTracking,
    answers_from,
    consents_from,
    tracking_from,
)
from schema.types.contact import Association, Contact, Record
from schema.types.delivery import Delivery
from schema.types.link import MeetingLink
from schema.types.location import MeetingLocation
from schema.types.note import Attachment, InternalNote
from schema.types.outcome import MeetingType, Outcome
from schema.types.user import User
from server import ids, models
from server.accounts.policy import may_see_internal_notes
from server.accounts.viewer import Viewer
from server.rich_text import plain_text

ACTOR = "Who did it: the id of a user or an API token, `visitor`, or `system`."
PREVIOUSLY = "When the meeting began before it was moved; null where it was not."


@reads(models.Attendee)
@strawberry.type(description="Anyone expected at a meeting.")
class Attendee:
    id: strawberry.ID = identity("att")
    kind: AttendeeKind = shown("A contact, a colleague, or somebody known by address only.")
    name: str = shown("The name on the invitation; may be empty.")
    email: str = shown("Where the invitation goes.")
    reply: Reply = shown("What they answered to it.")
    contact: Contact | None = shown("The contact, if it is one.")
    user: User | None = shown("The colleague, if it is one.")


@reads(models.Reminder)
@strawberry.type(description="A mail before the meeting.")
class Reminder:
    id: strawberry.ID = identity("rem")
    amount: int = shown("How many units before the start.")
    unit: LeadTimeUnit = shown("The unit.")
    includes_description: bool = shown("Whether the attendee description stands in it.")
    due_at: datetime = shown("When it is sent.")
    state: ReminderState = shown("How far it is.")


def visible_notes(viewer: Viewer, notes: str, account_id: int) -> str | None:
    """The internal notes, for whom they are meant."""
    return notes if may_see_internal_notes(viewer, account_id) else None


def is_held_back(told: str | None) -> bool:
    """Whether invitations say something else than the meeting does."""
    return told is not None


def public_actor(actor: str) -> str:
    """`user:7` as `usr_7`; visitors and the system keep their word."""
    who, _, number = actor.partition(":")
    prefix = {"user": "usr", "token": "tok"}.get(who)
    return ids.public_id(prefix, int(number)) if prefix else who


def previous_start(data: dict[str, Any]) -> datetime | None:
    """The start before a move, from what the log keeps of it."""
    before = data.get("previous_starts_at")
    return read_instant(before) if before else None


def recorded_outcome(data: dict[str, Any]) -> str | None:
    """The key of the outcome that was recorded, from what the log keeps of it."""
    return data.get("outcome")


@reads(models.Change)
@strawberry.type(description="One thing that happened to a meeting.")
class MeetingHistoryEntry:
    kind: ChangeKind = shown("What happened.")
    occurred_at: datetime = shown("When.")
    actor: str = computed(public_actor, "actor", about=ACTOR)
    outcome: str | None = computed(
        recorded_outcome, "data", about="For OUTCOME_RECORDED: the key of the outcome from then on."
    )
    previous_starts_at: datetime | None = computed(previous_start, "data", about=PREVIOUSLY)


@reads(models.Payment)
@strawberry.type(description="What a visitor paid for a meeting.")
class MeetingPayment:
    state: PaymentState = shown("How far it is.")
    amount: int = shown("How much, in the smallest unit of the currency, such as cents.")
    currency: str = shown("The currency, as ISO 4217 writes it.")


UNDELIVERED = (
    "Mails about it that have reached nobody so far, or not everybody: given up, or to be tried again. While one is to "
    "be tried again, no change is recorded of that."
)
_IN_TROUBLE = "t.kind NOT IN ('WEBHOOK', 'PUSH') AND t.state <> 'DONE' AND (t.state = 'DEAD' OR t.tries_until > 0)"


@reads(models.Meeting)
@strawberry.type(description="The agreed time, once it exists.")
class Meeting(Node):
    id: strawberry.ID = identity("mtg")
    title: str = shown("What it is called; attendees see it.")
    starts_at: datetime = shown("When it begins.")
    ends_at: datetime = shown("When it ends; may be another day.")
    time_zone: TimeZone = shown("The zone in which it was agreed.")
    host: User = shown("The colleague who sits in it; theirs is the calendar.")
    organizer: User = shown("The colleague who arranged it.")
    contact: Contact | None = shown("The first contact among the attendees.")
    company: Record | None = via("contact", "company", about="That contact's company.")
    attendees: list[Attendee] = children(
        models.Attendee, "meeting_id", "Everyone expected, in the order in which they were added."
    )
    location: MeetingLocation = embedded("location_", "Where it happens.")
    outcome: Outcome = shown("How it went; SCHEDULED until somebody says.")
    meeting_type: MeetingType | None = shown("What sort of meeting it is.")
    attendee_description: str = shown("What attendees read with the invitation, as rich text; may be empty.")
    attendee_description_text: str = computed(
        plain_text, "attendee_description", about="The same as plain text, as text mails and calendars show it."
    )
    is_description_held_back: bool = computed(
        is_held_back,
        "told_description",
        about="Whether attendees still have the description before this one: the "
        "host's calendar takes no new one from here, so change it there.",
    )
    internal_notes: str | None = computed(
        visible_notes,
        "internal_notes",
        "account_id",
        with_viewer=True,
        about="What only colleagues read, as rich text; never leaves the account. Null for a token that may not read "
        "meetings.",
    )
    notes: list[InternalNote] = children(
        models.InternalNote, "meeting_id", "What colleagues wrote since, the latest first.", order=("-id",)
    )
    attachments: list[Attachment] = children(
        models.Attachment, "meeting_id", "Files for colleagues.", condition="t.uploaded_at IS NOT NULL", limit=50
    )
    link: MeetingLink | None = shown("The link through which it was booked.")
    answers: list[MeetingAnswer] = computed(
        answers_from,
        "answers",
        with_viewer=True,
        about="What the visitor answered to the questions of the page. At most 30.",
    )
    consents: list[MeetingConsent] = computed(
        consents_from, "consents", about="What the visitor was asked to agree to, and told. At most 12."
    )
    tracking: MeetingTracking | None = computed(
        tracking_from, "tracking", about="What the link carried by which it was booked; null if nothing."
    )
    payment: MeetingPayment | None = shown("What was paid for it; null where it cost nothing.")
    source: MeetingSource = shown("How it came to be.")
    version: int = shown("Rises with every edit; give it back as `expectedVersion`.")
    created_at: datetime = shown("When it was put in.")
    canceled_at: datetime | None = shown("When it was canceled; null while it stands.")
    associations: list[Association] = children(
        models.Association, "meeting_id", "The records and contacts on whose timeline it stands."
    )
    reminders: list[Reminder] = children(
        models.Reminder, "meeting_id", "The mails before it, the earliest first.", order=("due_at", "id")
    )
    history: list[MeetingHistoryEntry] = children(
        models.Change, "meeting_id", "What happened to it, the latest first.", order=("-number", "-id")
    )
    undelivered: list[Delivery] = children(models.Job, "meeting_id", UNDELIVERED, condition=_IN_TROUBLE, limit=20)
