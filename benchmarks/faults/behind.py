"""Programs that come back after a long time, or after too long (R7)."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from time import monotonic

import asyncpg
from websockets.asyncio.client import connect

from benchmarks.faults.books import books_of
from benchmarks.faults.followers import QUERY, Follower, have_heard
from benchmarks.faults.scene import Scene, hold, until_over
from server.changes import cursor

BATCH = 1_000


async def resumed_from_far_behind(scene: Scene) -> str:
    """None, one, a thousand or a hundred thousand changes behind: each is heard once, in order; behind what is kept the
    answer is RESYNC_REQUIRED."""
    total = scene.size(quick=3_000, full=100_000)
    await _write_history(scene, total)
    figures = []
    async with scene.serve() as server:
        books = await books_of(scene)
        for behind in sorted({0, 1, 1_000, total}):
            after = books.counter - behind
            follower = Follower([server.url], scene.token, after=cursor.write(after))
            began = monotonic()
            async with until_over(follower.follow()):
                hold(await have_heard([follower], behind, within=300), f"only {len(follower.heard)} of {behind} came")
                took = monotonic() - began
                await asyncio.sleep(0.3)
            hold(follower.heard == books.cursors(after=after), f"{behind} behind: not each change once and in order")
            figures.append(f"{behind} in {took:.1f} s")
        await _forget(scene, books.counter - 10)
        code = await _refusal(server.url, scene.token, cursor.write(5))
        hold(code == "RESYNC_REQUIRED", f"a cursor that is too old was answered with {code}")
    return ", ".join(figures) + "; too old: RESYNC_REQUIRED"


async def _write_history(scene: Scene, count: int) -> None:
    """That many changes of one meeting are in the log, numbered on from the last."""
    async with scene.serve() as server:
        client = scene.client(server.url)
        start = (await scene.free(server.url, 1))[0]
        booked = await client.ask(
            "mutation($input: BookMeetingInput!) { bookMeeting(input: $input) { booking { id } userErrors { code } } }",
            input={"slug": scene.slug, "startsAt": start, "email": "eva@client.example", "firstName": "Eva"},
        )
        hold(booked["bookMeeting"]["userErrors"] == [], "the meeting of the history could not be booked")
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
    insert = """INSERT INTO change (created_at, account_id, number, kind, meeting_id, occurred_at, actor, data)
        {numbers} SELECT c.created_at, c.account_id, c.number + i, 'MEETING_EDITED', c.meeting_id, c.occurred_at,
        c.actor, c.data FROM n, (SELECT * FROM change ORDER BY number DESC LIMIT 1) c"""
    await _run(
        scene,
        insert.format(numbers=numbers.format(count=count)),
        f"UPDATE account SET last_change_number = last_change_number + {count}",
    )


async def _forget(scene: Scene, upto: int) -> None:
    await _run(scene, f"DELETE FROM change WHERE number <= {upto}")


async def _run(scene: Scene, *statements: str) -> None:
    if scene.server is None:
        connection = sqlite3.connect(scene.database_url.removeprefix("sqlite:///"), timeout=20)
        with connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()
        return
    wire = await asyncpg.connect(scene.database_url)
    try:
        for statement in statements:
            await wire.execute(statement)
    finally:
        await wire.close()


async def _refusal(url: str, token: str, after: str) -> str:
    """The code with which a subscription from that cursor is refused."""
    address = url.replace("http://", "ws://") + "/graphql"
    async with connect(address, subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]
        await socket.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}))
        payload = {"query": QUERY, "variables": {"after": after}}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        async with asyncio.timeout(10):
            async for text in socket:
                message = json.loads(text)
                if message["type"] == "error":
                    return str(message["payload"][0]["extensions"]["code"])
                if message["type"] == "next" and message["payload"].get("errors"):
                    return str(message["payload"]["errors"][0]["extensions"]["code"])
                if message["type"] == "next":
                    return "a change"
    return "nothing"
