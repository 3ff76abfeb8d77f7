"""A webhook is made, changed, given another secret, tested, deleted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from server import clock, database
from server.accounts.viewer import Viewer
from server.changes.feed import latest_number
from server.checks import required_text
from server.errors import ErrorCode, refusal
from server.models import MeetingLink, User, Webhook
from server.models.enums import ChangeKind, WebhookState
from server.repeats import kept_or
from server.webhooks import lane, secrets
from server.webhooks.promise import promise_ping
from server.webhooks.target import valid_target

MOST_WEBHOOKS = 50
CLEARABLE = frozenset({"link", "host"})


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook to be made: told of every change from now on, or of these kinds, this link, this host only. Without an
    owner it is the viewer's."""

    name: str
    url: str
    kinds: tuple[ChangeKind, ...] = ()
    link_id: int | None = None
    host_id: int | None = None
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class WebhookEdit:
    """What is to be different; None stays as it is. No kinds means every kind."""

    name: str | None = None
    url: str | None = None
    kinds: tuple[ChangeKind, ...] | None = None
    link_id: int | None = None
    host_id: int | None = None
    owner_id: int | None = None
    is_paused: bool | None = None
    clear: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """The webhook, and its newest secret, which no query tells later."""

    webhook_id: int
    secret: str


async def create_webhook(viewer: Viewer, new: NewWebhook, *, idempotency_key: str | None = None) -> Told:
    """The webhook is told of every change from now on that its filters let through. The same key gets the same secret.

    `ADDRESS_REFUSED`, `NAME_REQUIRED`, `NOT_FOUND` for owner, link or host, `CONFLICT` when the account has
    `MOST_WEBHOOKS`."""
    await valid_target(new.url, "url")
    return await _telling(viewer, "createWebhook", asdict(new), partial(_create, viewer, new), idempotency_key)


async def _create(viewer: Viewer, new: NewWebhook) -> dict[str, Any]:
    """The recipe, inside the transaction."""
    if await Webhook.filter(account_id=viewer.account_id).count() >= MOST_WEBHOOKS:
        message = f"An account has at most {MOST_WEBHOOKS} webhooks. Please delete one that is not needed."
        raise refusal(ErrorCode.CONFLICT, message)
    secret = secrets.new_secret()
    webhook = await Webhook.create(
        account_id=viewer.account_id,
        owner_id=await _owner(viewer, new.owner_id or viewer.user_id),
        name=required_text(new.name, 200, "name"),
        url=new.url.strip(),
        kinds=_kinds(new.kinds),
        link_id=await _own_link(viewer, new.link_id),
        host_id=await _own_host(viewer, new.host_id),
        secrets=[secret],
        position=await latest_number(viewer.account_id),
    )
    return {"webhook_id": webhook.id, "secret": secret}


async def edit_webhook(viewer: Viewer, webhook_id: int, edit: WebhookEdit) -> None:
    """The webhook is set so. Paused, it is owed what happens meanwhile and gets it afterwards; switched on again, it
    starts as one that is well, with whatever waited. `NOT_FOUND`, or as in `create_webhook`."""
    if edit.url is not None:
        await valid_target(edit.url, "url")
    async with database.transaction():
        webhook = await locked(viewer, webhook_id)
        webhook.update_from_dict(await _changes(viewer, edit))
        if edit.is_paused is not None:
            await _pause_or_resume(webhook, is_paused=edit.is_paused)
        await webhook.save()


async def rotate_secret(viewer: Viewer, webhook_id: int, *, idempotency_key: str | None = None) -> Told:
    """Deliveries are signed with a new secret, and for a day with the one before as well. `NOT_FOUND`."""
    run = partial(_rotate, viewer, webhook_id)
    return await _telling(viewer, "rotateWebhookSecret", {"webhook": webhook_id}, run, idempotency_key)


async def _rotate(viewer: Viewer, webhook_id: int) -> dict[str, Any]:
    webhook = await locked(viewer, webhook_id)
    secret = secrets.new_secret()
    webhook.secrets = secrets.rotated(webhook.secrets, secret, now=clock.now())
    await webhook.save(update_fields=["secrets"])
    return {"webhook_id": webhook.id, "secret": secret}


async def send_ping(viewer: Viewer, webhook_id: int, *, idempotency_key: str | None = None) -> None:
    """A ping is on its way to the receiver, in whatever state the webhook is. `NOT_FOUND`."""

    async def run() -> dict[str, Any]:
        await promise_ping(await locked(viewer, webhook_id))
        return {}

    await kept_or(
        "testWebhook",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=idempotency_key,
        input={"webhook": webhook_id},
        run=run,
    )


async def delete_webhook(viewer: Viewer, webhook_id: int) -> None:
    """The webhook is gone, with all that waited for it. `NOT_FOUND`."""
    async with database.transaction():
        webhook = await locked(viewer, webhook_id)
        await lane.drop(webhook.id)
        await webhook.delete()


async def locked(viewer: Viewer, webhook_id: int) -> Webhook:
    """The account's webhook of that number, which nobody else changes before the transaction ends; `NOT_FOUND`."""
    found = Webhook.filter(id=webhook_id, account_id=viewer.account_id)
    webhook = await found.select_for_update(no_key=True).get_or_none()
    if webhook is None:
        raise refusal(ErrorCode.NOT_FOUND, "There is no such webhook.", "webhook")
    return webhook


async def _telling(
    viewer: Viewer,
    verb_name: str,
    input: dict[str, Any],
    run: Callable[[], Coroutine[Any, Any, dict[str, Any]]],
    key: str | None,
) -> Told:
    result = await kept_or(verb_name, account_id=viewer.account_id, scope=viewer.actor, key=key, input=input, run=run)
    return Told(int(result["webhook_id"]), secrets.secret_of(result["secret"]))


async def _changes(viewer: Viewer, edit: WebhookEdit) -> dict[str, Any]:
    """The columns that are to be different."""
    columns: dict[str, Any] = {f"{name}_id": None for name in CLEARABLE.intersection(edit.clear)}
    if edit.name is not None:
        columns["name"] = required_text(edit.name, 200, "name")
    if edit.url is not None:
        columns["url"] = edit.url.strip()
    if edit.kinds is not None:
        columns["kinds"] = _kinds(edit.kinds)
    if edit.link_id is not None:
        columns["link_id"] = await _own_link(viewer, edit.link_id)
    if edit.host_id is not None:
        columns["host_id"] = await _own_host(viewer, edit.host_id)
    if edit.owner_id is not None:
        columns["owner_id"] = await _owner(viewer, edit.owner_id)
    return columns


async def _pause_or_resume(webhook: Webhook, *, is_paused: bool) -> None:
    if is_paused:
        webhook.state = WebhookState.PAUSED
        return
    webhook.state = WebhookState.ACTIVE
    webhook.failing_since = webhook.next_try_at = webhook.warned_at = None
    await lane.resume(webhook.id)


def _kinds(kinds: Collection[ChangeKind]) -> list[str]:
    return sorted({kind.value for kind in kinds})


async def _owner(viewer: Viewer, user_id: int | None) -> int:
    if user_id is None or not await User.exists(id=user_id, account_id=viewer.account_id, is_active=True):
        raise refusal(ErrorCode.NOT_FOUND, "There is no such colleague. Please name an owner to be warned.", "owner")
    return user_id


async def _own_link(viewer: Viewer, link_id: int | None) -> int | None:
    if link_id is not None and not await MeetingLink.exists(id=link_id, account_id=viewer.account_id):
        raise refusal(ErrorCode.NOT_FOUND, "There is no such meeting link in this account.", "link")
    return link_id


async def _own_host(viewer: Viewer, host_id: int | None) -> int | None:
    if host_id is not None and not await User.exists(id=host_id, account_id=viewer.account_id):
        raise refusal(ErrorCode.NOT_FOUND, "There is no such colleague in this account.", "host")
    return host_id
