from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server import clock, settings
from server.accounts.viewer import Viewer
from server.errors import ErrorCode, Refused
from server.models import Account, Job, KeptResult, Meeting, User, Webhook
from server.models.enums import ChangeKind, JobState, Role, WebhookState
from server.webhooks import edit
from server.webhooks.edit import NewWebhook, WebhookEdit, create_webhook, edit_webhook
from server.webhooks.relay import relay_changes
from server.webhooks.secrets import secret_of
from tests import factories
from tests.resolvers.asking import program_of, viewer_for
from tests.server.webhooks.telling import happens

URL = "http://127.0.0.1:9/hooks"


@pytest.fixture
async def viewer(account: Account, here_is_allowed: None) -> Viewer:
    return viewer_for(await factories.a_user(account, "Admin", role=Role.ADMIN))


async def _refusal(awaitable: Any) -> tuple[ErrorCode, tuple[str, ...]]:
    with pytest.raises(Refused) as caught:
        await awaitable
    (complaint,) = caught.value.complaints
    return complaint.code, complaint.path


async def test_webhook_is_told_of_what_comes_after_it_was_made(viewer: Viewer, meeting: Meeting, host: User) -> None:
    numbers = await happens(meeting, ChangeKind.MEETING_BOOKED)
    link = await factories.a_link(host)
    kinds = (ChangeKind.MEETING_MOVED, ChangeKind.MEETING_BOOKED, ChangeKind.MEETING_MOVED)
    new = NewWebhook("  Front   desk ", URL, kinds, link.id, host.id)
    told = await create_webhook(viewer, new)
    webhook = await Webhook.get(id=told.webhook_id)
    assert (webhook.name, webhook.url, webhook.position) == ("Front desk", URL, numbers[-1])
    assert webhook.kinds == ["MEETING_BOOKED", "MEETING_MOVED"]
    assert (webhook.owner_id, webhook.link_id, webhook.host_id) == (viewer.user_id, link.id, host.id)
    assert (webhook.state, told.secret) == (WebhookState.ACTIVE, secret_of(webhook.secrets[0]))


async def test_same_key_makes_one_webhook_and_tells_its_secret_again(viewer: Viewer) -> None:
    first = await create_webhook(viewer, NewWebhook("Desk", URL), idempotency_key="once")
    again = await create_webhook(viewer, NewWebhook("Desk", URL), idempotency_key="once")
    assert (first, await Webhook.all().count()) == (again, 1)
    assert first.secret not in str((await KeptResult.get()).result)
    other = create_webhook(viewer, NewWebhook("Another", URL), idempotency_key="once")
    assert await _refusal(other) == (ErrorCode.IDEMPOTENCY_KEY_REUSED, ("idempotencyKey",))


@pytest.mark.parametrize(
    "url",
    ["https://10.0.0.1/", "https://localhost/", "http://1.1.1.1/", "https://169.254.169.254/", "no address", ""],
)
async def test_address_that_may_not_be_called_is_refused(viewer: Viewer, url: str) -> None:
    assert await _refusal(create_webhook(viewer, NewWebhook("Desk", url))) == (ErrorCode.ADDRESS_REFUSED, ("url",))
    assert await Webhook.all().count() == 0


async def test_address_that_may_not_be_called_is_refused_later_too(viewer: Viewer) -> None:
    told = await create_webhook(viewer, NewWebhook("Desk", URL))
    changed = edit_webhook(viewer, told.webhook_id, WebhookEdit(url="https://192.168.0.1/"))
    assert await _refusal(changed) == (ErrorCode.ADDRESS_REFUSED, ("url",))
    assert (await Webhook.get()).url == URL


async def test_loopback_is_refused_unless_it_is_allowed(viewer: Viewer, in_use: settings.Settings) -> None:
    settings.use(in_use)
    assert await _refusal(create_webhook(viewer, NewWebhook("Desk", URL))) == (ErrorCode.ADDRESS_REFUSED, ("url",))


async def test_address_that_is_too_long_is_refused(viewer: Viewer) -> None:
    url = f"{URL}?{'x' * 1000}"
    assert await _refusal(create_webhook(viewer, NewWebhook("Desk", url))) == (ErrorCode.TEXT_TOO_LONG, ("url",))


@pytest.mark.parametrize("field", ["link_id", "host_id", "owner_id"])
async def test_things_of_another_account_are_not_found(viewer: Viewer, field: str) -> None:
    stranger = await factories.a_user(await factories.an_account("Another"))
    foreign = {"link_id": (await factories.a_link(stranger)).id}.get(field, stranger.id)
    path = (field.removesuffix("_id"),)
    new = NewWebhook("Desk", URL, **{field: foreign})
    assert await _refusal(create_webhook(viewer, new)) == (ErrorCode.NOT_FOUND, path)
    told = await create_webhook(viewer, NewWebhook("Desk", URL))
    changed = edit_webhook(viewer, told.webhook_id, WebhookEdit(**{field: foreign}))
    assert await _refusal(changed) == (ErrorCode.NOT_FOUND, path)


async def test_webhook_needs_a_name(viewer: Viewer) -> None:
    assert await _refusal(create_webhook(viewer, NewWebhook(" ", URL))) == (ErrorCode.NAME_REQUIRED, ("name",))


async def test_program_names_whom_to_warn(viewer: Viewer, account: Account, host: User) -> None:
    program = program_of(account.id, "account:admin")
    assert await _refusal(create_webhook(program, NewWebhook("Desk", URL))) == (ErrorCode.NOT_FOUND, ("owner",))
    told = await create_webhook(program, NewWebhook("Desk", URL, owner_id=host.id))
    assert (await Webhook.get(id=told.webhook_id)).owner_id == host.id


async def test_account_has_so_many_webhooks_and_no_more(viewer: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edit, "MOST_WEBHOOKS", 2)
    for _ in range(2):
        await create_webhook(viewer, NewWebhook("Desk", URL))
    assert await _refusal(create_webhook(viewer, NewWebhook("Desk", URL))) == (ErrorCode.CONFLICT, ())


async def test_edit_changes_what_it_names_and_nothing_else(viewer: Viewer, host: User) -> None:
    link = await factories.a_link(host)
    new = NewWebhook("Desk", URL, (ChangeKind.NOTE_ADDED,), link.id, host.id)
    told = await create_webhook(viewer, new)
    before = await Webhook.get()
    await edit_webhook(viewer, told.webhook_id, WebhookEdit())
    assert dict(await Webhook.get()) == dict(before)
    await edit_webhook(viewer, told.webhook_id, WebhookEdit(name="New", kinds=(), clear=["link"], owner_id=host.id))
    after = await Webhook.get()
    assert (after.name, after.kinds, after.link_id, after.host_id, after.owner_id) == (
        "New",
        [],
        None,
        host.id,
        host.id,
    )
    assert after.secrets == before.secrets


async def test_resumed_webhook_is_well_and_what_waited_is_due(viewer: Viewer, meeting: Meeting) -> None:
    told = await create_webhook(viewer, NewWebhook("Desk", URL))
    await happens(meeting, ChangeKind.MEETING_BOOKED)
    await relay_changes()
    later = clock.now() + timedelta(days=1)
    await Job.all().update(run_at=later, tries_until=later, attempts=7)
    await Webhook.all().update(
        state=WebhookState.DISABLED, failing_since=clock.now(), warned_at=clock.now(), next_try_at=later
    )
    await edit_webhook(viewer, told.webhook_id, WebhookEdit(is_paused=False))
    after, job = await Webhook.get(), await Job.get()
    assert (after.state, after.failing_since, after.warned_at, after.next_try_at) == (WebhookState.ACTIVE,) + (
        None,
    ) * 3
    assert (job.state, job.run_at <= clock.now(), job.tries_until) == (JobState.WAITING, True, None)


async def test_deleted_webhook_leaves_nothing_behind(viewer: Viewer, meeting: Meeting) -> None:
    told = await create_webhook(viewer, NewWebhook("Desk", URL))
    await happens(meeting, ChangeKind.MEETING_BOOKED)
    await relay_changes()
    await edit.delete_webhook(viewer, told.webhook_id)
    assert (await Webhook.all().count(), await Job.all().count()) == (0, 0)


async def test_rotation_tells_the_new_secret_once(viewer: Viewer) -> None:
    told = await create_webhook(viewer, NewWebhook("Desk", URL))
    rotated = await edit.rotate_secret(viewer, told.webhook_id, idempotency_key="once")
    again = await edit.rotate_secret(viewer, told.webhook_id, idempotency_key="once")
    webhook = await Webhook.get()
    assert [secret_of(one) for one in webhook.secrets] == [rotated.secret, told.secret]
    assert again == rotated


@pytest.mark.parametrize("verb", ["edit", "rotate", "ping", "delete"])
async def test_webhook_of_another_account_is_not_found(viewer: Viewer, verb: str) -> None:
    stranger = await factories.a_user(await factories.an_account("Another"))
    webhook = await factories.a_webhook(stranger, URL)
    acts = {
        "edit": lambda: edit_webhook(viewer, webhook.id, WebhookEdit(name="Mine")),
        "rotate": lambda: edit.rotate_secret(viewer, webhook.id),
        "ping": lambda: edit.send_ping(viewer, webhook.id),
        "delete": lambda: edit.delete_webhook(viewer, webhook.id),
    }
    assert await _refusal(acts[verb]()) == (ErrorCode.NOT_FOUND, ("webhook",))
