"""Webhooks are read in as many statements as there are tables, however many there are."""

from __future__ import annotations

import pytest

from server.models import Job, User
from server.models.enums import JobKind, JobState, Role
from tests.factories import a_link, a_user, a_webhook, an_account
from tests.resolvers.asking import answer, statements, viewer_for
from tests.server.web.fastpath.asking import Both

URL = "https://hooks.example/"
LIST = "{ webhooks { id name kinds state waitingCount link { id name } host { name } owner { id name email } } }"
DELIVERIES = """query ($id: ID!) { webhookDeliveries(webhook: $id, first: 2) {
  edges { cursor node { id cursor state attempts createdAt nextTryAt finishedAt answer } }
  pageInfo { hasNextPage endCursor } } }"""


@pytest.fixture
async def admin(db: str) -> User:
    return await a_user(await an_account(), "Ada Admin", role=Role.ADMIN)


async def test_as_many_statements_for_one_webhook_as_for_three(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = []
    for _ in range(3):
        await a_webhook(admin, URL, host=await a_user(await admin.account), link=await a_link(admin))
        with statements(monkeypatch) as those:
            await answer(LIST, viewer_for(admin))
        sent.append(len(those))
    assert sent[0] == sent[1] == sent[2]


async def test_webhooks_and_their_deliveries_are_answered_by_plan(admin: User) -> None:
    webhook = await a_webhook(admin, URL, name='a "quoted" desk', kinds=["MEETING_BOOKED"], link=await a_link(admin))
    given = {"account_id": admin.account_id, "kind": JobKind.WEBHOOK, "lane": f"webhook:{webhook.id}"}
    for state in JobState:
        await Job.create(state=state, run_at=webhook.created_at, payload={"number": 7}, **given)
    listed = await Both().planned(LIST, viewer_for(admin))
    assert [(one["name"], one["waitingCount"]) for one in listed["webhooks"]] == [('a "quoted" desk', 2)]
    page = await Both().planned(DELIVERIES, viewer_for(admin), id=f"whk_{webhook.id}")
    assert [edge["node"]["state"] for edge in page["webhookDeliveries"]["edges"]] == ["DEAD", "DONE"]
    assert page["webhookDeliveries"]["pageInfo"]["hasNextPage"] is True
