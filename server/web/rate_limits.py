"""How often one token or one address may ask (SEC6). Kept in this process: each worker counts for itself."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from server.settings import Settings


@dataclass(frozen=True, slots=True)
class Allowance:
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


class RateLimits:
    """Counters by kind of request and by who asks. The window slides, so no burst fits around its edge."""

    def __init__(self, settings: Settings) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._items: Mapping[str, RateLimitItem] = {
            "visitor": parse(settings.limit_visitor_requests),
            "token": parse(settings.limit_token_requests),
            "signIn": parse(settings.limit_sign_in),
            "bookMeeting": parse(settings.limit_booking),
            # A visitor who holds every time of a page keeps everybody else out, as one who books them does.
            "holdSlot": parse(settings.limit_booking),
        }

    def is_limited(self, kind: str) -> bool:
        """Whether there is a limit of its own for this kind, such as the mutation `signIn`."""
        return kind in self._items

    def take(self, kind: str, who: str) -> Allowance:
        """Count one request of `who` and say what is left."""
        item = self._items[kind]
        is_allowed = self._limiter.hit(item, kind, who)
        stats = self._limiter.get_window_stats(item, kind, who)
        seconds = max(0, round(stats.reset_time - time.time()))
        return Allowance(item.amount, stats.remaining, seconds, not is_allowed)
