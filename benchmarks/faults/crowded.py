"""Very many subscribers: one that hardly reads (R6), and very many that wait (R11)."""

from __future__ import annotations

import asyncio
import json
import socket
import statistics
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from benchmarks.faults.patience import until
from benchmarks.faults.scene import Scene, hold, until_over
from tests.journeys.processes import GraphQL, Parley

SMALL = "subscription { meetingChanged { cursor } }"
_OFTEN = " ".join(f"again{number}: attendeeDescription" for number in range(20))
LARGE = f"subscription($after: String) {{ meetingChanged(after: $after) {{ cursor meeting {{ {_OFTEN} }} }} }}"
EDIT = """mutation($input: EditMeetingInput!) { editMeeting(input: $input) {
  meeting { version } userErrors { code message } } }"""
SCHEDULE = """mutation($input: ScheduleMeetingInput!) { scheduleMeeting(input: $input) {
  meeting { id version } userErrors { code message } } }"""
MEMORY_MEGABYTES = 50
IDLE_MEGABYTES_A_THOUSAND = 150
EDITS_A_SECOND = 20
PATIENCE_SECONDS = 11
"""A little longer than the server waits for somebody who does not read."""
CUT_OFF = (1013, 1006)
"""Who still reads hears 1013. Who does not read for another five seconds hears nothing any more."""


async def slow_reader(scene: Scene) -> str:
    """One of 500 reads a byte a second: the others hear as fast as before, memory does not grow, and the slow one is
    cut off with 1013 and resumes by its cursor."""
    listeners, edits = scene.size(quick=40, full=500), scene.size(quick=24, full=600)
    async with scene.serve() as server:
        client = scene.client(server.url)
        meeting = await _a_long_meeting(scene, client)
        ears = [_Ear() for _ in range(listeners)]
        async with until_over(*(ear.listen(server.url, scene.token) for ear in ears)):
            await _until_ready(ears)
            alone = await _edit_and_measure(client, meeting, ears, edits // 2)
            idle = _megabytes(server)
            enough = asyncio.Event()
            async with until_over(_hardly_read(server, scene.token, enough)) as slow:
                await asyncio.sleep(0.3)
                beside = await _edit_and_measure(client, meeting, ears, edits)
                grown = _megabytes(server) - idle
                await asyncio.sleep(PATIENCE_SECONDS)
                enough.set()
                code, after = await asyncio.wait_for(slow[0], timeout=60)
            # Whatever else goes on on this machine does so at any time: both sides of the slow one are looked at.
            alone = max(alone, await _edit_and_measure(client, meeting, ears, edits // 2))
        hold(code in CUT_OFF, f"the slow reader was closed with {code}")
        hold(await _resumes(server, scene.token, after), "the slow reader could not resume by its cursor")
    hold(grown < MEMORY_MEGABYTES, f"memory grew by {grown:.0f} MB")
    # A quick round shares the machine with other scenes; whoever waited for the slow one waited for seconds.
    noticeable = 0.05 if not scene.is_quick else 1.0
    hold(
        beside < max(2 * alone, noticeable), f"p95 of the others went from {alone * 1000:.0f} to {beside * 1000:.0f} ms"
    )
    return (
        f"{listeners} subscribers, {edits} changes: p95 {alone * 1000:.0f} ms alone, {beside * 1000:.0f} ms beside the "
        f"slow one, {grown:+.0f} MB, cut off with {code}, resumed"
    )


async def waiting_subscribers(scene: Scene) -> str:
    """A thousand subscribers that only wait need little memory."""
    count = scene.size(quick=100, full=1_000)
    async with scene.serve() as server:
        await scene.free(server.url, 1)
        before = _megabytes(server)
        ears = [_Ear() for _ in range(count)]
        async with until_over(*(ear.listen(server.url, scene.token) for ear in ears)):
            await _until_ready(ears)
            await asyncio.sleep(1)
            grown = _megabytes(server) - before
    allowed = IDLE_MEGABYTES_A_THOUSAND * max(count, 250) / 1_000
    hold(grown <= allowed, f"{count} idle subscribers need {grown:.0f} MB")
    return f"{count} idle subscribers need {grown:.1f} MB, {grown * 1024 / count:.0f} kB each"


class _Ear:
    """A subscriber that notes when each change reached it."""

    def __init__(self) -> None:
        self.is_ready = False
        self.heard_at: list[float] = []

    async def listen(self, url: str, token: str) -> None:
        address = url.replace("http://", "ws://") + "/graphql"
        async with connect(address, subprotocols=["graphql-transport-ws"], compression=None, open_timeout=60) as wire:  # type: ignore[list-item]
            await _subscribe(wire, token, SMALL)
            async for text in wire:
                if '"connection_ack"' in str(text):
                    self.is_ready = True
                elif '"next"' in str(text):
                    self.heard_at.append(monotonic())
                elif '"ping"' in str(text):
                    await wire.send('{"type":"pong"}')


async def _subscribe(wire: Any, token: str, query: str) -> None:
    await wire.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}))
    await wire.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": query}}))


async def _until_ready(ears: list[_Ear]) -> None:
    await until(lambda: all(ear.is_ready for ear in ears), within=120, every=0.05)
    await asyncio.sleep(0.5)


async def _a_long_meeting(scene: Scene, client: GraphQL) -> dict[str, Any]:
    start = (await scene.free(client.url, 1))[0]
    given = {
        "title": "A long story",
        "startsAt": start,
        "endsAt": start.replace("Z", "+00:00"),
        "timeZone": "Europe/Warsaw",
        "attendees": [],
        "attendeeDescription": "A long story. " * 600,
        "allowOverlap": True,
    }
    ends = start[:14] + ("30" if start[14:16] == "00" else "59") + start[16:]
    payload = (await client.ask(SCHEDULE, input=given | {"endsAt": ends}))["scheduleMeeting"]
    hold(payload["userErrors"] == [], f"the meeting could not be scheduled: {payload['userErrors']}")
    return dict(payload["meeting"])


async def _edit_and_measure(client: GraphQL, meeting: dict[str, Any], ears: list[_Ear], edits: int) -> float:
    """The 95th percentile of the seconds from the answer of an edit's request to a subscriber's hearing of it."""
    waits: list[float] = []
    for number in range(edits):
        counts = [len(ear.heard_at) for ear in ears]
        began = monotonic()
        edit = {
            "meeting": meeting["id"],
            "expectedVersion": meeting["version"],
            "changes": {"title": f"A long story, part {number}"},
        }
        payload = (await client.ask(EDIT, input=edit))["editMeeting"]
        hold(payload["userErrors"] == [], f"the meeting could not be edited: {payload['userErrors']}")
        meeting["version"] = payload["meeting"]["version"]
        both = list(zip(ears, counts, strict=True))
        await until(partial(_all_heard, both), within=20, every=0.002)
        waits += [ear.heard_at[count] - began for ear, count in both]
        await asyncio.sleep(max(0.0, 1 / EDITS_A_SECOND - (monotonic() - began)))
    return statistics.quantiles(waits, n=20)[-1]


def _all_heard(both: list[tuple[_Ear, int]]) -> bool:
    return all(len(ear.heard_at) > count for ear, count in both)


async def _hardly_read(server: Parley, token: str, enough: asyncio.Event) -> tuple[int, str | None]:
    """The close code that a client gets which subscribes and then does not keep up, and the last cursor it read when at
    last it did."""
    wire = socket.socket()
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    wire.setblocking(False)
    await asyncio.get_running_loop().sock_connect(wire, ("127.0.0.1", server.port))
    after: str | None = None
    address = server.url.replace("http://", "ws://") + "/graphql"
    options: dict[str, Any] = {"compression": None, "max_queue": 1, "sock": wire, "ping_interval": None}
    async with connect(address, subprotocols=["graphql-transport-ws"], **options) as slow:  # type: ignore[list-item]
        await _subscribe(slow, token, LARGE)
        await enough.wait()
        with suppress(ConnectionClosed):
            async for text in slow:
                message = json.loads(text)
                if message["type"] == "next":
                    after = message["payload"]["data"]["meetingChanged"]["cursor"]
    return slow.close_code or 1006, after


async def _resumes(server: Parley, token: str, after: str | None) -> bool:
    address = server.url.replace("http://", "ws://") + "/graphql"
    async with connect(address, subprotocols=["graphql-transport-ws"]) as wire:  # type: ignore[list-item]
        await wire.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}))
        payload = {"query": LARGE, "variables": {"after": after}}
        await wire.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        async with asyncio.timeout(10):
            async for text in wire:
                if json.loads(text)["type"] == "next":
                    return True
    return False


def _megabytes(server: Parley) -> float:
    """Resident memory of the server process."""
    assert server.process is not None
    pages = int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1])
    return pages * 4096 / 1024 / 1024
