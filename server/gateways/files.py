"""Where files are kept: a folder of this machine, or a store that speaks S3."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from server import settings

PIECE_BYTES = 1024 * 1024
_WAIT = {"timeout": "60s", "connect_timeout": "5s"}
_TRIES: Any = {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}


Span = tuple[int, int]
"""The bytes [first, end) of a file."""


class StorageAway(Exception):
    """Files can be neither kept nor read at the moment; the text says why, for the log."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as it is read: how many bytes it has, and those that were asked for, piece by piece."""

    size_bytes: int
    pieces: AsyncIterator[bytes]


async def keep(key: str, pieces: AsyncIterator[bytes]) -> None:
    """The bytes are kept under the key, all of them or none: what `pieces` raises ends it, and nothing is there."""
    with _storage_errors():
        await obstore.put_async(_store(), key, pieces)


async def fetch(key: str, *, span: Span | None = None) -> KeptFile | None:
    """The file under the key, or of its bytes those of the span; None if there is none."""
    with _storage_errors():
        try:
            found = await obstore.get_async(_store(), key, options={"range": span} if span is not None else None)
        except FileNotFoundError:
            return None
        return KeptFile(found.meta["size"], _pieces(found))


async def drop(key: str) -> None:
    """There is nothing under the key, if there ever was."""
    with _storage_errors():
        try:
            await obstore.delete_async(_store(), key)
        except FileNotFoundError:
            return


async def kept_keys(prefix: str, *, before: datetime) -> AsyncIterator[list[str]]:
    """The keys below the prefix that were last written before an instant, some at a time."""
    with _storage_errors():
        async for found in obstore.list(_store(), prefix):
            if keys := [one["path"] for one in found if one["last_modified"] < before]:
                yield keys


async def reach(url: str) -> None:
    """A store at such an address answers and lets us read; otherwise `StorageAway`. Nothing is written."""
    with _storage_errors():
        async for _ in obstore.list(_opened(url), chunk_size=1):
            return


async def _pieces(found: Any) -> AsyncIterator[bytes]:
    with _storage_errors():
        async for piece in found.stream(min_chunk_size=PIECE_BYTES):
            yield bytes(piece)


def _store() -> LocalStore | S3Store:
    return _opened(settings.current().files_url)


@lru_cache(maxsize=4)
def _opened(url: str) -> LocalStore | S3Store:
    """The store behind `file:///folder`, or behind `s3://bucket/folder?region=…&endpoint=…` with the keys that the
    usual AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY hold."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return LocalStore(prefix=Path(unquote(parts.path)), automatic_cleanup=True, mkdir=True)
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    given: Any = {name: asked[name] for name in ("region", "endpoint") if name in asked}
    is_plain = asked.get("endpoint", "").startswith("http://")
    options: Any = _WAIT | ({"allow_http": True} if is_plain else {})
    folder = unquote(parts.path.strip("/")) or None
    return S3Store(parts.netloc, prefix=folder, client_options=options, retry_config=_TRIES, **given)


@contextmanager
def _storage_errors() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        raise StorageAway(str(error).partition("\n")[0]) from error
