"""What did not reach anybody, shown to whom it concerns, and tried again by an administrator."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server import clock, outbox
from server.accounts.viewer import Viewer
from server.models import Job, Meeting
from server.models.enums import JobKind, Role
from tests.factories import a_contact, a_meeting, a_user, an_account
from tests.resolvers.asking import answer, problem, program_of, viewer_for

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FAILED = """query ($first: Int! = 50, $after: String) { failedDeliveries(first: $first, after: $after) {
  edges { node { id kind state attempts reason nextTryAt finishedAt meeting { id } } }
  pageInfo { hasNextPage endCursor } } }"""
RETRY = """mutation ($input: RetryDeliveryInput!) { retryDelivery(input: $input) {
  delivery { id state nextTryAt } userErrors { code path } } }"""
UNDELIVERED = "query ($id: ID!) { meeting(id: $id) { undelivered { id kind state reason nextTryAt } } }"
REASON = "tomasz@client.example: 550 no such user"


class Scene:
    """A meeting whose invitation was refused, and whose host has not been told yet."""

    def __init__(self, people: dict[str, Viewer], meeting: Meeting, dead: Job, delayed: Job) -> None:
        self.people, self.meeting, self.dead, self.delayed = people, meeting, dead, delayed

    async def undelivered(self, who: str) -> Any:
        found = await answer(UNDELIVERED, self.people[who], id=f"mtg_{self.meeting.id}")
        return found["meeting"]["undelivered"]


@pytest.fixture
async def scene(db: str) -> Scene:
    account = await an_account()
    users = {
        name: await a_user(account, name, role=role) for name, role in (("Ada", Role.ADMIN), ("Ines", Role.MEMBER))
    }
    users["Olaf"] = await a_user(account, "Olaf")
    with clock.travel(NOON):
        meeting = await a_meeting(users["Ines"], NOON + timedelta(days=1), contact=await a_contact(account))
        for kind in (JobKind.CONFIRMATION_MAIL, JobKind.HOST_NOTICE_MAIL, JobKind.WEBHOOK):
            await outbox.enqueue(kind, account_id=account.id, meeting_id=meeting.id, lane=kind.value)
        dead, delayed, hook = await outbox.claim("w", 3)
        await outbox.give_up(dead, REASON)
        await outbox.try_later(delayed, "451 later", at_least=600)
        await outbox.give_up(hook, "410 gone")
    people = {name: viewer_for(user) for name, user in users.items()}
    return Scene(people, meeting, await Job.get(id=dead.id), await Job.get(id=delayed.id))


async def test_administrators_see_what_was_given_up(scene: Scene) -> None:
    page = (await answer(FAILED, scene.people["Ada"], first=1))["failedDeliveries"]
    assert (page["edges"][0]["node"]["kind"], page["pageInfo"]["hasNextPage"]) == ("WEBHOOK", True)
    rest = await answer(FAILED, scene.people["Ada"], first=5, after=page["pageInfo"]["endCursor"])
    assert [one["node"] for one in rest["failedDeliveries"]["edges"]] == [
        {
            "id": f"job_{scene.dead.id}",
            "kind": "CONFIRMATION_MAIL",
            "state": "DEAD",
            "attempts": 1,
            "reason": REASON,
            "nextTryAt": None,
            "finishedAt": "2026-11-24T12:00:00Z",
            "meeting": {"id": f"mtg_{scene.meeting.id}"},
        }
    ]


async def test_colleagues_and_programs_without_the_right_do_not(scene: Scene) -> None:
    program = program_of(scene.meeting.account_id, "meetings:read")
    for viewer in (scene.people["Ines"], program):
        assert (await problem(FAILED, viewer))[0] == "FORBIDDEN"


@pytest.mark.parametrize(("who", "is_told"), [("Ada", True), ("Ines", True), ("Olaf", False)])
async def test_a_meeting_shows_the_mails_that_have_not_gone_out(scene: Scene, who: str, is_told: bool) -> None:
    delayed_until = scene.delayed.run_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert await scene.undelivered(who) == [
        {
            "id": f"job_{scene.dead.id}",
            "kind": "CONFIRMATION_MAIL",
            "state": "DEAD",
            "reason": REASON if is_told else None,
            "nextTryAt": None,
        },
        {
            "id": f"job_{scene.delayed.id}",
            "kind": "HOST_NOTICE_MAIL",
            "state": "WAITING",
            "reason": "451 later" if is_told else None,
            "nextTryAt": delayed_until,
        },
    ]


async def test_administrator_tries_a_delivery_again(scene: Scene) -> None:
    asked = {"delivery": f"job_{scene.dead.id}", "idempotencyKey": "k-1"}
    with clock.travel(NOON + timedelta(hours=1)):
        first = await answer(RETRY, scene.people["Ada"], input=asked)
        assert first["retryDelivery"] == {
            "delivery": {"id": f"job_{scene.dead.id}", "state": "WAITING", "nextTryAt": "2026-11-24T13:00:00Z"},
            "userErrors": [],
        }
        assert await answer(RETRY, scene.people["Ada"], input=asked) == first
        again = await answer(RETRY, scene.people["Ada"], input=asked | {"idempotencyKey": "k-2"})
    assert again["retryDelivery"] == {"delivery": None, "userErrors": [{"code": "CONFLICT", "path": ["delivery"]}]}
