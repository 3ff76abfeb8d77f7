"""What all tables share: an integer key, and instants in the one form in which they are stored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tortoise import fields
from tortoise.fields.base import Field
from tortoise.models import Model

from server import clock


class InstantField(Field[datetime], datetime):
    """An instant, stored as epoch seconds on every database: one form, one order, no zone to get wrong."""

    SQL_TYPE = "BIGINT"
    field_type = datetime

    def to_db_value(self, value: datetime | int | None, instance: type[Model] | Model) -> int | None:
        if value is None or isinstance(value, int):
            return value
        if value.tzinfo is None:
            raise ValueError(f"{self.model_field_name}: an instant needs an offset, got {value.isoformat()}")
        return int(value.timestamp())

    def to_python_value(self, value: Any) -> datetime | None:
        if value is None or isinstance(value, datetime):
            return value
        return datetime.fromtimestamp(value, UTC)


class Row(Model):
    """A row with an integer key, and when it came to be."""

    id: int = fields.BigIntField(primary_key=True)
    created_at: datetime = InstantField(default=clock.now)

    class Meta:
        abstract = True
