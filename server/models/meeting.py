"""A meeting and what hangs on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tortoise import fields

from server.models.account import Account, User
from server.models.base import InstantField, Row
from server.models.contact import Contact
from server.models.enums import (
    AttendeeKind,
    LeadTimeUnit,
    LocationKind,
    MeetingSource,
    ReminderState,
    ReminderZoneRule,
    Reply,
)
from server.models.link import MeetingLink
from server.models.payment import Payment
from server.models.rotation import Rotation
from server.models.video import VideoAccount


class Outcome(Row):
    """How a meeting went, as the account words it. The five defaults have the keys of S2-54."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    key = fields.CharField(max_length=64)
    label = fields.CharField(max_length=200)
    position = fields.IntField(default=0)
    is_default = fields.BooleanField(default=False)
    is_archived = fields.BooleanField(default=False)

    class Meta:
        table = "outcome"
        unique_together = (("account_id", "key"),)


class MeetingType(Row):
    """The account's own category of meetings."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    key = fields.CharField(max_length=64)
    label = fields.CharField(max_length=200)
    position = fields.IntField(default=0)
    is_archived = fields.BooleanField(default=False)

    class Meta:
        table = "meeting_type"
        unique_together = (("account_id", "key"),)


class Meeting(Row):
    """The agreed time, once it exists. `contact` is the first contact among the attendees. `ical_uid` never changes,
    `ical_sequence` rises with every change that attendees are told of, `version` with every edit. `own_reminders` are
    the lead times that were settled for it, which it takes along when it moves; null while its link says. `video_room`
    is what the provider calls the room behind the join link. `told_description` is what attendees were told last, where
    the description they do not have yet is kept back (S2-57); null while they have it."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    title = fields.CharField(max_length=300)
    starts_at: datetime = InstantField()
    ends_at: datetime = InstantField()
    time_zone = fields.CharField(max_length=64)
    host: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.RESTRICT
    )
    host_id: int
    organizer: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.RESTRICT
    )
    organizer_id: int
    contact: fields.ForeignKeyNullableRelation[Contact] = fields.ForeignKeyField(
        "models.Contact", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    contact_id: int | None
    location_kind = fields.CharEnumField(LocationKind, max_length=32, default=LocationKind.CUSTOM)
    location_text = fields.CharField(max_length=500, default="")
    location_join_url = fields.CharField(max_length=1000, null=True)
    location_provider = fields.CharField(max_length=32, null=True)
    video_account: fields.ForeignKeyNullableRelation[VideoAccount] = fields.ForeignKeyField(
        "models.VideoAccount", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    video_account_id: int | None
    video_room: dict[str, Any] | None = fields.JSONField(null=True)
    attendee_description = fields.TextField(default="")
    told_description: str | None = fields.TextField(null=True)
    internal_notes = fields.TextField(default="")
    outcome: fields.ForeignKeyRelation[Outcome] = fields.ForeignKeyField(
        "models.Outcome", related_name=False, on_delete=fields.RESTRICT
    )
    outcome_id: int
    meeting_type: fields.ForeignKeyNullableRelation[MeetingType] = fields.ForeignKeyField(
        "models.MeetingType", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    meeting_type_id: int | None
    link: fields.ForeignKeyNullableRelation[MeetingLink] = fields.ForeignKeyField(
        "models.MeetingLink", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    link_id: int | None
    rotation: fields.ForeignKeyNullableRelation[Rotation] = fields.ForeignKeyField(
        "models.Rotation", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    rotation_id: int | None
    payment: fields.ForeignKeyNullableRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    payment_id: int | None
    own_reminders: list[dict[str, Any]] | None = fields.JSONField(null=True)
    assignment_trace: list[dict[str, Any]] | None = fields.JSONField(null=True)
    source = fields.CharEnumField(MeetingSource, max_length=32)
    locale = fields.CharField(max_length=16, default="en")
    tracking: dict[str, str] = fields.JSONField(default=dict)
    answers: list[dict[str, Any]] = fields.JSONField(default=list)
    consents: list[dict[str, Any]] = fields.JSONField(default=list)
    version = fields.IntField(default=1)
    ical_uid = fields.CharField(max_length=64, unique=True)
    ical_sequence = fields.IntField(default=0)
    cancel_reason = fields.CharField(max_length=1000, default="")
    canceled_at: datetime | None = InstantField(null=True)
    deleted_at: datetime | None = InstantField(null=True)

    class Meta:
        table = "meeting"
        indexes = (
            ("account_id", "starts_at"),
            ("host_id", "starts_at", "ends_at"),
            ("organizer_id", "starts_at", "ends_at"),
            ("contact_id", "starts_at"),
            ("link_id", "starts_at"),
        )

    @property
    def invited_description(self) -> str:
        """What invitations say of it."""
        return self.attendee_description if self.told_description is None else self.told_description


class Attendee(Row):
    """Anyone expected at a meeting: a contact, a user, or a guest known by address only. `name` and `email` are what
    the invitation says.

    For a user the database repeats the meeting's times (`server/database/integrity.py`), so that a day of theirs is
    found without looking through all that they ever attended."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    meeting: fields.ForeignKeyRelation[Meeting] = fields.ForeignKeyField(
        "models.Meeting", related_name=False, on_delete=fields.CASCADE
    )
    meeting_id: int
    kind = fields.CharEnumField(AttendeeKind, max_length=32)
    contact: fields.ForeignKeyNullableRelation[Contact] = fields.ForeignKeyField(
        "models.Contact", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    contact_id: int | None
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    user_id: int | None
    name = fields.CharField(max_length=400, default="")
    email = fields.CharField(max_length=254)
    reply = fields.CharEnumField(Reply, max_length=32, default=Reply.NEEDS_ACTION)
    replied_at: datetime | None = InstantField(null=True)
    starts_at: datetime | None = InstantField(null=True)
    ends_at: datetime | None = InstantField(null=True)

    class Meta:
        table = "attendee"
        unique_together = (("meeting_id", "email"),)
        indexes = (("user_id", "starts_at", "ends_at", "meeting_id"), ("contact_id", "meeting_id"))


class Reminder(Row):
    """One mail before a meeting: its lead time, the moment it is due, whose zone it will be written in, whether it
    holds the attendee description (S2-20), its state."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    meeting: fields.ForeignKeyRelation[Meeting] = fields.ForeignKeyField(
        "models.Meeting", related_name=False, on_delete=fields.CASCADE
    )
    meeting_id: int
    amount = fields.IntField()
    unit = fields.CharEnumField(LeadTimeUnit, max_length=32)
    due_at: datetime = InstantField()
    starts_at: datetime = InstantField()
    zone_rule = fields.CharEnumField(ReminderZoneRule, max_length=32, default=ReminderZoneRule.BOOKING)
    includes_description = fields.BooleanField(default=False)
    state = fields.CharEnumField(ReminderState, max_length=32, default=ReminderState.PLANNED)

    class Meta:
        table = "reminder"
        indexes = (("meeting_id",),)
