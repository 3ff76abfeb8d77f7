import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from server import clock, database
from tests.factories import a_link, a_user, an_account
from tests.server.cli.conftest import Command, facts

EVERY_DAY = {str(weekday): [[9 * 60, 10 * 60]] for weekday in range(7)}
WARSAW = ZoneInfo("Europe/Warsaw")


@pytest.fixture
def page(database_url: str) -> str:
    """The slug of a page with an hour a day, from nine to ten in Warsaw."""

    async def make() -> None:
        await database.connect(database_url)
        user = await a_user(await an_account(), time_zone="Europe/Warsaw", weekly_hours=EVERY_DAY)
        await a_link(user, slug="ines")
        await database.disconnect()

    asyncio.run(make())
    return "ines"


def _tomorrow(hour: int, minute: int = 0) -> str:
    day = clock.now().astimezone(WARSAW).date() + timedelta(days=1)
    local = (
        clock.now()
        .astimezone(WARSAW)
        .replace(year=day.year, month=day.month, day=day.day, hour=hour, minute=minute, second=0)
    )
    return local.isoformat()


def test_the_free_starts_are_listed_by_day(command: Command, page: str) -> None:
    days = facts(command("slots", page, "--days", "3", "--json"))
    tomorrow = next(day for day in days if day["date"] == _tomorrow(9)[:10])
    assert len(tomorrow["slots"]) == 3
    assert all(slot.endswith("Z") for slot in tomorrow["slots"])
    heading, *lines = command("slots", page).stdout.splitlines()
    assert heading == "Starts of 30 minutes on ines, Europe/Warsaw:"
    assert "09:00 09:15 09:30" in lines[-1]
    assert command("slots", page, "--minutes", "45").stdout == "Nothing is free within 7 days.\n"


def test_a_time_that_can_be_booked_needs_no_reason(command: Command, page: str) -> None:
    assert facts(command("explain", page, _tomorrow(9), "--json")) == {"offered": True, "reasons": []}


def test_every_reason_is_told(command: Command, page: str) -> None:
    told = facts(command("explain", page, _tomorrow(12, 7), "--json"))
    assert told["offered"] is False
    assert {one["code"] for one in told["reasons"]} == {"OFF_GRID", "OUTSIDE_HOURS"}
    said = command("explain", page, _tomorrow(12, 7)).stdout.splitlines()
    assert said[0] == f"{_tomorrow(12, 7)} cannot be booked for 30 minutes:"
    assert [line.split()[0] for line in said[1:]] == ["OFF_GRID", "OUTSIDE_HOURS"]
    assert said[2].endswith("it is outside the host's hours [Ines Marek]")


def test_a_reason_that_ends_by_itself_says_when_on_the_pages_clock(command: Command, page: str) -> None:
    today = clock.now().astimezone(WARSAW).date()
    late, closed = today + timedelta(days=90), today + timedelta(days=61)
    said = command("explain", page, f"{late}T09:00:00+00:00", "--minutes", "30").stdout
    ended = f"which ended {closed:%a %d %b %Y} 00:00:00 Europe/Warsaw"
    assert f"  WINDOW                it is outside the dates that this page offers, {ended}" in said.splitlines()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("slots", "nobody"), "LINK_NOT_FOUND"),
        (("explain", "ines", "tomorrow"), "2026-11-24T10:00:00+01:00"),
        (("explain", "ines", "2026-11-24T10:00:00"), "TIME_RANGE_INVALID"),
        (("slots", "ines", "--time-zone", "Warsaw"), "Europe/Warsaw"),
    ],
)
def test_what_cannot_be_looked_up_says_why(command: Command, page: str, words: tuple[str, ...], said: str) -> None:
    result = command(*words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr
