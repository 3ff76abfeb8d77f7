"""Meeting links: the shareable address of a scheduling page, and its settings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from tortoise import fields

from server.models.account import Account, User
from server.models.base import InstantField, Row
from server.models.enums import LocationKind, MeetingLinkKind, WindowKind
from server.models.rotation import Rotation


def half_an_hour() -> list[int]:
    """What a link offers unless it says otherwise."""
    return [30]


class MeetingLink(Row):
    """One scheduling page. Hours are the members' unless the link has its own; null zone = the owner's. `slug` is the
    current one; all that ever were are in `LinkSlug`. `form_fields` are the properties of a contact that the form asks
    for, `questions` the link's own; a price is in minor units of its currency, null where booking costs nothing; only
    `embed_origins` may show the page in a frame, any site where there are none."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    owner: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE
    )
    owner_id: int
    kind = fields.CharEnumField(MeetingLinkKind, max_length=32, default=MeetingLinkKind.PERSONAL)
    rotation: fields.ForeignKeyNullableRelation[Rotation] = fields.ForeignKeyField(
        "models.Rotation", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    rotation_id: int | None
    slug = fields.CharField(max_length=80, unique=True)
    name = fields.CharField(max_length=200)
    title = fields.CharField(max_length=200)
    description = fields.TextField(default="")
    attendee_description = fields.TextField(default="")
    durations_minutes: list[int] = fields.JSONField(default=half_an_hour)
    location_kind = fields.CharEnumField(LocationKind, max_length=32, default=LocationKind.CUSTOM)
    location_text = fields.CharField(max_length=500, default="")
    time_zone = fields.CharField(max_length=64, null=True)
    locks_time_zone = fields.BooleanField(default=False)
    locale = fields.CharField(max_length=16, null=True)
    weekly_hours: dict[str, list[list[int]]] | None = fields.JSONField(null=True)
    date_overrides: dict[str, list[list[int]]] | None = fields.JSONField(null=True)
    increment_minutes = fields.IntField(default=15)
    grid_anchor_minutes = fields.IntField(default=0)
    buffer_before_minutes = fields.IntField(default=0)
    buffer_after_minutes = fields.IntField(default=0)
    notice_minutes = fields.IntField(default=240)
    window_kind = fields.CharEnumField(WindowKind, max_length=32, default=WindowKind.ROLLING_CALENDAR)
    window_days = fields.IntField(default=60)
    window_starts_on: date | None = fields.DateField(null=True)
    window_ends_on: date | None = fields.DateField(null=True)
    daily_limit: int | None = fields.IntField(null=True)
    guests_max = fields.IntField(default=0)
    contact_owner_first = fields.BooleanField(default=False)
    form_fields: list[dict[str, Any]] = fields.JSONField(default=list)
    questions: list[dict[str, Any]] = fields.JSONField(default=list)
    consent: dict[str, Any] | None = fields.JSONField(null=True)
    prefills = fields.BooleanField(default=False)
    auto_submits = fields.BooleanField(default=False)
    price_amount: int | None = fields.IntField(null=True)
    price_currency = fields.CharField(max_length=3, default="")
    refunds_on_cancel = fields.BooleanField(default=True)
    confirmation_message = fields.TextField(default="")
    redirect_url = fields.CharField(max_length=1000, default="")
    redirects_with_details = fields.BooleanField(default=False)
    embed_origins: list[str] = fields.JSONField(default=list)
    accent_color = fields.CharField(max_length=7, null=True)
    shows_manage_links = fields.BooleanField(default=True)
    reminders: list[dict[str, Any]] | None = fields.JSONField(null=True)
    booking_count = fields.IntField(default=0)
    is_default = fields.BooleanField(default=False)
    is_active = fields.BooleanField(default=True)
    retired_at: datetime | None = InstantField(null=True)

    class Meta:
        table = "meeting_link"
        indexes = (("account_id", "owner_id", "name"),)


class LinkMember(Row):
    """One host of a GROUP link, in the order shown."""

    link: fields.ForeignKeyRelation[MeetingLink] = fields.ForeignKeyField(
        "models.MeetingLink", related_name=False, on_delete=fields.CASCADE
    )
    link_id: int
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE
    )
    user_id: int
    position = fields.IntField(default=0)

    class Meta:
        table = "link_member"
        unique_together = (("link_id", "user_id"),)


class LinkSlug(Row):
    """A slug that a link has or had: unique on the server for ever, so that an old address can redirect."""

    link: fields.ForeignKeyRelation[MeetingLink] = fields.ForeignKeyField(
        "models.MeetingLink", related_name=False, on_delete=fields.CASCADE
    )
    link_id: int
    slug = fields.CharField(max_length=80, unique=True)

    class Meta:
        table = "link_slug"


class Hold(Row):
    """A slot kept for whoever has the token, until `expires_at` by the clock. Its busy spans are in `BusySpan`."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    link: fields.ForeignKeyRelation[MeetingLink] = fields.ForeignKeyField(
        "models.MeetingLink", related_name=False, on_delete=fields.CASCADE
    )
    link_id: int
    digest = fields.CharField(max_length=64, unique=True)
    starts_at: datetime = InstantField()
    ends_at: datetime = InstantField()
    expires_at: datetime = InstantField()
    released_at: datetime | None = InstantField(null=True)

    class Meta:
        table = "hold"
        indexes = (("link_id", "starts_at"),)
