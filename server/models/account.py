"""Who is who: the tenant, its users, and what they sign in with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tortoise import fields

from server import clock, ids
from server.models.base import InstantField, Row
from server.models.enums import AccountKind, DevicePlatform, Role


class Account(Row):
    """The tenant. Every other row belongs to one account, and no query crosses it."""

    name = fields.CharField(max_length=200)
    kind = fields.CharEnumField(AccountKind, max_length=32, default=AccountKind.STANDARD)
    time_zone = fields.CharField(max_length=64, default="UTC")
    locale = fields.CharField(max_length=16, default="en")
    sender_name = fields.CharField(max_length=200, default="")
    accent_color = fields.CharField(max_length=7, default="#0a6a58")
    logo = fields.CharField(max_length=64, default="")
    website_url = fields.CharField(max_length=500, default="")
    postal_address = fields.CharField(max_length=500, default="")
    privacy_url = fields.CharField(max_length=500, default="")
    contact_email = fields.CharField(max_length=254, default="")
    consent_text = fields.TextField(default="")
    reminders_by_default = fields.BooleanField(default=False)
    default_reminders: list[dict[str, Any]] = fields.JSONField(default=list)
    meeting_types_enabled = fields.BooleanField(default=False)
    last_change_number = fields.BigIntField(default=0)
    data_version = fields.BigIntField(default=0)

    class Meta:
        table = "account"

    @property
    def public_name(self) -> str:
        """The name under which it writes to others."""
        return self.sender_name or self.name


class User(Row):
    """A colleague with a sign-in. `weekly_hours` maps a weekday ("0" = Monday) to blocks of minutes of the day,
    `date_overrides` an ISO date to blocks; both are read and replaced as a whole. After `daily_limit` meetings
    on one day of theirs, however made, links offer no more. Between the quiet minutes of that day no device rings.
    `notifications` holds the switches that differ from what is usual. The address of their calendar feed follows from
    `feed_seed` and the server's key."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    email = fields.CharField(max_length=254, unique=True)
    name = fields.CharField(max_length=200)
    password_hash = fields.CharField(max_length=200, null=True)
    role = fields.CharEnumField(Role, max_length=32, default=Role.MEMBER)
    has_seat = fields.BooleanField(default=True)
    time_zone = fields.CharField(max_length=64, default="UTC")
    locale = fields.CharField(max_length=16, default="en")
    job_title = fields.CharField(max_length=200, default="")
    avatar_url = fields.CharField(max_length=500, default="")
    notifications: dict[str, bool] = fields.JSONField(default=dict)
    weekly_hours: dict[str, list[list[int]]] = fields.JSONField(default=dict)
    date_overrides: dict[str, list[list[int]]] = fields.JSONField(default=dict)
    daily_limit: int | None = fields.IntField(null=True)
    quiet_from_minute: int | None = fields.IntField(null=True)
    quiet_until_minute: int | None = fields.IntField(null=True)
    feed_seed = fields.CharField(max_length=64, default=ids.new_secret)
    is_active = fields.BooleanField(default=True)
    deactivated_at: datetime | None = InstantField(null=True)

    class Meta:
        table = "app_user"


class PasswordToken(Row):
    """The right to set a user's password, once, until `expires_at`: of an invitation, or of somebody who forgot theirs.
    Only its digest is kept."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE
    )
    user_id: int
    is_invitation = fields.BooleanField(default=False)
    digest = fields.CharField(max_length=64, unique=True)
    expires_at: datetime = InstantField()
    used_at: datetime | None = InstantField(null=True)

    class Meta:
        table = "password_token"
        indexes = (("user_id",),)


class Session(Row):
    """One device on which a user is signed in: the family of its refresh tokens."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE
    )
    user_id: int
    device_name = fields.CharField(max_length=200, default="")
    last_used_at: datetime = InstantField()
    ended_at: datetime | None = InstantField(null=True)
    end_reason = fields.CharField(max_length=32, default="")

    class Meta:
        table = "session"
        indexes = (("user_id",),)


class RefreshToken(Row):
    """One refresh token of a session; only its digest is kept. Used once; used twice ends the session."""

    session: fields.ForeignKeyRelation[Session] = fields.ForeignKeyField(
        "models.Session", related_name=False, on_delete=fields.CASCADE
    )
    session_id: int
    digest = fields.CharField(max_length=64, unique=True)
    expires_at: datetime = InstantField()
    used_at: datetime | None = InstantField(null=True)

    class Meta:
        table = "refresh_token"


class ApiToken(Row):
    """What a program signs in with; the secret is shown once and kept as a digest. Acts for the account, and as
    `user` where one is named."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, null=True, on_delete=fields.CASCADE
    )
    user_id: int | None
    name = fields.CharField(max_length=200)
    digest = fields.CharField(max_length=64, unique=True)
    scopes: list[str] = fields.JSONField(default=list)
    expires_at: datetime | None = InstantField(null=True)
    revoked_at: datetime | None = InstantField(null=True)

    class Meta:
        table = "api_token"


class Device(Row):
    """A phone or browser that wants to be woken, for as long as the session it was registered in lasts. `push_token` is
    the provider's name for it, for Web Push the address of its subscription; `web_keys` are the keys that such a
    subscription came with (RFC 8291)."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE
    )
    user_id: int
    session: fields.ForeignKeyRelation[Session] = fields.ForeignKeyField(
        "models.Session", related_name=False, on_delete=fields.CASCADE
    )
    session_id: int
    platform = fields.CharEnumField(DevicePlatform, max_length=32)
    push_token = fields.CharField(max_length=1000, unique=True)
    name = fields.CharField(max_length=200, default="")
    locale = fields.CharField(max_length=16, default="en")
    hides_details = fields.BooleanField(default=False)
    web_keys: dict[str, str] | None = fields.JSONField(null=True)
    registered_at: datetime = InstantField(default=clock.now)

    class Meta:
        table = "device"
        indexes = (("user_id",),)
