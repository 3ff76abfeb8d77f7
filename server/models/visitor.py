"""What is remembered of a browser in which somebody booked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tortoise import fields

from server.models.account import Account
from server.models.base import InstantField, Row


class VisitorDevice(Row):
    """What was last submitted in one browser to the pages of one account (S1-28); its cookie holds the secret of which
    `digest` is kept. `details` are properties of a contact, never answers to questions."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    digest = fields.CharField(max_length=64, unique=True)
    details: dict[str, Any] = fields.JSONField(default=dict)
    seen_at: datetime = InstantField()

    class Meta:
        table = "visitor_device"
        indexes = (("seen_at",),)
