"""How a rotation finds a host: what it did, and what it would do."""

import strawberry

from schema.enums import dressed
from schema.types.user import User
from server.rotation.pick import Standing

STANDINGS = {
    "PICKED": "Free, with the fewest meetings for their weight and the longest wait: theirs was the turn.",
    "OWNER": "Free, and the owner of the visitor's contact, whom this page asks first.",
    "CHOSEN": "Chosen by hand.",
    "BEHIND": "Free, but somebody else was to go first.",
    "NOT_FREE": "Not free for the whole time.",
    "INACTIVE": "Took no turns at that moment.",
}

dressed(
    Standing,
    "What became of a member when a host was chosen. The list may grow: show the message of a value you do not know.",
    **STANDINGS,
)


@strawberry.type(description="One member of a rotation, as they stood when a host was chosen.")
class ConsideredMember:
    user: User = strawberry.field(description="Who it is.")
    standing: Standing = strawberry.field(description="What became of them.")
    message: str = strawberry.field(description="The same in words.")
    assigned: int = strawberry.field(description="How many meetings they had been given before this one.")
    weight: int = strawberry.field(description="How many turns they took for another's one.")
    last_assigned: int = strawberry.field(
        description="The rotation's running number of the latest meeting they had been given; 0 for never."
    )


@strawberry.type(description="Who was considered when a rotation chose a host, and why it was this one.")
class AssignmentTrace:
    host: User = strawberry.field(description="Who got the meeting; it may have moved to somebody else since.")
    considered: list[ConsideredMember] = strawberry.field(
        description="Every member, in the order that settles ties. At most 1000."
    )


@strawberry.type(description="What one member would get of the meetings to come.")
class RotationShare:
    user: User = strawberry.field(description="Who it is.")
    weight: int = strawberry.field(description="How many turns they take for another's one.")
    takes_turns: bool = strawberry.field(description="Whether they are offered at the moment.")
    assigned: int = strawberry.field(description="How many meetings they have been given so far.")
    would_get: int = strawberry.field(description="How many of the simulated ones they would get.")


@strawberry.type(description="How a rotation would spread the meetings to come. Nothing is counted by asking.")
class RotationSimulation:
    shares: list[RotationShare] = strawberry.field(
        description="Every member, in the order that settles ties. At most 1000."
    )
    unassigned: int = strawberry.field(description="For how many meetings nobody would be free.")
