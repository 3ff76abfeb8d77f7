"""Whoever asks the same hears the same, read once; nobody misses a change or hears it twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from random import Random

import orjson
import pytest

from server import database
from server.accounts.api_tokens import create_api_token
from server.accounts.bearer import viewer_of
from server.accounts.scopes import READ_SCOPES, Scope
from server.changes import cursor, tails, wakeups
from server.changes.log import record_change
from server.models.enums import ChangeKind, Role
from server.web.fan_out import group as group_module
from server.web.fan_out import stream
from tests.factories import a_link, a_meeting, a_user, an_account
from tests.resolvers.asking import program_of, viewer_for
from tests.server.web.fan_out.scene import BOOKED, STARTS, Listener, changed, operations, statements

CHANGED = """subscription ($after: String, $host: ID, $link: ID, $kinds: [ChangeKind!]) {
  meetingChanged(after: $after, host: $host, link: $link, kinds: $kinds) { kind cursor meeting { id } } }"""


@pytest.fixture(autouse=True)
async def _listening(db: str) -> AsyncIterator[None]:
    await wakeups.start()
    yield
    await wakeups.stop()


async def _settled() -> None:
    await asyncio.sleep(1.5)


@pytest.mark.capability("S1-23")
async def test_a_change_is_read_once_however_many_hear_it(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    account = await an_account()
    colleagues = [await a_user(account, role=role) for role in (Role.ADMIN, Role.MEMBER, Role.MEMBER)]
    meeting = await a_meeting(colleagues[0], STARTS)
    shared = operations()
    for crowd in (1, 60):
        listeners = [Listener(shared, viewer_for(colleagues[number % 3])) for number in range(crowd)]
        await _settled()
        with statements(monkeypatch) as sent:
            await changed(meeting)
            told = [await one.has_heard(1) for one in listeners]
        reads = [one for one in sent if "FROM" in one]
        # The log is looked at again whenever a poll says so; the meeting is read with the change, and that once.
        assert (len([one for one in reads if "JOIN" in one]), len(reads) <= 5) == (1, True)
        assert told == [told[0]] * crowd
        assert len({one.heard[0] for one in listeners}) == 1
        for one in listeners:
            await one.leave()


async def test_a_rule_about_the_viewer_divides_the_audience(db: str) -> None:
    account = await an_account()
    ines = await a_user(account)
    meeting = await a_meeting(ines, STARTS, internal_notes="bring the contract")
    document = "subscription { meetingBooked { meeting { internalNotes } } }"
    shared = operations()
    told = []
    for scopes in (READ_SCOPES, [Scope.BOOKINGS_READ]):
        made = await create_api_token(account.id, name="test", scopes=scopes)
        listeners = [Listener(shared, await viewer_of(made.secret), document) for _ in range(2)]
        await _settled()
        await changed(meeting)
        told += [(await one.has_heard(1))[0]["meeting"]["internalNotes"] for one in listeners]
        for one in listeners:
            await one.leave()
    assert told == ["bring the contract"] * 2 + [None] * 2


async def test_another_account_hears_nothing_and_a_program_without_the_scope_is_refused(db: str) -> None:
    ines, other = await a_user(await an_account()), await a_user(await an_account("Others"))
    meeting = await a_meeting(ines, STARTS)
    shared = operations()
    stranger = Listener(shared, viewer_for(other))
    refused = Listener(shared, program_of(ines.account_id, "meetings:read"))
    own = Listener(shared, viewer_for(ines))
    await _settled()
    await changed(meeting)
    assert len(await own.has_heard(1)) == 1
    assert await refused.has_ended() == ["FORBIDDEN"]
    assert stranger.heard == []
    for one in (stranger, own):
        await one.leave()


async def test_changes_of_one_host_or_one_link_only(db: str) -> None:
    account = await an_account()
    ines, tom = await a_user(account), await a_user(account, "Tom Berg")
    link = await a_link(ines)
    through = await a_meeting(ines, STARTS, link=link)
    hosted, elsewhere = await a_meeting(ines, STARTS.replace(hour=12)), await a_meeting(tom, STARTS)
    for meeting in (through, hosted, elsewhere):
        await changed(meeting, kind=ChangeKind.MEETING_BOOKED)
    shared, viewer = operations(), viewer_for(ines)
    asked = [{"link": f"lnk_{link.id}"}, {"host": f"usr_{ines.id}"}, {"host": f"usr_{tom.id}"}, {}]
    listeners = [Listener(shared, viewer, CHANGED, after=cursor.write(0), **one) for one in asked]
    nobody = Listener(shared, viewer, CHANGED, after=cursor.write(0), host="usr_999999")
    await _settled()
    for meeting in (through, hosted, elsewhere):
        await changed(meeting, kind=ChangeKind.MEETING_MOVED)
    told = [
        [told["meeting"]["id"] for told in await one.has_heard(count)]
        for one, count in zip(listeners, (2, 4, 2, 6), strict=True)
    ]
    ids = [f"mtg_{one.id}" for one in (through, hosted, elsewhere)]
    assert told == [[ids[0]] * 2, ids[:2] * 2, [ids[2]] * 2, ids * 2]
    assert nobody.heard == []
    for one in (*listeners, nobody):
        await one.leave()


async def test_host_from_whom_a_meeting_was_taken_hears_that_it_is_gone(db: str) -> None:
    account = await an_account()
    ines, tom = await a_user(account), await a_user(account, "Tom Berg")
    meeting, shared = await a_meeting(tom, STARTS), operations()
    former = Listener(shared, viewer_for(ines), CHANGED, host=f"usr_{ines.id}")
    present = Listener(shared, viewer_for(ines), CHANGED, host=f"usr_{tom.id}")
    await _settled()
    async with database.transaction():
        taken = {"previous_host_id": ines.id, "host_id": tom.id}
        about = {"account_id": account.id, "meeting_id": meeting.id, "actor": "visitor"}
        await record_change(ChangeKind.MEETING_MOVED, data=taken, **about)
    await changed(meeting, kind=ChangeKind.OUTCOME_RECORDED)
    assert [one["kind"] for one in await present.has_heard(2)] == ["MEETING_MOVED", "OUTCOME_RECORDED"]
    assert [one["kind"] for one in await former.has_heard(1)] == ["MEETING_MOVED"]
    for one in (former, present):
        await one.leave()


async def test_a_database_that_is_away_for_a_while_ends_no_subscription(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_module, "PAUSE_SECONDS", 0.05)
    ines = await a_user(await an_account())
    meeting, shared = await a_meeting(ines, STARTS), operations()
    listener = Listener(shared, viewer_for(ines))
    await _settled()
    await changed(meeting)
    await listener.has_heard(1)
    reader = type(database.statements.connection.client())
    tried: list[str] = []

    async def away(_: object, sql: str, parameters: object) -> list[object]:
        tried.append(sql)
        raise database.TryAgain("the database is away")

    with monkeypatch.context() as patch:
        async with database.transaction():
            given = {"account_id": ines.account_id, "meeting_id": meeting.id, "actor": "visitor"}
            await record_change(ChangeKind.MEETING_BOOKED, **given)
            patch.setattr(reader, "read", away)
        await asyncio.sleep(0.4)
    assert len(tried) > 1
    assert [one["cursor"] for one in await listener.has_heard(2)] == [cursor.write(1), cursor.write(2)]
    assert listener.ended is None
    await listener.leave()


async def test_cursors_that_cannot_be_followed_are_told(db: str) -> None:
    ines = await a_user(await an_account())
    shared, viewer = operations(), viewer_for(ines)
    assert await Listener(shared, viewer, after="nonsense").has_ended() == ["BAD_USER_INPUT"]
    assert await Listener(shared, viewer, after=cursor.write(7)).has_ended() == ["RESYNC_REQUIRED"]


async def test_what_a_plan_has_no_form_for_is_shared_all_the_same(db: str) -> None:
    """A null where the schema promises a value: the reference executor says so, once for all."""
    account = await an_account()
    ines = await a_user(account)
    shared = operations()
    listeners = [Listener(shared, viewer_for(ines), BOOKED) for _ in range(3)]
    await _settled()
    async with database.transaction():
        await record_change(ChangeKind.MEETING_BOOKED, account_id=account.id, actor="visitor")
    await asyncio.gather(*(_told_raw(one) for one in listeners))
    assert orjson.loads(listeners[0].heard[0])["data"] is None
    assert len({one.heard[0] for one in listeners}) == 1
    for one in listeners:
        await one.leave()


async def _told_raw(listener: Listener) -> None:
    async with asyncio.timeout(10):
        while not listener.heard:  # noqa: ASYNC110  # whatever is told arrives in a list
            await asyncio.sleep(0.01)


async def test_those_who_come_back_together_share_the_reading(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ines = await a_user(await an_account())
    meeting = await a_meeting(ines, STARTS)
    await changed(meeting, 30)
    shared = operations()
    with statements(monkeypatch) as sent:
        listeners = [Listener(shared, viewer_for(ines), after=cursor.write(10)) for _ in range(40)]
        told = [await one.has_heard(20) for one in listeners]
    assert told == [told[0]] * 40
    assert [one["cursor"] for one in told[0]] == [cursor.write(number) for number in range(11, 31)]
    assert len([one for one in sent if "JOIN" in one]) == 1
    for one in listeners:
        await one.leave()


async def test_a_late_reader_is_told_the_meeting_as_it_is_now(db: str) -> None:
    ines = await a_user(await an_account())
    meeting = await a_meeting(ines, STARTS, title="Before")
    await changed(meeting)
    shared = operations()
    first = Listener(shared, viewer_for(ines), after=cursor.write(0))
    assert (await first.has_heard(1))[0]["meeting"]["title"] == "Before"
    meeting.title = "After"
    await meeting.save()
    await changed(meeting, kind=ChangeKind.MEETING_EDITED)
    second = Listener(shared, viewer_for(ines), after=cursor.write(0))
    assert (await second.has_heard(1))[0]["meeting"]["title"] == "After"
    for one in (first, second):
        await one.leave()


@pytest.mark.parametrize("seed", [1, 2])
async def test_listeners_that_come_and_go_hear_each_change_once(
    db: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R7 for groups: writers, joiners from now and from a cursor, replays larger than what is kept in memory, and
    clients slower than their bound."""
    for module, name, small in ((tails, "KEPT", 9), (stream, "MOST_WAITING", 3), (group_module, "MOST_AT_ONCE", 4)):
        monkeypatch.setattr(module, name, small)
    monkeypatch.setattr(group_module, "MOST_KEPT", 6)
    monkeypatch.setattr(group_module, "WITHOUT_PAUSE", 2)
    ines = await a_user(await an_account())
    meeting = await a_meeting(ines, STARTS)
    dice, shared, viewer, total = Random(seed), operations(), viewer_for(ines), 50
    wanted = [cursor.write(number) for number in range(1, total + 1)]

    async def write(count: int) -> None:
        for _ in range(count):
            await asyncio.sleep(dice.random() * 0.02)
            await changed(meeting)

    async def follow() -> list[str]:
        seen: list[str] = []
        while len(seen) < total:
            listener = Listener(shared, viewer, after=seen[-1] if seen else cursor.write(0))
            count = min(dice.randint(1, 12), total - len(seen))
            seen += [one["cursor"] for one in (await listener.has_heard(count))[:count]]
            await listener.leave()
        return seen

    async def follow_from_now() -> list[str]:
        await asyncio.sleep(dice.random())
        listener = Listener(shared, viewer)
        told = await listener.has_heard(1)
        await listener.has_heard(total + 1 - cursor.read(told[0]["cursor"]))
        await asyncio.sleep(0.1)
        heard = [one["cursor"] for one in await listener.has_heard(1)]
        await listener.leave()
        return heard

    readers = [asyncio.create_task(follow()) for _ in range(6)]
    late = [asyncio.create_task(follow_from_now()) for _ in range(4)]
    await asyncio.gather(write(20), write(29))
    await asyncio.sleep(1.2)
    await changed(meeting)
    async with asyncio.timeout(60):
        assert await asyncio.gather(*readers) == [wanted] * 6
        for heard in await asyncio.gather(*late):
            assert heard == wanted[-len(heard) :]


async def test_nothing_is_left_when_all_have_gone(db: str) -> None:
    ines = await a_user(await an_account())
    shared = operations()
    listeners = [Listener(shared, viewer_for(ines)) for _ in range(5)]
    await _settled()
    for one in listeners:
        await one.leave()
    await asyncio.sleep(0.05)
    assert shared.groups._groups == {}
    assert tails.seen_numbers() == {}
