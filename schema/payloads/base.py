"""What all payloads share."""

from typing import Any

import strawberry

from schema.errors import UserError


@strawberry.type(description="What every mutation answers.")
class Payload:
    user_errors: list[UserError] = strawberry.field(
        description="What was wrong with the input; empty if the act was done. At most 100.", default_factory=list
    )


def result(about: str) -> Any:
    """What the mutation is about; null when it was refused."""
    return strawberry.field(description=f"{about} Null if it was refused.", default=None)
