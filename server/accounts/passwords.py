"""Passwords: hashed with argon2id, in threads of their own, never inside a transaction."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server import database
from server.errors import ErrorCode, refusal

LEAST = 12
MOST = 256

# OWASP's figures for argon2id: 19 MiB, two passes. One thread a core bounds what a flood of sign-ins may use.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_THREADS = ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="argon2")
_T = TypeVar("_T")


async def hash_password(password: str) -> str:
    """The hash to keep, about 30 ms of a core."""
    return await _aside(lambda: _HASHER.hash(password))


async def is_password(password: str, kept: str | None) -> bool:
    """Whether `password` made `kept`. Takes as long when there is nothing to compare with, so that nobody learns from
    the time who has an account."""
    return await _aside(lambda: _matches(password, kept)) and kept is not None


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with other figures than today's, and should be made anew at the next sign-in."""
    return _HASHER.check_needs_rehash(kept)


def valid_password(password: str, *path: str) -> str:
    """The password, if it may be one: 12 to 256 characters, of any kind; `CREDENTIALS_INVALID` otherwise."""
    if not LEAST <= len(password) <= MOST:
        message = f"A password has {LEAST} to {MOST} characters; a few words in a row are easy to remember."
        raise refusal(ErrorCode.CREDENTIALS_INVALID, message, *path)
    return password


async def _aside(work: Callable[[], _T]) -> _T:
    if database.in_transaction():
        raise RuntimeError("A password is hashed before the transaction, never inside it: others would wait for it.")
    return await asyncio.get_running_loop().run_in_executor(_THREADS, work)


def _matches(password: str, kept: str | None) -> bool:
    try:
        return _HASHER.verify(_hash_of_nobody() if kept is None else kept, password[: MOST + 1])
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hash_of_nobody() -> str:
    return _HASHER.hash("a password that nobody has")
