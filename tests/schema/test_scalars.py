"""Times, dates and zones as they stand on the wire."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from graphql import GraphQLError

from schema.scalars import read_date, read_instant, read_zone, write_instant

HALF_PAST_NINE = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T09:30:00Z",
        "2026-11-24t09:30:00z",
        "2026-11-24T10:30:00+01:00",
        "2026-11-24T04:30:00-05:00",
        "2026-11-24T09:30:00.987Z",
        "2026-11-24T09:30:00.987654321Z",
    ],
)
def test_an_instant_with_an_offset_is_read_in_whole_seconds(text: str) -> None:
    assert read_instant(text) == HALF_PAST_NINE


@pytest.mark.parametrize(
    "value",
    ["2026-11-24T09:30:00", "2026-11-24 09:30:00Z", "2026-11-24", "20261124T093000Z", "", "now", 1_795_512_600, None],
)
def test_anything_else_is_refused_with_a_way_to_mend_it(value: object) -> None:
    with pytest.raises(GraphQLError, match=r"write it as RFC 3339 asks, such as 2026-11-24T10:30:00\+01:00 or"):
        read_instant(value)


@pytest.mark.parametrize("text", ["2026-02-30T00:00:00Z", "2026-11-24T25:00:00Z", "0001-01-01T00:00:00+01:00"])
def test_an_instant_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(GraphQLError, match="names a time that does not exist"):
        read_instant(text)


def test_an_instant_is_written_in_utc_whatever_its_zone() -> None:
    assert write_instant(HALF_PAST_NINE.astimezone(timezone(timedelta(hours=9)))) == "2026-11-24T09:30:00Z"


def test_a_date_is_read_in_its_one_form() -> None:
    assert read_date("2026-11-24") == date(2026, 11, 24)
    for value in ("2026-W48-2", "20261124", "24.11.2026", "2026-11-24T00:00:00Z", 20261124):
        with pytest.raises(GraphQLError, match="write it like 2026-11-24"):
            read_date(value)
    with pytest.raises(GraphQLError, match="a date that does not exist"):
        read_date("2026-02-29")


def test_a_zone_is_left_to_the_verbs_unless_it_cannot_be_a_name() -> None:
    assert read_zone("Mars/Base") == "Mars/Base"
    for value in (7, None, "x" * 65):
        with pytest.raises(GraphQLError, match="not the name of a time zone"):
            read_zone(value)
