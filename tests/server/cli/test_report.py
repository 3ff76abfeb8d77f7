"""`parley report`."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from server import database
from tests import factories
from tests.server.cli.conftest import Command, facts

pytestmark = pytest.mark.capability("S2-52")

DAYS = ("--from", "2026-11-23", "--to", "2026-11-29")
HEADER = "key,label,count,completed,no_show,canceled,completion_rate,no_show_rate,minutes,organized_by_host"


async def _three_meetings(url: str) -> None:
    await database.connect(url)
    account = await factories.an_account()
    host, organizer = await factories.a_user(account, '=2+3 "Ines"'), await factories.a_user(account, "Karol")
    for hour, outcome in ((9, "COMPLETED"), (10, "NO_SHOW"), (11, "CANCELED")):
        starts_at = datetime(2026, 11, 24, hour, tzinfo=UTC)
        await factories.a_meeting(host, starts_at, outcome=outcome, organizer_id=organizer.id)
    await database.disconnect()


@pytest.fixture
def parley(command: Command, database_url: str) -> Command:
    """On a database where Karol arranged three meetings for Ines."""
    asyncio.run(_three_meetings(database_url))
    return command


def test_report_in_csv_is_safe_to_open_in_a_spreadsheet(parley: Command) -> None:
    result = parley("report", *DAYS, "--csv")
    assert (result.exit_code, result.stdout) == (0, f'{HEADER}\nusr_1,"\'=2+3 ""Ines""",3,1,1,1,0.5,0.5,60,0\n')


def test_report_by_organizer_and_week_in_json(parley: Command) -> None:
    told = facts(parley("report", *DAYS, "--by", "organizer", "--json"))
    counts = {"count": 3, "completed": 1, "no_show": 1, "canceled": 1}
    rest = {"completion_rate": 0.5, "no_show_rate": 0.5, "minutes": 60, "organized_by_host": 0}
    assert told == {
        "groupBy": "ORGANIZER",
        "timeZone": "Europe/Warsaw",
        "rows": [{"key": "usr_2", "label": "Karol"} | counts | rest],
        "totals": counts | rest,
    }
    weeks = facts(parley("report", *DAYS, "--by", "WEEK", "--json"))
    assert [(row["key"], row["count"]) for row in weeks["rows"]] == [("2026-W48", 3)]


def test_report_for_a_terminal_ends_in_the_totals(parley: Command) -> None:
    lines = parley("report", *DAYS).stdout.splitlines()
    assert lines[0].split() == ["count", "completed", "no", "show", "canceled", "held", "missed", "minutes"]
    assert lines[-2].split() == ["All", "together", "3", "1", "1", "1", "50.0%", "50.0%", "60"]
    assert lines[-1] == "Days of Europe/Warsaw."


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "24.11.2026", "--to", "2026-11-29"), "'24.11.2026' behind --from is no day."),
        (("--from", "2026-11-29", "--to", "2026-11-23"), "its last day is not before its first."),
    ],
)
def test_report_of_days_that_are_none_says_so(parley: Command, words: tuple[str, ...], said: str) -> None:
    result = parley("report", *words)
    assert result.exit_code == 1
    assert said in result.stderr
