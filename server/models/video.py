"""Who makes the rooms for meetings over video."""

from __future__ import annotations

from datetime import datetime

from tortoise import fields

from server.models.account import Account, User
from server.models.base import InstantField, Row
from server.models.enums import VideoKind


class VideoExtension(Row):
    """An outside service that makes rooms, asked through signed requests (S2-14): only `create_url` has to be there.
    `secret` is sealed."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    name = fields.CharField(max_length=200)
    create_url = fields.CharField(max_length=1000)
    update_url = fields.CharField(max_length=1000, default="")
    delete_url = fields.CharField(max_length=1000, default="")
    verify_url = fields.CharField(max_length=1000, default="")
    accounts_url = fields.CharField(max_length=1000, default="")
    secret = fields.TextField()
    is_active = fields.BooleanField(default=True)

    class Meta:
        table = "video_extension"
        unique_together = (("account_id", "name"),)


class VideoAccount(Row):
    """A user's account at a provider of rooms, known there by `email` (S2-15) and `external_id`."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE
    )
    user_id: int
    kind = fields.CharEnumField(VideoKind, max_length=32)
    extension: fields.ForeignKeyNullableRelation[VideoExtension] = fields.ForeignKeyField(
        "models.VideoExtension", related_name=False, null=True, on_delete=fields.CASCADE
    )
    extension_id: int | None
    email = fields.CharField(max_length=254)
    external_id = fields.CharField(max_length=255, default="")
    is_default = fields.BooleanField(default=False)
    verified_at: datetime | None = InstantField(null=True)

    class Meta:
        table = "video_account"
        indexes = (("user_id",),)
