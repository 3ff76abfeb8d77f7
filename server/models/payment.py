"""What a booking costs, from the checkout to the money that came or went back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tortoise import fields

from server.models.account import Account
from server.models.base import InstantField, Row
from server.models.enums import PaymentProvider, PaymentState
from server.models.link import Hold, MeetingLink


class Payment(Row):
    """One checkout: `amount` in minor units of `currency`, for the slot that `hold` keeps. `booking` is what the
    visitor asked for, of which a meeting is made once the money is there: that meeting names its payment. `reference`
    is the provider's name of the checkout, `charge` of the money, `digest` what the provider calls the payment in its
    notices and what is kept of the visitor's token, `form_digest` what is kept of the token under which the form that
    led to it held its time."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    link: fields.ForeignKeyRelation[MeetingLink] = fields.ForeignKeyField(
        "models.MeetingLink", related_name=False, on_delete=fields.CASCADE
    )
    link_id: int
    hold: fields.ForeignKeyNullableRelation[Hold] = fields.ForeignKeyField(
        "models.Hold", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    hold_id: int | None
    digest = fields.CharField(max_length=64, unique=True)
    form_digest = fields.CharField(max_length=64, default="")
    provider = fields.CharEnumField(PaymentProvider, max_length=32)
    state = fields.CharEnumField(PaymentState, max_length=32, default=PaymentState.OPEN)
    amount = fields.IntField()
    currency = fields.CharField(max_length=3)
    reference = fields.CharField(max_length=255, null=True, unique=True)
    charge = fields.CharField(max_length=255, default="")
    checkout_url = fields.TextField(default="")
    booking: dict[str, Any] = fields.JSONField(default=dict)
    expires_at: datetime = InstantField()
    paid_at: datetime | None = InstantField(null=True)
    refunded_at: datetime | None = InstantField(null=True)
    note = fields.CharField(max_length=500, default="")

    class Meta:
        table = "payment"
        indexes = (("state", "expires_at"), ("form_digest",), ("hold_id",))


class PaymentNotice(Row):
    """A notice of a payment provider that was dealt with: the next one of the same name changes nothing."""

    provider = fields.CharEnumField(PaymentProvider, max_length=32)
    reference = fields.CharField(max_length=255)

    class Meta:
        table = "payment_notice"
        unique_together = (("provider", "reference"),)
