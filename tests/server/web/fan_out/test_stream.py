"""A client that takes its answers slowly loses none, and holds no more in memory than its bound."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import orjson
import pytest

from server import clock, database
from server.accounts.api_tokens import create_api_token
from server.accounts.bearer import viewer_of
from server.accounts.scopes import READ_SCOPES
from server.changes import cursor
from server.web.fan_out import group, groups, stream
from server.web.graphql.asking import Asked
from server.web.graphql.caller import Caller
from server.web.graphql.executor import StreamEnded
from tests.factories import a_meeting, a_user, an_account
from tests.resolvers.asking import viewer_for
from tests.server.web.fan_out.scene import BOOKED, STARTS, Listener, changed, operations


async def test_a_slow_client_is_told_everything_in_order(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "MOST_WAITING", 3)
    ines = await a_user(await an_account())
    meeting = await a_meeting(ines, STARTS)
    shared, caller = operations(), Caller(viewer_for(ines), "", "en", "")
    quick = Listener(shared, viewer_for(ines), after=cursor.write(0))
    prepared = shared.prepared(Asked(BOOKED, variables={"after": cursor.write(0)}), caller)
    heard = []
    async with aclosing(shared.follow(prepared, caller)) as answers:
        await changed(meeting)
        heard.append(await anext(answers))
        await changed(meeting, 12)
        await quick.has_heard(13)
        async with asyncio.timeout(10):
            while len(heard) < 13:
                heard.append(await anext(answers))
    told = [orjson.loads(one.body)["data"]["meetingBooked"]["cursor"] for one in heard]
    assert told == [cursor.write(number) for number in range(1, 14)]
    await quick.leave()


async def test_a_client_that_loses_its_rights_while_it_catches_up_hears_no_more_of_the_past(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "TRUST_SECONDS", 0.0)
    monkeypatch.setattr(group, "MOST_AT_ONCE", 2)
    ines = await a_user(await an_account())
    await changed(await a_meeting(ines, STARTS), 10)
    made = await create_api_token(ines.account_id, name="test", scopes=READ_SCOPES)
    shared, caller = operations(), Caller(await viewer_of(made.secret), "", "en", "")
    prepared = shared.prepared(Asked(BOOKED, variables={"after": cursor.write(0)}), caller)
    heard: list[str] = []

    async def listen() -> None:
        async with aclosing(shared.follow(prepared, caller)) as answers:
            async for answer in answers:
                heard.append(orjson.loads(answer.body)["data"]["meetingBooked"]["cursor"])
                await database.execute("UPDATE api_token SET revoked_at = $1", clock.now_epoch())

    with pytest.raises(StreamEnded) as ended:
        await listen()
    assert heard == [cursor.write(1), cursor.write(2)]
    assert [one["extensions"]["code"] for one in ended.value.errors] == ["UNAUTHENTICATED"]
