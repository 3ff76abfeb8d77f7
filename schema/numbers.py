"""From the ids that clients hold to the numbers of rows."""

import strawberry

from server import ids

NOTHING = 0
"""The number that no row has: what an id stands for that was not made here."""


def numbered(prefix: str, id: strawberry.ID) -> int:
    """The number of the row; `NOTHING` for any other id, so that unknown, foreign and made-up ids answer alike."""
    return ids.number_of(prefix, id) or NOTHING


def numbered_if(prefix: str, id: strawberry.ID | None) -> int | None:
    """As `numbered`; None where nothing was asked."""
    return None if id is None else numbered(prefix, id)
