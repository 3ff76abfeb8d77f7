"""A provider of rooms that somebody else has written: five addresses, asked through signed requests (S2-14)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import orjson

from server import clock, ids, settings
from server.checks import printable_line
from server.gateways import webhooks
from server.gateways.errors import PermanentFailure, TemporaryFailure
from server.gateways.video.port import ProviderAccount, Room, RoomGone, RoomWish
from server.gateways.webhooks import Answer

MOST_BYTES_READ = 64 * 1024
MOST_ACCOUNTS = 100
_GONE = (404, 410)
_LATER = (408, 425, 429)
_LONGEST = {"id": 255, "joinUrl": 1000, "email": 254, "name": 200}

Sign = Callable[[str, datetime, bytes], str]
"""The signature of a message id, the moment it is sent, and its body (Standard Webhooks 1.0.0)."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where an extension is asked; only `create` has to be there."""

    create: str
    update: str = ""
    delete: str = ""
    verify: str = ""
    accounts: str = ""


class ExtensionGateway:
    """The provider behind these addresses."""

    def __init__(self, addresses: Addresses, sign: Sign) -> None:
        self._addresses = addresses
        self._sign = sign

    async def create(self, wish: RoomWish, *, key: str) -> Room:
        """There is one room for this key, which the extension gets as `webhook-id`."""
        answer = await self._asked(self._addresses.create, "room.create", _told(wish), key)
        return _room(_taken(answer))

    async def update(self, room_id: str, wish: RoomWish, *, key: str) -> Room | None:
        """The extension knows the meeting as it is now; without an address for it, the room stays as it was."""
        if not self._addresses.update:
            return None
        answer = await self._asked(self._addresses.update, "room.update", _told(wish) | {"room": {"id": room_id}}, key)
        if answer.status in _GONE:
            raise RoomGone(f"answered {answer.status}")
        said = _taken(answer)
        return _room({"id": room_id} | said) if said.get("joinUrl") else None

    async def delete(self, room_id: str, *, key: str) -> None:
        """The extension has let go of the room; without an address for it, it keeps it."""
        if self._addresses.delete:
            answer = await self._asked(self._addresses.delete, "room.delete", {"room": {"id": room_id}}, key)
            if answer.status not in _GONE:
                _taken(answer)

    async def verify(self, email: str, account: str) -> ProviderAccount | None:
        """Who the extension says that this is; without an address for it, whoever was named."""
        if not self._addresses.verify:
            return ProviderAccount(account, "", email)
        asked = {"user": {"email": email}, "account": {"id": account}}
        answer = await self._asked(self._addresses.verify, "user.verify", asked, ids.new_uid())
        if answer.status in _GONE:
            return None
        said = _taken(answer)
        if said.get("verified") is not True:
            return None
        return ProviderAccount(_text(said, "id") or account, _text(said, "name"), _text(said, "email") or email)

    async def accounts(self, email: str) -> list[ProviderAccount]:
        """At most a hundred accounts; none without an address for it."""
        if not self._addresses.accounts:
            return []
        answer = await self._asked(self._addresses.accounts, "accounts.list", {"user": {"email": email}}, ids.new_uid())
        listed = _taken(answer).get("accounts")
        if not isinstance(listed, list):
            raise PermanentFailure("the answer has no list of accounts")
        several = [one for one in listed if isinstance(one, dict)][:MOST_ACCOUNTS]
        return [ProviderAccount(_text(one, "id"), _text(one, "name"), _text(one, "email")) for one in several]

    async def _asked(self, url: str, type: str, data: Mapping[str, Any], key: str) -> Answer:
        now = clock.now()
        body = orjson.dumps({"type": type, "timestamp": clock.written(now), "data": data})
        headers = {
            "content-type": "application/json",
            "accept": "application/json",
            "accept-encoding": "identity",
            "user-agent": "Parley-Video",
            "webhook-id": key,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._sign(key, now, body),
        }
        return await webhooks.post(url, body, headers, answer_bytes=MOST_BYTES_READ)


def _told(wish: RoomWish) -> dict[str, Any]:
    return {
        "meeting": {
            "id": wish.meeting,
            "title": wish.title,
            "startsAt": clock.written(wish.starts_at),
            "endsAt": clock.written(wish.ends_at),
            "timeZone": wish.time_zone,
        },
        "host": {"name": wish.host_name, "email": wish.host_email},
        "account": {"id": wish.account},
    }


def _taken(answer: Answer) -> dict[str, Any]:
    """What stands in an answer that took it; nothing in one without a body."""
    if not answer.is_taken:
        reason = f"answered {answer.status} {printable_line(answer.text, 200)}".strip()
        if answer.status in _LATER or answer.status >= 500:
            raise TemporaryFailure(reason, retry_after=answer.retry_after)
        raise PermanentFailure(reason)
    if not answer.text.strip():
        return {}
    try:
        said = orjson.loads(answer.text)
    except orjson.JSONDecodeError as error:
        raise PermanentFailure("the answer is not JSON, or is too long") from error
    if not isinstance(said, dict):
        raise PermanentFailure("the answer is no JSON object")
    return said


def _room(said: Mapping[str, Any]) -> Room:
    room = Room(_text(said, "id"), _text(said, "joinUrl"))
    if not room.id or not _is_link(room.join_url):
        raise PermanentFailure("the answer has no id and joinUrl of a room, the latter beginning with https://")
    return room


def _text(said: Mapping[str, Any], name: str) -> str:
    """A text of an answer, or nothing; a number is the text of it."""
    value = said.get(name)
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if len(text) > _LONGEST[name] or not text.isprintable():
        raise PermanentFailure(f"the {name} in the answer is longer than {_LONGEST[name]} characters, or unreadable")
    return text


def _is_link(url: str) -> bool:
    """Whether people may be sent there: nothing but a page of the web."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_near = parts.scheme == "http" and parts.hostname in settings.current().private_hosts
    return (parts.scheme == "https" or is_near) and bool(parts.hostname) and not parts.username and " " not in url
