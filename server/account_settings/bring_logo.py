"""A logo is announced by an administrator, and brought to a signed address like any file."""

from __future__ import annotations

import hmac
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from server import clock, database, ids, settings
from server.account_settings.logo import Logo, logo_of, logo_url
from server.account_settings.picture import picture_in
from server.accounts import policy
from server.accounts.viewer import Viewer
from server.changes.data_version import raise_data_version
from server.errors import ErrorCode, refusal
from server.gateways import files
from server.models import Account

MOST_BYTES = 32 * 1024
"""On a slow network (1.6 Mbit/s) a visitor waits a sixth of a second for so much."""

LEAST_PIXELS, MOST_PIXELS = 28, 1600
"""From the height at which pages show it to what a cheap phone can unpack without a thought."""

WIDEST, HIGHEST = 8, 2
"""How many times as wide as high, and as high as wide: a longer one would be a line in the bar that shows it."""

BRING_WITHIN = timedelta(hours=1)

_TOKEN = re.compile(r"l([0-9]{1,18})-([0-9]{1,9})-([0-9]{1,12})-([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class Announced:
    """Where the bytes are to be PUT, and until when."""

    upload_url: str
    upload_ends_at: datetime


def announce_logo(viewer: Viewer, *, size_bytes: int) -> Announced:
    """There is an address at which the logo of the viewer's account can be brought for an hour; nothing is changed
    before. `FORBIDDEN`; `FILE_REFUSED` for more than 32 KB, or none."""
    if not policy.may_edit_account(viewer, viewer.account_id):
        message = "Only an administrator may change the account's logo. Please ask one of them."
        raise refusal(ErrorCode.FORBIDDEN, message, "sizeBytes")
    if not 0 < size_bytes <= MOST_BYTES:
        message = f"A logo has 1 to {MOST_BYTES} bytes; this one has {size_bytes}. Save it smaller."
        raise refusal(ErrorCode.FILE_REFUSED, message, "sizeBytes")
    ends_at = clock.now() + BRING_WITHIN
    about = f"{viewer.account_id}-{size_bytes}-{int(ends_at.timestamp())}"
    return Announced(settings.current().address(f"/files/l{about}-{_signature(about)}"), ends_at)


def is_for_a_logo(token: str) -> bool:
    """Whether a token of the files is one for a logo, be it good or bad."""
    return token.startswith("l")


async def receive_logo(token: str, pieces: AsyncIterator[bytes]) -> str:
    """The account's pages and mails show this logo; its public address. The one before stays where it is, because mails
    that were sent show it.

    `NOT_FOUND`, `TOKEN_EXPIRED`; `FILE_REFUSED` for another number of bytes than announced, for what is no picture that
    stands still, and for one too small, too large or too long. `StorageAway`."""
    account_id, size_bytes = _announced(token)
    content = await _whole(pieces, size_bytes)
    logo = _checked(content)
    await files.keep(logo.storage_key, _in_one_piece(content))
    async with database.transaction():
        await Account.filter(id=account_id).update(logo=logo.name)
        await raise_data_version(account_id)
    return logo_url(logo.name)


def _announced(token: str) -> tuple[int, int]:
    """Whose logo, and how many bytes."""
    parts = _TOKEN.fullmatch(token)
    about = token[1:-44]
    if parts is None or not hmac.compare_digest(_signature(about), parts[4]):
        raise refusal(ErrorCode.NOT_FOUND, "There is no file at this address.")
    if datetime.fromtimestamp(int(parts[3]), UTC) <= clock.now():
        raise refusal(ErrorCode.TOKEN_EXPIRED, "This address has ended. Announce the logo again for a new one.")
    return int(parts[1]), int(parts[2])


def _signature(about: str) -> str:
    return ids.secret_from(about, key=settings.current().secret_key, purpose="logo")


async def _whole(pieces: AsyncIterator[bytes], size_bytes: int) -> bytes:
    content = bytearray()
    async for piece in pieces:
        content += piece
        if len(content) > size_bytes:
            break
    if len(content) != size_bytes:
        message = f"These are other than the {size_bytes} bytes that were announced. Announce the logo again."
        raise refusal(ErrorCode.FILE_REFUSED, message)
    return bytes(content)


def _checked(content: bytes) -> Logo:
    picture = picture_in(content)
    if picture is None:
        message = "A logo is a PNG, JPEG or WebP picture that stands still, whatever it is called. Save it as one."
        raise refusal(ErrorCode.FILE_REFUSED, message)
    width, height = picture.width, picture.height
    if not LEAST_PIXELS <= min(width, height) <= max(width, height) <= MOST_PIXELS:
        message = f"A logo has {LEAST_PIXELS} to {MOST_PIXELS} pixels each way; this one has {width} x {height}."
        raise refusal(ErrorCode.FILE_REFUSED, message)
    if width > WIDEST * height or height > HIGHEST * width:
        message = f"A logo is at most {WIDEST} times as wide as high, and {HIGHEST} times as high as wide; "
        message += f"this one has {width} x {height} pixels."
        raise refusal(ErrorCode.FILE_REFUSED, message)
    return logo_of(content, picture)


async def _in_one_piece(content: bytes) -> AsyncIterator[bytes]:
    yield content
