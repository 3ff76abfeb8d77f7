"""The people and things that meetings are about. This is not a CRM: only what meetings need."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from tortoise import fields

from server.folding import search_text
from server.models.account import Account, User
from server.models.base import InstantField, Row
from server.models.enums import RecordKind


class Found(Row):
    """A row that people look for: its `search_text` follows what it is called, whichever way it is saved. Only
    `filter(...).update(...)` goes past it, so names are not changed by that."""

    search_text = fields.TextField(default="")

    def called(self) -> tuple[str, ...]:
        """The texts by which somebody would look for it."""
        raise NotImplementedError

    async def save(self, *given: Any, **options: Any) -> None:
        """The row is saved, with what it is found by."""
        self.search_text = search_text(*self.called())
        if (named := options.get("update_fields")) is not None:
            options["update_fields"] = [*named, "search_text"]
        await super().save(*given, **options)

    @classmethod
    def bulk_create(cls, objects: Iterable[Self], *given: Any, **options: Any) -> Any:
        """The rows are inserted, each with what it is found by."""
        rows = list(objects)
        for row in rows:
            row.search_text = search_text(*row.called())
        return super().bulk_create(rows, *given, **options)

    class Meta:
        abstract = True


class Record(Found):
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
    owner: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    owner_id: int | None
    properties: dict[str, Any] = fields.JSONField(default=dict)

    def called(self) -> tuple[str, ...]:
        """By its name, and by what it is known as outside."""
        return self.name, self.external_id or ""

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


class Contact(Found):
    """A person outside; known by e-mail address, once per account. `company` is a record of kind COMPANY."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    external_id = fields.CharField(max_length=255, null=True)
    email = fields.CharField(max_length=254)
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

    def called(self) -> tuple[str, ...]:
        """By names, address and number; the number also as one row of digits."""
        digits = "".join(filter(str.isdigit, self.phone))
        return self.first_name, self.last_name, self.email, self.phone, digits, self.external_id or ""

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
        indexes = (("meeting_id",), ("record_id", "meeting_id"), ("contact_id", "meeting_id"))
