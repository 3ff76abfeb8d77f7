"""What a notification on a phone may do without a session."""

from __future__ import annotations

from datetime import datetime

from tortoise import fields

from server.models.account import Account, User
from server.models.base import InstantField, Row
from server.models.enums import NotificationActionKind
from server.models.meeting import Meeting


class ActionToken(Row):
    """The right to do one thing with one meeting, once, until `expires_at`; only its digest is kept."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE
    )
    user_id: int
    meeting: fields.ForeignKeyRelation[Meeting] = fields.ForeignKeyField(
        "models.Meeting", related_name=False, on_delete=fields.CASCADE
    )
    meeting_id: int
    kind = fields.CharEnumField(NotificationActionKind, max_length=32)
    digest = fields.CharField(max_length=64, unique=True)
    expires_at: datetime = InstantField()
    used_at: datetime | None = InstantField(null=True)

    class Meta:
        table = "action_token"
        indexes = (("meeting_id",),)
