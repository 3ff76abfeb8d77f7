from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from server import clock, database
from server.errors import ErrorCode, Refused, refusal
from server.models import KeptResult, Record
from server.models.enums import RecordKind
from server.repeats import AnsweredBefore, awaited, forget_old_results, kept_or
from tests import factories

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Verb:
    """Makes one record at each run, and says which."""

    def __init__(self, account_id: int, *, takes: float = 0) -> None:
        self.account_id = account_id
        self.takes = takes
        self.runs = 0

    async def run(self) -> dict[str, Any]:
        self.runs += 1
        await asyncio.sleep(self.takes)
        record = await Record.create(account_id=self.account_id, kind=RecordKind.DEAL, name="Pilot")
        return {"record": record.id, "at": NOON, "tags": ("a", "b")}

    async def ask(self, key: str | None = "k-1", **said: Any) -> dict[str, Any]:
        how: dict[str, Any] = {"scope": "user:1", "input": {"name": "Pilot"}} | said
        name = how.pop("verb", "createRecord")
        return await kept_or(name, account_id=self.account_id, key=key, run=self.run, **how)


@pytest.fixture
async def verb(db: str) -> Verb:
    return Verb((await factories.an_account()).id)


async def test_repeated_request_gives_the_first_result_and_has_one_effect(verb: Verb) -> None:
    first, second = await verb.ask(), await verb.ask()
    assert (first, verb.runs) == (second, 1)
    assert first == {"record": first["record"], "at": "2026-11-24T12:00:00+00:00", "tags": ["a", "b"]}
    assert await Record.all().count() == 1


async def test_request_without_key_runs_each_time(verb: Verb) -> None:
    assert (await verb.ask(None))["record"] != (await verb.ask(None))["record"]


async def test_same_key_of_somebody_else_runs(verb: Verb) -> None:
    assert (await verb.ask())["record"] != (await verb.ask(scope="user:2"))["record"]


@pytest.mark.parametrize("said", [{"input": {"name": "Other"}}, {"verb": "editRecord"}])
async def test_other_request_under_the_key_is_refused(verb: Verb, said: dict[str, Any]) -> None:
    await verb.ask()
    with pytest.raises(Refused) as refused:
        await verb.ask(**said)
    assert [(one.code, one.path) for one in refused.value.complaints] == [
        (ErrorCode.IDEMPOTENCY_KEY_REUSED, ("idempotencyKey",))
    ]
    assert verb.runs == 1


async def test_same_instant_written_with_another_offset_is_the_same_request(verb: Verb) -> None:
    await verb.ask(input={"starts_at": NOON})
    await verb.ask(input={"starts_at": NOON.astimezone(timezone(timedelta(hours=8)))})
    assert verb.runs == 1


async def test_refusal_is_not_kept(verb: Verb) -> None:
    async def refuse() -> dict[str, Any]:
        await verb.run()
        raise refusal(ErrorCode.SLOT_TAKEN, "This time has just been taken.")

    with pytest.raises(Refused, match="SLOT_TAKEN"):
        await kept_or("createRecord", account_id=verb.account_id, scope="user:1", key="k-1", input={}, run=refuse)
    assert (await Record.all().count(), await KeptResult.all().count()) == (0, 0)
    await verb.ask()
    assert await Record.all().count() == 1


async def test_five_at_once_have_one_effect_and_equal_answers(verb: Verb) -> None:
    """R2."""
    verb.takes = 0.05
    answers = await asyncio.gather(*(verb.ask() for _ in range(5)))
    assert answers == [answers[0]] * 5
    assert (verb.runs, await Record.all().count()) == (1, 1)


async def test_second_of_two_at_once_runs_if_the_first_is_refused(verb: Verb) -> None:
    begun = asyncio.Event()

    async def refuse() -> dict[str, Any]:
        begun.set()
        await asyncio.sleep(0.1)
        raise refusal(ErrorCode.SLOT_TAKEN, "This time has just been taken.")

    how: dict[str, Any] = {"account_id": verb.account_id, "scope": "user:1", "key": "k-1", "input": {"name": "Pilot"}}
    first = asyncio.create_task(kept_or("createRecord", run=refuse, **how))
    await begun.wait()
    second = asyncio.create_task(verb.ask())
    with pytest.raises(Refused):
        await first
    assert (await second)["record"] > 0
    assert verb.runs == 1


@pytest.mark.parametrize("key", ["", "k" * 256, "k\0"])
async def test_key_that_cannot_be_kept_is_refused(verb: Verb, key: str) -> None:
    with pytest.raises(Refused, match="1 to 255 characters"):
        await verb.ask(key)
    assert verb.runs == 0


async def test_longest_key_and_scope_are_kept(verb: Verb) -> None:
    key, scope = "k" * 255, "s" * 1_000
    assert await verb.ask(key, scope=scope) == await verb.ask(key, scope=scope)
    assert verb.runs == 1


async def test_what_cannot_be_compared_is_a_mistake(verb: Verb) -> None:
    with pytest.raises(TypeError, match="object cannot be part"):
        await verb.ask(input={"thing": object()})


async def test_old_results_are_forgotten_after_days_and_not_within_one(verb: Verb) -> None:
    await verb.ask()
    with clock.travel(clock.now() + timedelta(hours=25)):
        assert await forget_old_results() == 0
    with clock.travel(clock.now() + timedelta(days=4)):
        assert await forget_old_results() == 1
    await verb.ask()
    assert verb.runs == 2


async def test_kept_result_is_written_with_what_the_verb_wrote(verb: Verb) -> None:
    async with database.transaction():
        await verb.ask()
        assert database.in_transaction()
    assert await verb.ask() == (await KeptResult.get(key="k-1")).result


async def test_answer_is_committed_with_what_the_verb_wrote_and_given_again(verb: Verb) -> None:
    async with awaited() as answer:
        await verb.ask()
        assert answer.is_first
        assert database.in_transaction()
        await answer.keep(b"told")
    assert not database.in_transaction()
    assert await Record.all().count() == 1
    with pytest.raises(AnsweredBefore) as before:
        async with awaited():
            await verb.ask()
    assert (before.value.answer, verb.runs) == (b"told", 1)


async def test_nothing_is_done_where_no_answer_could_be_made(verb: Verb) -> None:
    async def fail() -> None:
        async with awaited():
            await verb.ask()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert (await Record.all().count(), await KeptResult.all().count()) == (0, 0)
    await verb.ask()
    assert (await Record.all().count(), verb.runs) == (1, 2)


async def test_whoever_awaits_no_answer_is_given_the_result_again(verb: Verb) -> None:
    async with awaited() as answer:
        first = await verb.ask()
        await answer.keep(b"told")
    assert await verb.ask() == first


async def test_refusal_and_a_verb_without_key_leave_nothing_open(verb: Verb) -> None:
    await verb.ask()
    async with awaited() as answer:
        with pytest.raises(Refused):
            await verb.ask(input={"name": "Other"})
        await verb.ask(None)
        assert (answer.is_first, database.in_transaction()) == (False, False)


async def test_second_of_two_at_once_waits_for_the_answer_of_the_first(verb: Verb) -> None:
    holding, done = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with awaited() as answer:
            await verb.ask()
            holding.set()
            await done.wait()
            await answer.keep(b"told")

    running = asyncio.create_task(first())
    await holding.wait()
    second = asyncio.create_task(verb.ask())
    await asyncio.sleep(0.1)
    assert not second.done()
    done.set()
    await running
    assert (await second)["record"] == (await Record.get()).id
