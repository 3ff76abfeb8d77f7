"""The account's own words in mails."""

from __future__ import annotations

from tortoise import fields

from server.models.account import Account
from server.models.base import Row


class MailText(Row):
    """How the account words one kind of mail in one language; an empty part is worded as usual. Placeholders are put in
    when the mail is written."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    kind = fields.CharField(max_length=64)
    locale = fields.CharField(max_length=16)
    subject = fields.CharField(max_length=300, default="")
    opening = fields.TextField(default="")
    closing = fields.TextField(default="")

    class Meta:
        table = "mail_text"
        unique_together = (("account_id", "kind", "locale"),)
