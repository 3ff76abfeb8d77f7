"""Members who take turns."""

from __future__ import annotations

from datetime import datetime

from tortoise import fields

from server.models.account import Account, User
from server.models.base import InstantField, Row


class Rotation(Row):
    """A list of members of whom one gets the next meeting. Shared by its links and by scheduling on behalf."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.CASCADE
    )
    account_id: int
    name = fields.CharField(max_length=200)
    deleted_at: datetime | None = InstantField(null=True)

    class Meta:
        table = "rotation"


class RotationMember(Row):
    """One user's place in a rotation. `assigned` may start above zero (slots rule 19); `last_assigned` is the
    rotation's running number of assignments, so that two bookings in one second still have an order."""

    rotation: fields.ForeignKeyRelation[Rotation] = fields.ForeignKeyField(
        "models.Rotation", related_name=False, on_delete=fields.CASCADE
    )
    rotation_id: int
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE
    )
    user_id: int
    position = fields.IntField(default=0)
    weight = fields.IntField(default=1)
    is_active = fields.BooleanField(default=True)
    assigned = fields.IntField(default=0)
    last_assigned = fields.BigIntField(default=0)
    left_at: datetime | None = InstantField(null=True)

    class Meta:
        table = "rotation_member"
        unique_together = (("rotation_id", "user_id"),)
