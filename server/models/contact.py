"""The people and things that meetings are about. This is not a CRM: only what meetings need."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tortoise import fields

from server.models.account import Account, User
from server.models.base import InstantField, Row
from server.models.enums import RecordKind


class Record(Row):
    """A company, deal, ticket or custom object. `external_id` is how whoever owns the records knows it; `search_text`
    is what a search looks through."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    kind = fields.CharEnumField(RecordKind, max_length=32)
    object_type = fields.CharField(max_length=64, default="")
    external_id = fields.CharField(max_length=255, null=True)
    name = fields.CharField(max_length=200)
    search_text = fields.TextField(default="")
    owner: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    owner_id: int | None
    properties: dict[str, Any] = fields.JSONField(default=dict)

    class Meta:
        table = "record"
        unique_together = (("account_id", "kind", "object_type", "external_id"),)
        indexes = (("account_id", "kind", "name"),)


class ObjectType(Row):
    """A kind of custom object that the account keeps, such as machines or courses."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    key = fields.CharField(max_length=64)
    label = fields.CharField(max_length=200)
    plural_label = fields.CharField(max_length=200)

    class Meta:
        table = "object_type"
        unique_together = (("account_id", "key"),)


class Contact(Row):
    """A person outside; known by e-mail address, once per account. `company` is a record of kind COMPANY."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    external_id = fields.CharField(max_length=255, null=True)
    email = fields.CharField(max_length=254)
    search_text = fields.TextField(default="")
    first_name = fields.CharField(max_length=200, default="")
    last_name = fields.CharField(max_length=200, default="")
    phone = fields.CharField(max_length=64, default="")
    owner: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    owner_id: int | None
    company: fields.ForeignKeyNullableRelation[Record] = fields.ForeignKeyField(
        "models.Record", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    company_id: int | None
    time_zone = fields.CharField(max_length=64, null=True)
    locale = fields.CharField(max_length=16, null=True)
    properties: dict[str, Any] = fields.JSONField(default=dict)
    last_booked_at: datetime | None = InstantField(null=True)
    last_booking_campaign = fields.CharField(max_length=255, null=True)
    last_booking_source = fields.CharField(max_length=255, null=True)
    last_booking_medium = fields.CharField(max_length=255, null=True)

    class Meta:
        table = "contact"
        unique_together = (("account_id", "email"), ("account_id", "external_id"))


class Association(Row):
    """The tie between a meeting and one record or contact: exactly one of the two is set."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    meeting: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.Meeting", related_name=False, on_delete=fields.CASCADE
    )
    meeting_id: int
    record: fields.ForeignKeyNullableRelation[Record] = fields.ForeignKeyField(
        "models.Record", related_name=False, null=True, on_delete=fields.CASCADE
    )
    record_id: int | None
    contact: fields.ForeignKeyNullableRelation[Contact] = fields.ForeignKeyField(
        "models.Contact", related_name=False, null=True, on_delete=fields.CASCADE
    )
    contact_id: int | None

    class Meta:
        table = "association"
        indexes = (("meeting_id",), ("record_id",), ("contact_id",))
