"""Members who take turns."""

import strawberry

from schema.node import Node
from schema.reading import children, identity, reads, shown
from schema.types.user import User
from server import models


@reads(models.RotationMember)
@strawberry.type(description="One member of a rotation.")
class RotationMember:
    user: User = shown("Who it is.")
    weight: int = shown("How many turns they take for another's one.")
    is_active: bool = shown("Whether they are offered at the moment.")
    assigned: int = shown("How many meetings they were given.")


@reads(models.Rotation)
@strawberry.type(description="Members who take turns: fewest meetings first, then least recently scheduled.")
class Rotation(Node):
    id: strawberry.ID = identity("rot")
    name: str = shown("What it is called.")
    members: list[RotationMember] = children(
        models.RotationMember,
        "rotation_id",
        "Who takes turns, in the order that settles ties.",
        order=("position", "id"),
        condition="t.left_at IS NULL",
    )
