"""The append-only log of facts, and the answers kept for repeated requests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tortoise import fields

from server.models.account import Account
from server.models.base import InstantField, Row
from server.models.enums import ChangeKind
from server.models.meeting import Meeting


class Change(Row):
    """One fact. `number` is gap-free per account and its order is the order of the commits. `actor` says who:
    `user:7`, `token:3`, `visitor`, `system`; `data` holds what the kind needs (old and new time, ...)."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    number = fields.BigIntField()
    kind = fields.CharEnumField(ChangeKind, max_length=32)
    meeting: fields.ForeignKeyNullableRelation[Meeting] = fields.ForeignKeyField(
        "models.Meeting", related_name=False, null=True, on_delete=fields.CASCADE
    )
    meeting_id: int | None
    occurred_at: datetime = InstantField()
    actor = fields.CharField(max_length=64)
    data: dict[str, Any] = fields.JSONField(default=dict)

    class Meta:
        table = "change"
        unique_together = (("account_id", "number"),)
        indexes = (("meeting_id", "number"),)


class KeptResult(Row):
    """The first result of a mutation under an idempotency key, stored in the mutation's own transaction. `answer` is
    what the client was told of it, sealed (`server/repeats.py`); null where it did not ask in GraphQL."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    scope = fields.CharField(max_length=400)
    key = fields.CharField(max_length=255)
    verb = fields.CharField(max_length=64)
    input_digest = fields.CharField(max_length=64)
    result: dict[str, Any] = fields.JSONField()
    answer: bytes | None = fields.BinaryField(null=True)

    class Meta:
        table = "kept_result"
        unique_together = (("account_id", "scope", "key"),)
