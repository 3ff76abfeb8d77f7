"""Every request is sent five times at once with one key, and again after the server was killed (R2)."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any

import httpx

from benchmarks.faults.books import books_of
from benchmarks.faults.scene import Scene, hold
from tests.journeys.processes import Parley

TIMES = 5
_ERRORS = "userErrors { code message path }"
BOOK = f"""mutation($input: BookMeetingInput!) {{ answer: bookMeeting(input: $input) {{
  booking {{ id startsAt title manageUrl }} {_ERRORS} }} }}"""
MOVE = f"""mutation($input: RescheduleBookingInput!) {{ answer: rescheduleBooking(input: $input) {{
  booking {{ id startsAt endsAt }} {_ERRORS} }} }}"""
CANCEL = f"""mutation($input: CancelBookingInput!) {{ answer: cancelBooking(input: $input) {{
  booking {{ id startsAt }} {_ERRORS} }} }}"""
SCHEDULE = f"""mutation($input: ScheduleMeetingInput!) {{ answer: scheduleMeeting(input: $input) {{
  meeting {{ id title startsAt version }} {_ERRORS} }} }}"""
EDIT = f"""mutation($input: EditMeetingInput!) {{ answer: editMeeting(input: $input) {{
  meeting {{ id title version }} {_ERRORS} }} }}"""
RECORD = f"""mutation($input: RecordOutcomeInput!) {{ answer: recordOutcome(input: $input) {{
  meeting {{ id version outcome {{ key }} }} {_ERRORS} }} }}"""
DELETE = f"""mutation($input: DeleteMeetingInput!) {{ answer: deleteMeeting(input: $input) {{
  deletedId {_ERRORS} }} }}"""


class _Sender:
    """Sends each request five times at once to both servers, and remembers the one answer that all got."""

    def __init__(self, scene: Scene, servers: tuple[Parley, ...]) -> None:
        self.scene = scene
        self.servers = servers
        self.sent: list[tuple[str, Mapping[str, Any], str, bytes]] = []

    async def send(self, query: str, given: Mapping[str, Any], *, token: str = "") -> dict[str, Any]:
        """The payload of the one effect that the five requests had."""
        wanted = {**given, "idempotencyKey": f"key-{len(self.sent)}"}
        before = await books_of(self.scene)
        bodies = await asyncio.gather(*(self._once(number, query, wanted, token) for number in range(TIMES)))
        after = await books_of(self.scene)
        hold(len(set(bodies)) == 1, f"{len(set(bodies))} different answers to one key: {set(bodies)}")
        hold(after.counter == before.counter + 1, f"{after.counter - before.counter} changes for one key")
        self.sent.append((query, wanted, token, bodies[0]))
        return _payload(bodies[0])

    async def send_again(self) -> None:
        """Every request so far gets the bytes that it got then, and nothing happens."""
        before = (await books_of(self.scene)).counter
        for query, wanted, token, body in self.sent:
            again = await self._once(0, query, wanted, token)
            hold(again == body, f"a replay answered {again!r} where it first was {body!r}")
        hold((await books_of(self.scene)).counter == before, "a replay had an effect")

    async def _once(self, number: int, query: str, given: Mapping[str, Any], token: str) -> bytes:
        url = self.servers[number % len(self.servers)].url
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with httpx.AsyncClient(timeout=30) as client:
            body = {"query": query, "variables": {"input": given}}
            return (await client.post(f"{url}/graphql", json=body, headers=headers)).content


async def repeated_requests(scene: Scene) -> str:
    """Book, move, cancel, schedule, edit, record, delete: one effect each, five equal answers, the same bytes after
    kill -9 and after everything that came later, and another input under a key is refused."""
    rounds = scene.size(quick=2, full=40)
    async with scene.serve() as one, scene.serve() as other:
        sender = _Sender(scene, (one, other))
        starts = await scene.free(one.url, 3 * rounds)
        for number in range(rounds):
            await _one_life(sender, scene, number, starts[3 * number : 3 * number + 3])
        await sender.send_again()
        for server in (one, other):
            await server.kill()
            await server.start()
        await sender.send_again()
        query, wanted, token, _ = sender.sent[0]
        refused = _payload(await sender._once(0, query, {**wanted, "firstName": "Somebody else"}, token))
        codes = [error["code"] for error in refused["userErrors"]]
        hold(codes == ["IDEMPOTENCY_KEY_REUSED"], f"another input under the key was answered {codes}")
    return f"{len(sender.sent)} requests, {TIMES} times each, twice more later: one effect and one answer each"


async def _one_life(sender: _Sender, scene: Scene, number: int, starts: list[str]) -> None:
    visitor = {"slug": scene.slug, "email": f"eva{number}@client.example", "firstName": "Eva"}
    booked = (await sender.send(BOOK, {**visitor, "startsAt": starts[0]}))["booking"]
    token = re.sub(r".*/b/", "", booked["manageUrl"])
    await sender.send(MOVE, {"token": token, "startsAt": starts[1]})
    await sender.send(CANCEL, {"token": token, "reason": "Another time"})

    times = {"startsAt": starts[2], "endsAt": f"{starts[2][:14]}59:00Z", "timeZone": "Europe/Warsaw"}
    given = {"title": f"Review {number}", "attendees": [], "allowOverlap": True, **times}
    made = (await sender.send(SCHEDULE, given, token=scene.token))["meeting"]
    edit = {"meeting": made["id"], "expectedVersion": made["version"], "changes": {"title": "Another title"}}
    made = (await sender.send(EDIT, edit, token=scene.token))["meeting"]
    record = {"meeting": made["id"], "outcome": "COMPLETED", "expectedVersion": made["version"]}
    made = (await sender.send(RECORD, record, token=scene.token))["meeting"]
    await sender.send(DELETE, {"meeting": made["id"], "expectedVersion": made["version"]}, token=scene.token)


def _payload(body: bytes) -> dict[str, Any]:
    answer = json.loads(body)
    hold("errors" not in answer, f"an answer with errors: {answer}")
    return dict(answer["data"]["answer"])
