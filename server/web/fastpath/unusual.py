"""What the fast path leaves to the reference executor."""


class Unusual(Exception):
    """Something that a plan has no exact form for; `reason` is one word, for the counter."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


def nothing() -> None:
    """Called where a value is promised and there is none: the reference executor knows how to say so."""
    raise Unusual("null", "where a value is promised")


def too_large() -> None:
    """Called where an integer has more than 32 bits (GraphQL, 3.5.1)."""
    raise Unusual("integer", "of more than 32 bits")
