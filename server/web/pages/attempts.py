"""How often one address may look and try. Pages and GraphQL count in the same counters where the app shares them."""

from __future__ import annotations

from starlette.requests import Request

from server import settings
from server.web.rate_limits import RateLimits


def seconds_to_wait(request: Request, kind: str) -> int | None:
    """Counts this request; None while it is within the limit of its kind (`visitor`, `bookMeeting`), else how long the
    visitor should wait."""
    allowance = _limits(request).take(kind, request.client.host if request.client else "")
    return max(1, allowance.reset_seconds) if allowance.is_exceeded else None


def _limits(request: Request) -> RateLimits:
    state = request.app.state
    if not isinstance(getattr(state, "rate_limits", None), RateLimits):
        state.rate_limits = RateLimits(settings.current())
    limits = state.rate_limits
    assert isinstance(limits, RateLimits)
    return limits
