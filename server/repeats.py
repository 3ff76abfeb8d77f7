"""A request that is sent twice has one effect: the first result is kept under the caller's key and given again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from typing import Any

from server import clock, database
from server.errors import ErrorCode, refusal
from server.models import KeptResult

KEPT_FOR = timedelta(days=3)

_LONGEST_KEY = 255
_LONGEST_SCOPE = 400
_CLAIM = """
    INSERT INTO kept_result (created_at, account_id, scope, key, verb, input_digest, result)
    VALUES ($1, $2, $3, $4, $5, $6, '{}') ON CONFLICT (account_id, scope, key) DO NOTHING
"""


async def kept_or(
    verb_name: str,
    *,
    account_id: int,
    scope: str,
    key: str | None,
    input: Mapping[str, Any],
    run: Callable[[], Awaitable[dict[str, Any]]],
) -> dict[str, Any]:
    """The result of `run()`, or the one kept from the first request with this key, in one transaction with what `run`
    writes. Of two at once the second waits for the first. Another verb or input under the key is refused as
    IDEMPOTENCY_KEY_REUSED; a refusal of `run` is not kept, so that the next try runs. Without a key it just runs.

    Where an answer is `awaited`, the transaction stays open behind it until that is kept, so whoever calls this goes
    on to nothing that takes long."""
    if key is None:
        async with database.transaction():
            return _plain(await run())
    require_usable(key)
    who = _kept_scope(scope)
    digest = request_digest(verb_name, input)
    awaiting = _awaiting.get()
    async with AsyncExitStack() as opened:
        await opened.enter_async_context(database.transaction())
        now = clock.now_epoch()
        if await database.execute(_CLAIM, now, account_id, who, key, verb_name, digest):
            result = _plain(await run())
            await KeptResult.filter(account_id=account_id, scope=who, key=key).update(result=result)
            if awaiting is not None:
                awaiting.take(opened.pop_all(), (account_id, who, key))
            return result
        kept = await KeptResult.get(account_id=account_id, scope=who, key=key)
    if kept.input_digest != digest:
        raise refusal(
            ErrorCode.IDEMPOTENCY_KEY_REUSED,
            "This idempotency key was used before with another request; make a new key for a new request.",
            "idempotencyKey",
        )
    if awaiting is not None and kept.answer is not None:
        raise AnsweredBefore(kept.answer)
    return kept.result


class AnsweredBefore(Exception):
    """The request was answered before; `answer` is what was kept of that."""

    def __init__(self, answer: bytes) -> None:
        super().__init__("this request was answered before")
        self.answer = answer


class Awaited:
    """The answer to one request. Once a verb has run under a key its transaction is open here, to be committed with the
    answer."""

    def __init__(self, ending: AsyncExitStack) -> None:
        self._ending = ending
        self._kept: tuple[int, str, str] | None = None

    @property
    def is_first(self) -> bool:
        """Whether a verb has just run under a key, and its answer is to be kept."""
        return self._kept is not None

    def take(self, transaction: AsyncExitStack, kept: tuple[int, str, str]) -> None:
        """From here on the transaction ends with the block of `awaited`."""
        self._ending.push_async_exit(transaction)
        self._kept = self._kept or kept

    async def keep(self, answer: bytes) -> None:
        """The answer is written beside the verb's result."""
        sql = "UPDATE kept_result SET answer = $4 WHERE account_id = $1 AND scope = $2 AND key = $3"
        await database.execute(sql, *(self._kept or ()), answer)


_awaiting: ContextVar[Awaited | None] = ContextVar("awaiting", default=None)


@asynccontextmanager
async def awaited() -> AsyncIterator[Awaited]:
    """Inside, a verb that runs under a key leaves its transaction open, so that the answer made of its result can be
    read and kept in it. It is committed at the end of the block, or rolled back if an exception leaves that. A verb
    whose answer is kept raises `AnsweredBefore` instead of giving its result again."""
    async with AsyncExitStack() as ending:
        answer = Awaited(ending)
        token = _awaiting.set(answer)
        try:
            yield answer
        finally:
            _awaiting.reset(token)


async def kept_result(verb_name: str, *, account_id: int, scope: str, key: str) -> dict[str, Any] | None:
    """What this verb answered the first request with this key; None if there was none, or it is not kept any more."""
    kept = await KeptResult.get_or_none(account_id=account_id, scope=_kept_scope(scope), key=key, verb=verb_name)
    return kept.result if kept is not None else None


async def forget_old_results(*, kept_for: timedelta = KEPT_FOR) -> int:
    """Results older than `kept_for` are gone, and their keys are free again. Returns how many."""
    before = int((clock.now() - kept_for).timestamp())
    return await database.execute("DELETE FROM kept_result WHERE created_at < $1", before)


def _kept_scope(scope: str) -> str:
    return scope if len(scope) <= _LONGEST_SCOPE else _digest(scope)


def require_usable(key: str) -> None:
    """A key has 1 to 255 characters; `TEXT_TOO_LONG` otherwise."""
    if not 1 <= len(key) <= _LONGEST_KEY or "\0" in key:
        message = "An idempotency key has 1 to 255 characters, U+0000 not among them."
        raise refusal(ErrorCode.TEXT_TOO_LONG, message, "idempotencyKey")


def _plain(result: dict[str, Any]) -> dict[str, Any]:
    """The result as it will be read back, so that the first answer and its replays are equal."""
    plain: dict[str, Any] = json.loads(json.dumps(result, default=_as_text))
    return plain


def request_digest(verb_name: str, input: Mapping[str, Any]) -> str:
    """What tells one request under a key from another (`KeptResult.input_digest`)."""
    return _digest(verb_name, input)


def _digest(*parts: object) -> str:
    plain = [dict(part) if isinstance(part, Mapping) else part for part in parts]
    text = json.dumps(plain, sort_keys=True, default=_as_text)
    return hashlib.sha256(text.encode()).hexdigest()


def _as_text(value: object) -> str:
    """Instants are told apart by when they are, not by the offset they were written with."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be part of a kept request or result")
