"""Webhooks from the door: made, looked after, replayed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server import clock
from server.accounts.viewer import Viewer
from server.changes import cursor
from server.models import Job, User, Webhook
from server.models.enums import ChangeKind, JobState, Role, WebhookState
from server.webhooks.health import note_failure
from server.webhooks.secrets import secret_of
from server.worker import work_once
from tests.factories import a_link, a_meeting, a_user, a_webhook, an_account
from tests.resolvers.asking import answer, asked, problem, program_of, viewer_for
from tests.server.webhooks.conftest import here_is_allowed, receiver
from tests.server.webhooks.receiving import Receiver
from tests.server.webhooks.telling import happens

__all__ = ["here_is_allowed", "receiver"]

URL = "https://1.1.1.1/hooks"
FIELDS = """id name url kinds link { id name } host { id name } owner { id name } state lastDeliveredAt lastStatus
  lastError failingSince nextTryAt warnedAt disabledAfter waitingCount behindCount cursor previousSecretEndsAt"""
CREATE = f"""mutation ($input: CreateWebhookInput!) {{
  createWebhook(input: $input) {{ webhook {{ {FIELDS} }} secret userErrors {{ code path }} }} }}"""
LIST = f"{{ webhooks {{ {FIELDS} }} }}"
DELIVERIES = """query ($id: ID!) { webhookDeliveries(webhook: $id) { edges { node {
  cursor state attempts nextTryAt finishedAt answer } } } }"""


@pytest.fixture
async def admin(db: str) -> User:
    return await a_user(await an_account(), "Ada Admin", role=Role.ADMIN)


@pytest.fixture
def viewer(admin: User) -> Viewer:
    return viewer_for(admin)


def healthy(admin: User, webhook: Webhook, **fields: Any) -> dict[str, Any]:
    """What there is to see of a webhook to which nothing has happened yet."""
    nothing = dict.fromkeys(
        (
            "link",
            "host",
            "lastDeliveredAt",
            "lastStatus",
            "failingSince",
            "nextTryAt",
            "warnedAt",
            "disabledAfter",
            "previousSecretEndsAt",
        )
    )
    own = {
        "id": f"whk_{webhook.id}",
        "name": webhook.name,
        "url": URL,
        "kinds": [],
        "owner": {"id": f"usr_{admin.id}", "name": "Ada Admin"},
        "state": "ACTIVE",
        "lastError": "",
        "waitingCount": 0,
        "behindCount": 0,
        "cursor": cursor.write(webhook.position),
    }
    return nothing | own | fields


async def test_secret_is_told_once(viewer: Viewer, admin: User) -> None:
    link = await a_link(admin)
    filters = {"kinds": ["MEETING_BOOKED"], "link": f"lnk_{link.id}", "host": f"usr_{admin.id}"}
    told = (await answer(CREATE, viewer, input={"name": "Desk", "url": URL, **filters}))["createWebhook"]
    webhook = await Webhook.get()
    seen = healthy(
        admin,
        webhook,
        kinds=["MEETING_BOOKED"],
        link={"id": f"lnk_{link.id}", "name": link.name},
        host={"id": f"usr_{admin.id}", "name": "Ada Admin"},
    )
    assert told == {"webhook": seen, "secret": secret_of(webhook.secrets[0]), "userErrors": []}
    listed = await answer(LIST, viewer)
    assert listed == {"webhooks": [seen]}
    assert told["secret"] not in str(listed)


async def test_refused_address_is_told_in_the_payload(viewer: Viewer) -> None:
    told = await answer(CREATE, viewer, input={"name": "Desk", "url": "https://127.0.0.1/"})
    complaints = [{"code": "ADDRESS_REFUSED", "path": ["url"]}]
    assert told["createWebhook"] == {"webhook": None, "secret": None, "userErrors": complaints}


async def test_health_of_a_webhook_that_fails_is_shown(viewer: Viewer, admin: User) -> None:
    webhook = await a_webhook(admin, URL)
    begins = clock.now() - timedelta(days=1)
    for hours in (0, 24):
        with clock.travel(begins + timedelta(hours=hours)):
            again = await note_failure(webhook.id, status=503, error="answered 503: busy")
    assert again is not None
    data = await answer(LIST, viewer)
    assert data["webhooks"] == [
        healthy(
            admin,
            webhook,
            lastStatus=503,
            lastError="answered 503: busy",
            failingSince=_text(begins),
            nextTryAt=_text(again),
            warnedAt=_text(begins + timedelta(days=1)),
            disabledAfter=_text(begins + timedelta(days=4)),
        )
    ]


async def test_deliveries_are_listed_the_latest_first(viewer: Viewer, admin: User, receiver: Receiver) -> None:
    webhook = await a_webhook(admin, receiver.url)
    first, second = await a_meeting(admin), await a_meeting(admin, clock.now() + timedelta(days=1))
    numbers = await happens(first, ChangeKind.MEETING_BOOKED) + await happens(second, ChangeKind.MEETING_BOOKED)
    receiver.answers.extend([204, 500])
    await work_once()
    done, waiting = await Job.filter(state__in=[JobState.DONE, JobState.WAITING]).order_by("id")
    data = await answer(DELIVERIES, viewer, id=f"whk_{webhook.id}")
    assert [edge["node"] for edge in data["webhookDeliveries"]["edges"]] == [
        {
            "cursor": cursor.write(numbers[1]),
            "state": "WAITING",
            "attempts": 1,
            "nextTryAt": _text(waiting.run_at),
            "finishedAt": None,
            "answer": "answered 500: ",
        },
        {
            "cursor": cursor.write(numbers[0]),
            "state": "DONE",
            "attempts": 1,
            "nextTryAt": None,
            "finishedAt": _text(done.finished_at),
            "answer": "answered 204",
        },
    ]
    assert (await answer(LIST, viewer))["webhooks"][0]["waitingCount"] == 1


async def test_webhook_is_paused_and_goes_on(viewer: Viewer, admin: User, receiver: Receiver) -> None:
    webhook = await a_webhook(admin, receiver.url)
    edit = "mutation ($input: EditWebhookInput!) { editWebhook(input: $input) { webhook { state behindCount } } }"
    id = f"whk_{webhook.id}"
    paused = await answer(edit, viewer, input={"webhook": id, "isPaused": True})
    await happens(await a_meeting(admin), ChangeKind.MEETING_BOOKED)
    await work_once()
    assert paused["editWebhook"]["webhook"] == {"state": "PAUSED", "behindCount": 0}
    assert (await answer(LIST, viewer))["webhooks"][0]["behindCount"] == 1
    resumed = await answer(edit, viewer, input={"webhook": id, "isPaused": False})
    assert resumed["editWebhook"]["webhook"] == {"state": "ACTIVE", "behindCount": 1}
    await work_once()
    assert receiver.types == ["meeting.booked"]


async def test_replay_repeats_what_came_after_a_cursor(viewer: Viewer, admin: User, receiver: Receiver) -> None:
    webhook = await a_webhook(admin, receiver.url)
    numbers = await happens(await a_meeting(admin), *[ChangeKind.MEETING_MOVED] * 3)
    while await work_once():
        pass
    document = """mutation ($input: ReplayWebhookInput!) { replayWebhook(input: $input) {
      webhook { waitingCount } replayedCount endCursor hasMore userErrors { code } } }"""
    told = await answer(document, viewer, input={"webhook": f"whk_{webhook.id}", "after": cursor.write(numbers[0])})
    assert told["replayWebhook"] == {
        "webhook": {"waitingCount": 2},
        "replayedCount": 2,
        "endCursor": cursor.write(numbers[2]),
        "hasMore": False,
        "userErrors": [],
    }


@pytest.mark.parametrize(("after", "code"), [(cursor.write(99), "RESYNC_REQUIRED"), ("no cursor", "BAD_USER_INPUT")])
async def test_replay_of_what_the_log_does_not_hold_is_an_error_with_a_code(
    viewer: Viewer, admin: User, after: str, code: str
) -> None:
    webhook = await a_webhook(admin, URL)
    document = "mutation ($input: ReplayWebhookInput!) { replayWebhook(input: $input) { endCursor } }"
    told = await asked(document, viewer, input={"webhook": f"whk_{webhook.id}", "after": after})
    assert [(one.extensions or {})["code"] for one in told.errors or ()] == [code]


async def test_webhook_is_tested_rotated_and_deleted(viewer: Viewer, admin: User, receiver: Receiver) -> None:
    webhook = await a_webhook(admin, receiver.url)
    document = """mutation (
      $test: TestWebhookInput!, $rotate: RotateWebhookSecretInput!, $delete: DeleteWebhookInput!) {
      testWebhook(input: $test) { webhook { waitingCount } }
      rotateWebhookSecret(input: $rotate) { secret webhook { previousSecretEndsAt } }
      deleteWebhook(input: $delete) { deletedId userErrors { code } } }"""
    one = {"webhook": f"whk_{webhook.id}"}
    told = await answer(document, viewer, test=one, rotate=one, delete=one)
    assert told["testWebhook"]["webhook"] == {"waitingCount": 1}
    assert told["rotateWebhookSecret"]["secret"].startswith("whsec_")
    assert told["rotateWebhookSecret"]["secret"] != secret_of(webhook.secrets[0])
    assert told["rotateWebhookSecret"]["webhook"]["previousSecretEndsAt"] is not None
    assert told["deleteWebhook"] == {"deletedId": f"whk_{webhook.id}", "userErrors": []}
    assert (await answer(LIST, viewer)) == {"webhooks": []}


@pytest.mark.parametrize("state", list(WebhookState))
async def test_one_webhook_is_found_by_its_id(viewer: Viewer, admin: User, state: WebhookState) -> None:
    webhook = await a_webhook(admin, URL, state=state)
    document = "query ($id: ID!) { webhook(id: $id) { state } }"
    found = [(await answer(document, viewer, id=id))["webhook"] for id in (f"whk_{webhook.id}", "whk_999", "mtg_1")]
    assert found == [{"state": state.value}, None, None]


async def test_members_and_narrow_programs_are_kept_out(admin: User) -> None:
    member = viewer_for(await a_user(await admin.account, "Mia Member"))
    for viewer in (member, program_of(admin.account_id, "bookings:read")):
        code, _ = await problem("{ webhooks { id } }", viewer)
        assert code == "FORBIDDEN"


def _text(instant: Any) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
