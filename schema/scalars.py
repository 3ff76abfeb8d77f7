"""Times, dates and zones as they stand on the wire."""

import re
from datetime import UTC, date, datetime
from typing import NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

TimeZone = NewType("TimeZone", str)

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def read_instant(value: object) -> datetime:
    """An instant in whole seconds, UTC, from RFC 3339; the refusal of a text without offset says how to mend it."""
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise GraphQLError(
            f"{_short(value)} is not a time with an offset; write it as RFC 3339 asks, such as "
            "2026-11-24T10:30:00+01:00 or 2026-11-24T09:30:00Z."
        )
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError) as error:
        raise GraphQLError(f"{_short(value)} names a time that does not exist.") from error


def write_instant(value: datetime) -> str:
    """`2026-11-24T09:30:00Z`."""
    return value.astimezone(UTC).isoformat()[:19] + "Z"


def read_date(value: object) -> date:
    """A date from `2026-11-24`."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise GraphQLError(f"{_short(value)} is not a date; write it like 2026-11-24.")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise GraphQLError(f"{_short(value)} is a date that does not exist.") from error


def read_zone(value: object) -> str:
    """The name of a zone; whether there is such a zone the verbs say, with a code."""
    if not isinstance(value, str) or len(value) > 64:
        raise GraphQLError(f"{_short(value)} is not the name of a time zone; write one like Europe/Warsaw.")
    return value


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


SCALARS: dict[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant. Input: RFC 3339 with an offset, refused without. Output: UTC, whole seconds, `Z`.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        parse_value=read_instant,
        serialize=write_instant,
    ),
    date: strawberry.scalar(
        name="Date",
        description="A day of the calendar without a zone, such as 2026-11-24.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        parse_value=read_date,
        serialize=date.isoformat,
    ),
    TimeZone: strawberry.scalar(
        name="TimeZone",
        description="A time zone of the IANA database, such as Europe/Warsaw.",
        specified_by_url="https://www.iana.org/time-zones",
        parse_value=read_zone,
        serialize=str,
    ),
}
