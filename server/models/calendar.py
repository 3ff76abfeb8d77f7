"""Calendars, and the spans in which a host is taken."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tortoise import fields

from server.models.account import Account, User
from server.models.base import InstantField, Row
from server.models.enums import BusySource, CalendarProvider
from server.models.link import Hold


class CalendarAccount(Row):
    """A calendar of a user. BUILT_IN is kept by this server; `unreachable_since` is when a sync last began to fail, and
    `warned_at` when their host was last told so; with `is_two_way` what is written on our side of an event reaches the
    other (S2-57)."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE
    )
    user_id: int
    provider = fields.CharEnumField(CalendarProvider, max_length=32, default=CalendarProvider.BUILT_IN)
    name = fields.CharField(max_length=200, default="")
    is_default = fields.BooleanField(default=True)
    syncs = fields.BooleanField(default=True)
    is_two_way = fields.BooleanField(default=False)
    unreachable_since: datetime | None = InstantField(null=True)
    warned_at: datetime | None = InstantField(null=True)

    class Meta:
        table = "calendar_account"
        indexes = (("user_id",),)


class BusySpan(Row):
    """A span [starts, ends), epoch seconds, in which a host is taken: by a meeting, a hold, or an entry of a connected
    calendar. The database itself refuses two MEETING spans of one host that overlap, unless one `is_overlap_allowed`.
    `buffer_*` are seconds that were promised around a meeting (slots rule 15). A canceled meeting has no rows here."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    host: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE
    )
    host_id: int
    source = fields.CharEnumField(BusySource, max_length=32, default=BusySource.MEETING)
    starts = fields.BigIntField()
    ends = fields.BigIntField()
    buffer_before = fields.IntField(default=0)
    buffer_after = fields.IntField(default=0)
    is_overlap_allowed = fields.BooleanField(default=False)
    meeting: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.Meeting", related_name=False, null=True, on_delete=fields.CASCADE
    )
    meeting_id: int | None
    hold: fields.ForeignKeyNullableRelation[Hold] = fields.ForeignKeyField(
        "models.Hold", related_name=False, null=True, on_delete=fields.CASCADE
    )
    hold_id: int | None
    calendar_account: fields.ForeignKeyNullableRelation[CalendarAccount] = fields.ForeignKeyField(
        "models.CalendarAccount", related_name=False, null=True, on_delete=fields.CASCADE
    )
    calendar_account_id: int | None

    class Meta:
        table = "busy_span"
        indexes = (("host_id", "starts"), ("meeting_id",), ("hold_id",))
