"""How a gateway fails: for now, or for good."""

from datetime import datetime


class TemporaryFailure(Exception):
    """It did not work this time; the same attempt may succeed later, but not within `retry_after` seconds, where the
    other side said so (RFC 9110, 10.2.3)."""

    def __init__(self, reason: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class NotYet(Exception):
    """Nothing was tried, because it would be of no use before `until`."""

    def __init__(self, reason: str, *, until: datetime) -> None:
        super().__init__(reason)
        self.until = until


class PermanentFailure(Exception):
    """It will not work however often it is tried; the text says what the other side answered."""
