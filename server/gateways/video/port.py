"""What the video rooms ask of a provider, and what it tells them, whoever it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class RoomWish:
    """The meeting that a room is for, as its provider may know it: nothing of who attends, and no notes. `account` is
    what the provider calls the host's account, empty where there is only their address."""

    meeting: str
    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    host_name: str
    host_email: str
    account: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """A room as its provider knows it, and where one joins."""

    id: str
    join_url: str


@dataclass(frozen=True, slots=True)
class ProviderAccount:
    """An account at the provider: its name there, and the address that it belongs to."""

    id: str
    name: str
    email: str


class RoomGone(Exception):
    """The provider does not know the room any more."""


class VideoGateway(Protocol):
    """One provider of rooms. Every act may raise `TemporaryFailure` or `PermanentFailure`; sent twice under the same
    `key` it is done once."""

    async def create(self, wish: RoomWish, *, key: str) -> Room:
        """There is one room for this key."""

    async def update(self, room_id: str, wish: RoomWish, *, key: str) -> Room | None:
        """The room knows the meeting as it is now. The room as it is then; None where it stays as it was. `RoomGone`
        if there is none such."""

    async def delete(self, room_id: str, *, key: str) -> None:
        """There is no such room any more."""

    async def verify(self, email: str, account: str) -> ProviderAccount | None:
        """The account behind an address, as the provider has verified it; None where it does not know the address. A
        provider that verifies nobody says what it was asked."""

    async def accounts(self, email: str) -> list[ProviderAccount]:
        """The accounts that the user with this address may choose from; none where the provider lists none."""
