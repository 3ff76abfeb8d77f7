"""What the team writes and keeps about a meeting, and never shows to a contact (S2-23)."""

from __future__ import annotations

from datetime import datetime

from tortoise import fields

from server.models.account import Account, User
from server.models.base import InstantField, Row
from server.models.meeting import Meeting


class InternalNote(Row):
    """One note on a meeting, as sanitised HTML. A deleted one stays as a tombstone without its text."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    meeting: fields.ForeignKeyRelation[Meeting] = fields.ForeignKeyField(
        "models.Meeting", related_name=False, on_delete=fields.CASCADE
    )
    meeting_id: int
    author: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    author_id: int | None
    body = fields.TextField()
    edited_at: datetime | None = InstantField(null=True)
    deleted_at: datetime | None = InstantField(null=True)

    class Meta:
        table = "internal_note"
        indexes = (("meeting_id", "id"),)


class Mention(Row):
    """A colleague named with @ in the notes of a meeting, who was told once."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    meeting: fields.ForeignKeyRelation[Meeting] = fields.ForeignKeyField(
        "models.Meeting", related_name=False, on_delete=fields.CASCADE
    )
    meeting_id: int
    note: fields.ForeignKeyNullableRelation[InternalNote] = fields.ForeignKeyField(
        "models.InternalNote", related_name=False, null=True, on_delete=fields.CASCADE
    )
    note_id: int | None
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE
    )
    user_id: int

    class Meta:
        table = "mention"
        indexes = (("meeting_id", "user_id"), ("user_id",))


class Attachment(Row):
    """A file for the team, kept under `storage_key`. It is promised when the upload begins, and there from
    `uploaded_at` on."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    meeting: fields.ForeignKeyRelation[Meeting] = fields.ForeignKeyField(
        "models.Meeting", related_name=False, on_delete=fields.CASCADE
    )
    meeting_id: int
    uploader: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    uploader_id: int | None
    name = fields.CharField(max_length=255)
    content_type = fields.CharField(max_length=128)
    size_bytes = fields.BigIntField()
    storage_key = fields.CharField(max_length=255, unique=True)
    uploaded_at: datetime | None = InstantField(null=True)

    class Meta:
        table = "attachment"
        indexes = (("meeting_id",), ("account_id", "size_bytes"))


class Snippet(Row):
    """A text that is put in by its shortcut, with variables; `owner` null = everybody's."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    owner: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    owner_id: int | None
    shortcut = fields.CharField(max_length=64)
    name = fields.CharField(max_length=200)
    body = fields.TextField()
    is_archived = fields.BooleanField(default=False)

    class Meta:
        table = "snippet"
        unique_together = (("account_id", "shortcut"),)
