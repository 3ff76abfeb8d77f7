"""The tables as somebody new to Tortoise would describe them; only what the measured screens show."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model


class Account(Model):
    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=200)
    last_change_number = fields.BigIntField(default=0)
    data_version = fields.BigIntField(default=0)

    class Meta:
        table = "account"


class User(Model):
    id = fields.BigIntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("naive.Account", related_name="users")
    name = fields.CharField(max_length=200)
    time_zone = fields.CharField(max_length=64)
    locale = fields.CharField(max_length=16)
    calendars: fields.ReverseRelation[CalendarAccount]

    class Meta:
        table = "app_user"


class CalendarAccount(Model):
    id = fields.BigIntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("naive.User", related_name="calendars")
    syncs = fields.BooleanField()

    class Meta:
        table = "calendar_account"


class Outcome(Model):
    id = fields.BigIntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("naive.Account", related_name="outcomes")
    key = fields.CharField(max_length=64)
    label = fields.CharField(max_length=200)
    position = fields.IntField()
    is_default = fields.BooleanField()
    is_archived = fields.BooleanField()

    class Meta:
        table = "outcome"


class Company(Model):
    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=200)

    class Meta:
        table = "record"


class Contact(Model):
    id = fields.BigIntField(primary_key=True)
    first_name = fields.CharField(max_length=200)
    last_name = fields.CharField(max_length=200)
    email = fields.CharField(max_length=254)
    phone = fields.CharField(max_length=64)
    company: fields.ForeignKeyNullableRelation[Company] = fields.ForeignKeyField(
        "naive.Company", related_name="contacts", null=True
    )

    class Meta:
        table = "contact"


class MeetingLink(Model):
    id = fields.BigIntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("naive.Account", related_name="links")
    owner: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("naive.User", related_name="links")
    slug = fields.CharField(max_length=80)
    name = fields.CharField(max_length=200)
    kind = fields.CharField(max_length=32)
    durations_minutes: Any = fields.JSONField()
    booking_count = fields.IntField()
    is_default = fields.BooleanField()
    is_active = fields.BooleanField()
    retired_at = fields.BigIntField(null=True)

    class Meta:
        table = "meeting_link"


class Meeting(Model):
    id = fields.BigIntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("naive.Account", related_name="meetings")
    title = fields.CharField(max_length=300)
    starts_at = fields.BigIntField()
    ends_at = fields.BigIntField()
    time_zone = fields.CharField(max_length=64)
    version = fields.IntField()
    host: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("naive.User", related_name="hosted")
    organizer: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("naive.User", related_name="organized")
    contact: fields.ForeignKeyNullableRelation[Contact] = fields.ForeignKeyField(
        "naive.Contact", related_name="meetings", null=True
    )
    outcome: fields.ForeignKeyRelation[Outcome] = fields.ForeignKeyField("naive.Outcome", related_name="meetings")
    link: fields.ForeignKeyNullableRelation[MeetingLink] = fields.ForeignKeyField(
        "naive.MeetingLink", related_name="meetings", null=True
    )
    location_kind = fields.CharField(max_length=32)
    location_text = fields.CharField(max_length=500)
    location_join_url = fields.CharField(max_length=1000, null=True)
    location_provider = fields.CharField(max_length=32, null=True)
    attendees: fields.ReverseRelation[Attendee]
    canceled_at = fields.BigIntField(null=True)
    deleted_at = fields.BigIntField(null=True)

    class Meta:
        table = "meeting"


class Attendee(Model):
    id = fields.BigIntField(primary_key=True)
    meeting: fields.ForeignKeyRelation[Meeting] = fields.ForeignKeyField("naive.Meeting", related_name="attendees")
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "naive.User", related_name="attendances", null=True
    )
    kind = fields.CharField(max_length=32)
    name = fields.CharField(max_length=400)
    email = fields.CharField(max_length=254)
    reply = fields.CharField(max_length=32)

    class Meta:
        table = "attendee"


class Change(Model):
    id = fields.BigIntField(primary_key=True)
    created_at = fields.BigIntField()
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("naive.Account", related_name="changes")
    account_id: int
    number = fields.BigIntField()
    kind = fields.CharField(max_length=32)
    meeting: fields.ForeignKeyRelation[Meeting] = fields.ForeignKeyField("naive.Meeting", related_name="changes")
    occurred_at = fields.BigIntField()
    actor = fields.CharField(max_length=64)
    data: Any = fields.JSONField()

    class Meta:
        table = "change"
