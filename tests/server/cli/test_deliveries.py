"""`parley deliveries` and `parley retry-delivery`."""

from __future__ import annotations

import asyncio

import pytest

from server import database, outbox
from server.models import Job
from server.models.enums import JobKind, JobState
from tests import factories
from tests.server.cli.conftest import Command, facts


async def _two_dead_jobs(url: str) -> None:
    await database.connect(url)
    account = await factories.an_account()
    for reason in ("tomasz@client.example: 550 no such user", "410 gone"):
        await outbox.enqueue(JobKind.CONFIRMATION_MAIL, account_id=account.id)
        (job,) = await outbox.claim("w", 1)
        await outbox.give_up(job, reason)
    await outbox.enqueue(JobKind.REMINDER_MAIL, account_id=account.id)
    await database.disconnect()


async def _states(url: str) -> list[JobState]:
    await database.connect(url)
    found = [job.state for job in await Job.all().order_by("id")]
    await database.disconnect()
    return found


@pytest.fixture
def dead(command: Command, database_url: str) -> str:
    """A database with two deliveries that were given up and one that waits; its address."""
    command("create-account", "Warm up")
    asyncio.run(_two_dead_jobs(database_url))
    return database_url


def test_deliveries_that_were_given_up_are_listed_with_their_reason(command: Command, dead: str) -> None:
    found = facts(command("deliveries", "--json"))
    assert [(one["delivery"], one["kind"], one["reason"]) for one in found] == [
        ("job_2", "CONFIRMATION_MAIL", "410 gone"),
        ("job_1", "CONFIRMATION_MAIL", "tomasz@client.example: 550 no such user"),
    ]
    assert "job_1  CONFIRMATION_MAIL  -  tomasz@client.example: 550 no such user" in command("deliveries").stdout


def test_one_delivery_is_due_again(command: Command, dead: str) -> None:
    assert facts(command("retry-delivery", "job_1", "--json")) == {"due": ["job_1"]}
    assert asyncio.run(_states(dead)) == [JobState.WAITING, JobState.DEAD, JobState.WAITING]


def test_all_deliveries_are_due_again(command: Command, dead: str) -> None:
    assert command("retry-delivery", "--all").stdout == "Due again: job_1, job_2.\n"
    assert facts(command("deliveries", "--json")) == []


@pytest.mark.parametrize("words", [("job_3",), ("job_99",), ("mtg_1",), (), ("job_1", "--all")])
def test_what_was_not_given_up_is_told_in_one_line(command: Command, dead: str, words: tuple[str, ...]) -> None:
    result = command("retry-delivery", *words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("parley: ")
    assert asyncio.run(_states(dead)) == [JobState.DEAD, JobState.DEAD, JobState.WAITING]
