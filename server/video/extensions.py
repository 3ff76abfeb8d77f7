"""An outside service that makes rooms is entered, changed, given another secret, taken out (S2-14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from server import clock, database
from server.accounts import policy
from server.accounts.viewer import Viewer
from server.changes.data_version import raise_data_version
from server.checks import required_text
from server.errors import ErrorCode, refusal
from server.models import VideoExtension
from server.repeats import kept_or
from server.video.secrets import kept, secrets_from
from server.webhooks.secrets import new_secret, rotated, secret_of
from server.webhooks.target import valid_target

MOST_EXTENSIONS = 20

_URLS = {
    "create_url": "createUrl",
    "update_url": "updateUrl",
    "delete_url": "deleteUrl",
    "verify_url": "verifyUrl",
    "accounts_url": "accountsUrl",
}


@dataclass(frozen=True, slots=True)
class NewExtension:
    """Where a service is asked to make, change and delete a room, who somebody is, and which accounts they have."""

    name: str
    create_url: str
    update_url: str = ""
    delete_url: str = ""
    verify_url: str = ""
    accounts_url: str = ""
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class ExtensionEdit:
    """What is to be otherwise; None stays as it is, an empty address is taken back."""

    extension_id: int
    name: str | None = None
    create_url: str | None = None
    update_url: str | None = None
    delete_url: str | None = None
    verify_url: str | None = None
    accounts_url: str | None = None
    is_active: bool | None = None
    rotates_secret: bool = False
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """The extension, and its newest secret where it is told: no query tells it later."""

    extension_id: int
    secret: str | None


async def create_extension(viewer: Viewer, new: NewExtension) -> Told:
    """People may connect accounts of this provider. The same key gets the same secret.

    `FORBIDDEN`, `NAME_REQUIRED`, `TEXT_TOO_LONG`, `ALREADY_USED` (name), `ADDRESS_REFUSED`, `CONFLICT` above
    `MOST_EXTENSIONS`."""
    _require_admin(viewer)
    sent = asdict(new)
    key = sent.pop("idempotency_key")
    urls = await _addresses({name: sent[name] for name in _URLS})
    return await _telling(viewer, "createVideoExtension", sent, partial(_create, viewer, new.name, urls), key)


async def _create(viewer: Viewer, name: str, urls: dict[str, Any]) -> dict[str, Any]:
    if await VideoExtension.filter(account_id=viewer.account_id).count() >= MOST_EXTENSIONS:
        message = f"An account has at most {MOST_EXTENSIONS} video extensions. Please delete one that is not needed."
        raise refusal(ErrorCode.CONFLICT, message)
    secret = new_secret()
    made = await VideoExtension.create(
        account_id=viewer.account_id, name=await _free_name(viewer, name), secret=kept([secret]), **urls
    )
    await raise_data_version(viewer.account_id)
    return {"extension_id": made.id, "secret": secret}


async def edit_extension(viewer: Viewer, wanted: ExtensionEdit) -> Told:
    """The extension is set so. With another secret, requests are signed with both for a day.

    `NOT_FOUND`, or as in `create_extension`; `ADDRESS_REFUSED` also if the address that makes rooms is taken back."""
    _require_admin(viewer)
    sent = asdict(wanted)
    key = sent.pop("idempotency_key")
    urls = await _addresses({name: sent[name] for name in _URLS if sent[name] is not None})
    return await _telling(viewer, "editVideoExtension", sent, partial(_edit, viewer, wanted, urls), key)


async def _edit(viewer: Viewer, wanted: ExtensionEdit, urls: Mapping[str, str]) -> dict[str, Any]:
    extension = await _locked(viewer, wanted.extension_id)
    secret = None
    if wanted.name is not None:
        extension.name = await _free_name(viewer, wanted.name, but=extension.id)
    if wanted.is_active is not None:
        extension.is_active = wanted.is_active
    if wanted.rotates_secret:
        secret = new_secret()
        extension.secret = kept(rotated(secrets_from(extension.secret), secret, now=clock.now()))
    extension.update_from_dict(dict(urls))
    await extension.save()
    await raise_data_version(viewer.account_id)
    return {"extension_id": extension.id, "secret": secret}


async def delete_extension(viewer: Viewer, extension_id: int) -> None:
    """The extension is gone, and the accounts at it. Rooms that were made stay where they are. `NOT_FOUND`."""
    _require_admin(viewer)
    async with database.transaction():
        await (await _locked(viewer, extension_id)).delete()
        await raise_data_version(viewer.account_id)


async def _telling(viewer: Viewer, verb: str, input: dict[str, Any], run: Any, key: str | None) -> Told:
    result = await kept_or(verb, account_id=viewer.account_id, scope=viewer.actor, key=key, input=input, run=run)
    secret = result["secret"]
    return Told(int(result["extension_id"]), secret_of(secret) if secret is not None else None)


async def _addresses(said: Mapping[str, str]) -> dict[str, Any]:
    """The addresses, each of which may be asked; outside a transaction, because names are looked up."""
    needed = {name for name, url in said.items() if url.strip() or name == "create_url"}
    return {name: await valid_target(url, _URLS[name]) if name in needed else "" for name, url in said.items()}


async def _free_name(viewer: Viewer, name: str, *, but: int = 0) -> str:
    wanted = required_text(name, 200, "name")
    if await VideoExtension.filter(account_id=viewer.account_id, name=wanted).exclude(id=but).exists():
        raise refusal(ErrorCode.ALREADY_USED, "There is an extension of this name. Choose another one.", "name")
    return wanted


async def _locked(viewer: Viewer, extension_id: int) -> VideoExtension:
    found = VideoExtension.filter(id=extension_id, account_id=viewer.account_id)
    extension = await found.select_for_update(no_key=True).get_or_none()
    if extension is None:
        raise refusal(ErrorCode.NOT_FOUND, "There is no such video extension.", "videoExtension")
    return extension


def _require_admin(viewer: Viewer) -> None:
    if not policy.may_edit_account(viewer, viewer.account_id):
        message = "Only an administrator may say who makes video rooms. Please ask one of them."
        raise refusal(ErrorCode.FORBIDDEN, message)
