"""Webhooks: addresses of other programs, and how far each has been told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tortoise import fields

from server.models.account import Account, User
from server.models.base import InstantField, Row
from server.models.enums import WebhookState
from server.models.link import MeetingLink


class Webhook(Row):
    """One subscription of another program. It is owed every change of its account after `position` that its filters
    let through; `position` moves on in the transaction that puts the deliveries into the outbox. Of its `secrets` the
    first signs, and those still valid sign beside it; kept are the seeds. `failing_since` is the first failure after
    the last success, and before `next_try_at` nothing is tried."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    owner: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE
    )
    owner_id: int
    name = fields.CharField(max_length=200)
    url = fields.CharField(max_length=1000)
    kinds: list[str] = fields.JSONField(default=list)
    link: fields.ForeignKeyNullableRelation[MeetingLink] = fields.ForeignKeyField(
        "models.MeetingLink", related_name=False, null=True, on_delete=fields.CASCADE
    )
    link_id: int | None
    host: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, null=True, on_delete=fields.CASCADE
    )
    host_id: int | None
    secrets: list[dict[str, Any]] = fields.JSONField(default=list)
    state = fields.CharEnumField(WebhookState, max_length=32, default=WebhookState.ACTIVE)
    position = fields.BigIntField(default=0)
    last_delivered_at: datetime | None = InstantField(null=True)
    last_status: int | None = fields.IntField(null=True)
    last_error = fields.CharField(max_length=500, default="")
    failing_since: datetime | None = InstantField(null=True)
    next_try_at: datetime | None = InstantField(null=True)
    warned_at: datetime | None = InstantField(null=True)

    class Meta:
        table = "webhook"
