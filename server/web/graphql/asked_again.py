"""The short way for what a phone sends most often: the very request that it has sent before, while nothing changed.

What its headers and body mean was worked out when it came before. Who sends it, whether they still may, how often they
ask and whether the data are the same is asked each time, and each is counted and logged as on the long way."""

from __future__ import annotations

import time
from collections.abc import Hashable
from typing import Any, NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.accounts.bearer import known_behind, proof_of
from server.accounts.viewer import Viewer
from server.web.access_log import tell
from server.web.fastpath.kept import FOUND, Moment, Shelf, quarter_now
from server.web.graphql.answering import Response
from server.web.graphql.caller import Caller, bearer_in
from server.web.graphql.executor import Answer
from server.web.headers import head_of, header
from server.web.protocols import BODY_IS_HERE, in_one_piece, send_again
from server.web.rate_limits import Allowance, RateLimits
from server.web.repeated import IN_ONE_PIECE, Piece, Write
from server.web.request_ids import new_id

# As in `endpoint.py`, which cannot be imported here: `http.py` stands between the two.
PATH = "/graphql"
MOST_BYTES = 32 * 1024 * 1024
MOST_BYTES_ASKED = 8 * 1024
LEFT = "to_be_asked_again"
"""Where in the scope the long way leaves a response that may be given again."""
_WAS_ASKED = "was_asked_before"
_MOST_HEARD = 20_000

# What an entry takes besides request and body: headers, viewer, key.
_ENTRY_BYTES = 2 * 1024
_OWN_TO_EACH = ("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset")
_OWN_LINES = b"%b: %%d\r\n%b: %%d\r\n%b: %%d\r\nx-request-id: %%b\r\n" % tuple(map(str.encode, _OWN_TO_EACH))


class Given(NamedTuple):
    """A response, and what must still be so for it to be given again."""

    bearer: str
    viewer: Viewer
    limit: tuple[str, str]
    holds_at: Moment
    method: str
    operation: str | None
    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    head: bytes
    body: bytes


def left_for_later(scope: Scope, caller: Caller, answer: Answer, response: Response) -> None:
    """The response may be given again, if it is known at which moment of the data it holds. What was never asked before
    is not worth the room: much of that is never asked again."""
    if answer.holds_at is not None and caller.viewer is not None and _WAS_ASKED in scope:
        bearer = bearer_in(header(scope, b"authorization"))
        same = {name: value for name, value in response.headers.items() if name not in _OWN_TO_EACH}
        headers = Response(response.status, response.body, same).raw_headers()
        asked = (bearer, caller.viewer, caller.limit, answer.holds_at, scope["method"], scope["operation"])
        scope[LEFT] = Given(*asked, response.status, headers, head_of(headers), response.body)


class AskedAgain:
    """Wraps the whole app; whatever is not just the same as before goes the long way through it."""

    def __init__(self, app: ASGIApp, rates: RateLimits) -> None:
        self._app = app
        self._rates = rates
        self._given: Shelf[Given] = Shelf(MOST_BYTES)
        self._heard: set[int] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, one way or the other."""
        if scope["type"] != "http" or scope["path"] != PATH or BODY_IS_HERE not in scope:
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        message = await receive()
        piece: Piece | None = scope.get(IN_ONE_PIECE)
        key = _asked(scope, message) if piece is None else piece.request
        # What came in one piece was looked for before it was read.
        given = self._given.get(key) if piece is None else None
        if given is None or not await self._is_sent(given, scope, send, started):
            if self._was_heard(hash(key)):
                scope[_WAS_ASKED] = True
            await self._app(scope, _beginning_with(message, receive), in_one_piece(send))
            self._remember(key, scope, piece)

    def _was_heard(self, asked: int) -> bool:
        if asked in self._heard:
            return True
        if len(self._heard) >= _MOST_HEARD:
            self._heard.clear()
        self._heard.add(asked)
        return False

    def given(self, request: bytes) -> Given | None:
        """What was answered to a request of just these bytes, if it came in one piece."""
        return self._given.get(request)

    async def again(self, given: Given, write: Write) -> None:
        """It is written, if it is still the answer."""
        started, scope = time.perf_counter(), {"method": given.method, "path": PATH}
        allowance = await self._allowance(given, scope)
        if allowance is None:
            return
        own = allowance.limit, allowance.remaining, allowance.reset_seconds, scope["request_id"].encode()
        try:
            write(given.status, given.head + _OWN_LINES % own, given.body)
        finally:
            tell(scope, given.status, time.perf_counter() - started)

    async def _is_sent(self, given: Given, scope: Scope, send: Send, started: float) -> bool:
        allowance = await self._allowance(given, scope)
        if allowance is None:
            return False
        own = (*allowance.raw_headers(), (b"x-request-id", scope["request_id"].encode()))
        try:
            await send_again(send, given.status, given.headers, given.head, own, given.body)
        finally:
            tell(scope, given.status, time.perf_counter() - started)
        return True

    async def _allowance(self, given: Given, scope: Scope) -> Allowance | None:
        """What the sender has left after this request, which has an id now; None if it has to go the long way."""
        try:
            known = await known_behind(proof_of(given.bearer))
        except Exception:  # noqa: BLE001  whatever it was, the long way meets it too, and tells it
            return None
        is_the_same = known.viewer is given.viewer or known.viewer == given.viewer
        if not is_the_same or given.holds_at != (known.data_version, quarter_now()):
            return None
        allowance = self._rates.take(*given.limit)
        if allowance.is_exceeded:
            return None
        FOUND.inc()
        scope["operation"], scope["request_id"] = given.operation, new_id()
        return allowance

    def _remember(self, key: Hashable, scope: Scope, piece: Piece | None) -> None:
        given: Given | None = scope.get(LEFT)
        if given is None:
            return
        asked = len(piece.request) if piece is not None else _length(key)
        # Whoever names their requests never sends the same one again.
        if asked <= MOST_BYTES_ASKED and not header(scope, b"x-request-id"):
            if piece is not None:
                piece.is_known_by(self)
            self._given.put(key, given, len(given.body) + asked + _ENTRY_BYTES)


def _asked(scope: Scope, message: Message) -> Hashable:
    """All that a request says, where it did not come as one piece of bytes."""
    return scope["method"], scope["query_string"], message.get("body") or b"", *scope["headers"]


def _length(asked: Any) -> int:
    _, query, body, *headers = asked
    return len(query) + len(body) + sum(len(name) + len(value) for name, value in headers)


def _beginning_with(message: Message, receive: Receive) -> Receive:
    is_told = False

    async def receive_on() -> Message:
        nonlocal is_told
        if is_told:
            return await receive()
        is_told = True
        return message

    return receive_on
