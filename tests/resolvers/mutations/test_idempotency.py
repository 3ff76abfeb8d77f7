"""The same request under the same key, sent again because its answer was lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from server import clock, database, ids
from server.models import ApiToken, Hold, KeptResult, User
from server.models.enums import Role
from tests.factories import a_contact, a_link, a_meeting, a_user, a_webhook, an_account
from tests.resolvers.asking import answer, viewer_for

SUNDAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Act:
    """A mutation: what it answers, what is sent, what another request under the key would say, and where it writes."""

    name: str
    answers: str
    sent: dict[str, Any]
    other: dict[str, Any]
    table: str

    async def ask(self, viewer: Any, **fields: Any) -> Any:
        kind = self.name[0].upper() + self.name[1:]
        body = f"{self.name}(input: $input) {{ {self.answers} userErrors {{ code path }} }}"
        document = f"mutation ($input: {kind}Input!) {{ {body} }}"
        return (await answer(document, viewer, input=self.sent | {"idempotencyKey": "k-1"} | fields))[self.name]


ACTS = [
    Act(
        "createMeetingLink",
        "meetingLink { id slug }",
        {"kind": "PERSONAL", "settings": {"name": "Intro", "slug": "intro"}},
        {"settings": {"name": "Demo"}},
        "meeting_link",
    ),
    Act(
        "duplicateMeetingLink",
        "meetingLink { id slug }",
        {"meetingLink": "lnk_1"},
        {"meetingLink": "lnk_2"},
        "meeting_link",
    ),
    Act(
        "createRotation",
        "rotation { id name }",
        {"name": "Sales", "members": [{"user": "usr_1"}]},
        {"name": "Support"},
        "rotation",
    ),
    Act(
        "createApiToken",
        "apiToken { id name } secret",
        {"name": "Importer", "scopes": ["meetings:read"]},
        {"name": "Exporter"},
        "api_token",
    ),
    Act(
        "createWebhook",
        "webhook { id name } secret",
        {"name": "Front desk", "url": "https://1.1.1.1/hooks"},
        {"name": "Back office"},
        "webhook",
    ),
    Act("testWebhook", "webhook { id }", {"webhook": "whk_1"}, {"webhook": "whk_2"}, "job"),
    Act(
        "holdSlot",
        "hold { token expiresAt }",
        {"slug": "ines", "startsAt": "2026-11-24T10:00:00+01:00"},
        {"startsAt": "2026-11-24T11:00:00+01:00"},
        "hold",
    ),
    Act(
        "associateRecords",
        "meeting { id version }",
        {"meeting": "mtg_1", "records": ["con_1"]},
        {"records": []},
        "change",
    ),
    Act(
        "dissociateRecords",
        "meeting { id version }",
        {"meeting": "mtg_1", "records": ["con_1"]},
        {"records": []},
        "change",
    ),
]


async def an_admin() -> User:
    """Ada, with a page, a meeting and a contact, the first of their kinds."""
    account = await an_account()
    ada = await a_user(account, "Ada Admin", role=Role.ADMIN)
    await a_link(ada, slug="ines")
    await a_meeting(ada, datetime(2026, 11, 25, 9, tzinfo=UTC))
    await a_contact(account)
    await a_webhook(ada, "https://1.1.1.1/hooks")
    return ada


async def rows_of(table: str) -> int:
    row = await database.fetch_one(f"SELECT COUNT(*) FROM {table}")
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
async def test_a_request_that_is_sent_again_has_one_effect_and_one_answer(db: str, act: Act) -> None:
    viewer = viewer_for(await an_admin())
    with clock.travel(SUNDAY):
        before = await rows_of(act.table)
        first = await act.ask(viewer)
        assert first["userErrors"] == []
        assert await act.ask(viewer) == first
        assert await rows_of(act.table) == before + 1


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
async def test_another_request_under_the_key_is_refused(db: str, act: Act) -> None:
    viewer = viewer_for(await an_admin())
    with clock.travel(SUNDAY):
        await act.ask(viewer)
        there = await rows_of(act.table)
        refused = await act.ask(viewer, **act.other)
    assert refused["userErrors"] == [{"code": "IDEMPOTENCY_KEY_REUSED", "path": ["idempotencyKey"]}]
    assert await rows_of(act.table) == there


async def test_a_key_is_its_users_own(db: str) -> None:
    ada = await an_admin()
    bea = await a_user(await ada.account, "Bea Admin", role=Role.ADMIN)
    act = next(one for one in ACTS if one.name == "createRotation")
    first, second = [(await act.ask(viewer_for(user)))["rotation"]["id"] for user in (ada, bea)]
    assert first != second


async def test_what_is_kept_for_the_next_try_holds_no_secret(db: str) -> None:
    viewer = viewer_for(await an_admin())
    acts = {one.name: one for one in ACTS}
    with clock.travel(SUNDAY):
        secret = (await acts["createApiToken"].ask(viewer))["secret"]
        token = (await acts["holdSlot"].ask(None))["hold"]["token"]
    assert (await ApiToken.get()).digest == ids.digest(secret)
    assert (await Hold.get()).digest == ids.digest(token)
    kept = [str(one) for one in await KeptResult.all().values_list("result", flat=True)]
    assert len(kept) == 2
    assert not any(hidden in one for one in kept for hidden in (secret, secret.removeprefix("parley_"), token))
