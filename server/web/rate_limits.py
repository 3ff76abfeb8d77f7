"""How often one token or one address may ask. Kept in this process: each worker counts for itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from limits import RateLimitItem, parse

from server.settings import Settings

MOST_COUNTED = 100_000


class Allowance(NamedTuple):
    """What is left of a limit after one more request; `is_exceeded` when this one was too many."""

    limit: int
    remaining: int
    reset_seconds: int
    is_exceeded: bool

    def headers(self) -> dict[str, str]:
        """What every answer says about the limit, and when to come back if there is nothing left."""
        said = {
            "ratelimit-limit": str(self.limit),
            "ratelimit-remaining": str(self.remaining),
            "ratelimit-reset": str(self.reset_seconds),
        }
        return {**said, "retry-after": str(max(1, self.reset_seconds))} if self.is_exceeded else said

    def raw_headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """The same as it goes over the wire, of a limit that is not exceeded."""
        return (
            (b"ratelimit-limit", b"%d" % self.limit),
            (b"ratelimit-remaining", b"%d" % self.remaining),
            (b"ratelimit-reset", b"%d" % self.reset_seconds),
        )


@dataclass(slots=True)
class _Counted:
    """The requests of one asker in their present window, which began at `since`, and in the one before."""

    since: float
    before: int = 0
    now: int = 0

    def move_to(self, at: float, length: int) -> None:
        passed = int((at - self.since) // length)
        if passed:
            self.before, self.now = (self.now if passed == 1 else 0), 0
            self.since += passed * length


class RateLimits:
    """Counters by kind of request and by who asks. The first window of an asker begins with their first request, and
    it slides: what was counted in the last one weighs as much as of it is still inside, so no burst fits round an edge.

    `limits` reads what a limit says. Its memory store is not used: it begins a thread every 10 ms under load and looks
    at every key in it, of which strangers can make any number (ADR 12)."""

    def __init__(self, settings: Settings, *, now: Callable[[], float] = time.monotonic) -> None:
        said: Mapping[str, RateLimitItem] = {
            "visitor": parse(settings.limit_visitor_requests),
            "token": parse(settings.limit_token_requests),
            "signIn": parse(settings.limit_sign_in),
            # Guessing the token of a link is guessing a password, and each reset is a mail to somebody.
            "acceptInvitation": parse(settings.limit_sign_in),
            "requestPasswordReset": parse(settings.limit_sign_in),
            "resetPassword": parse(settings.limit_sign_in),
            # Whoever finds a phone that is signed in could try the passwords of its owner.
            "changePassword": parse(settings.limit_sign_in),
            # Its tokens are the only proof it asks for, so guessing them is guessing a password.
            "performNotificationAction": parse(settings.limit_sign_in),
            "bookMeeting": parse(settings.limit_booking),
            # A visitor who holds every time of a page keeps everybody else out, as one who books them does.
            "holdSlot": parse(settings.limit_booking),
        }
        self._items = {kind: (one.amount, one.get_expiry()) for kind, one in said.items()}
        self._counted: dict[tuple[str, str], _Counted] = {}
        self._now = now

    def is_limited(self, kind: str) -> bool:
        """Whether there is a limit of its own for this kind, such as the mutation `signIn`."""
        return kind in self._items

    def take(self, kind: str, who: str) -> Allowance:
        """Count one request of `who` and say what is left. One that is too many is not counted."""
        amount, length = self._items[kind]
        at = self._now()
        counted = self._counter(kind, who, at)
        counted.move_to(at, length)
        left = length - (at - counted.since)
        # The window before weighs less with every second; this is how much of it still counts.
        weighed = int(counted.before * left / length)
        is_exceeded = weighed + counted.now >= amount
        if not is_exceeded:
            counted.now += 1
        remaining = max(0, amount - weighed - counted.now)
        reset = min(left, left % (length / counted.before)) if counted.before else left
        return Allowance(amount, remaining, round(reset), is_exceeded)

    def _counter(self, kind: str, who: str, at: float) -> _Counted:
        found = self._counted.get((kind, who))
        if found is None:
            if len(self._counted) >= MOST_COUNTED:
                # Whoever was first seen longest ago goes first: strangers can bring any number of addresses.
                del self._counted[next(iter(self._counted))]
            found = self._counted[kind, who] = _Counted(at)
        return found
