"""The outbox: promises made in a transaction and kept after it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tortoise import fields

from server.models.account import Account
from server.models.base import InstantField, Row
from server.models.enums import JobKind, JobState
from server.models.meeting import Meeting


class Job(Row):
    """One delivery to be made at `run_at` or later. Jobs of one meeting in one `lane` run in the order of their ids; a
    lane is a side that hears of it: its attendees, its host, one webhook, one device. `leased_until` is when another
    worker may take it from one that died, `takeovers` how often that happened. `tries_until` is known from the first
    failure on: the job is dead rather than tried after it."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    kind = fields.CharEnumField(JobKind, max_length=32)
    meeting: fields.ForeignKeyNullableRelation[Meeting] = fields.ForeignKeyField(
        "models.Meeting", related_name=False, null=True, on_delete=fields.CASCADE
    )
    meeting_id: int | None
    lane = fields.CharField(max_length=64, default="")
    payload: dict[str, Any] = fields.JSONField(default=dict)
    state = fields.CharEnumField(JobState, max_length=32, default=JobState.WAITING)
    run_at: datetime = InstantField()
    attempts = fields.IntField(default=0)
    takeovers = fields.IntField(default=0)
    tries_until: datetime | None = InstantField(null=True)
    leased_by = fields.CharField(max_length=64, default="")
    leased_until: datetime | None = InstantField(null=True)
    last_error = fields.TextField(default="")
    finished_at: datetime | None = InstantField(null=True)

    class Meta:
        table = "job"
        indexes = (("state", "run_at"), ("meeting_id", "lane", "id"))
