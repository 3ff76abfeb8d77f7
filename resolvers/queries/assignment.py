"""How a rotation chose, and how it would."""

from collections.abc import Iterable
from typing import Annotated

import strawberry

from resolvers.door import query
from schema.context import Info
from schema.numbers import numbered
from schema.types.assignment import STANDINGS, AssignmentTrace, ConsideredMember, RotationShare, RotationSimulation
from schema.types.user import User
from server.accounts import queries
from server.accounts.scopes import Scope
from server.links import simulation
from server.links.simulation import MOST_BOOKINGS
from server.meetings.assignment import assignment_of

Meeting = Annotated[strawberry.ID, strawberry.argument(description="The meeting.")]
Link = Annotated[strawberry.ID, strawberry.argument(description="A link of the kind ROUND_ROBIN.")]
Bookings = Annotated[int, strawberry.argument(description=f"How many meetings to come, at most {MOST_BOOKINGS}.")]
Seed = Annotated[int, strawberry.argument(description="For who is free when; the same number gives the same answer.")]
FreePercent = Annotated[
    int, strawberry.argument(description="How often each member is free, in percent; always if left out.")
]


@query(
    Scope.MEETINGS_READ,
    "Who was considered when a rotation gave a meeting to its host, and why it was this one. Null if none did, and for "
    "unknown and foreign ids.",
)
async def assignment_trace(info: Info, meeting: Meeting) -> AssignmentTrace | None:
    found = await assignment_of(info.context.signed_in, numbered("mtg", meeting))
    if found is None:
        return None
    users = await _users(info, [found.host_id, *(int(one.id) for one in found.considered)])
    return AssignmentTrace(
        host=users[found.host_id],
        considered=[
            ConsideredMember(
                user=users[int(one.id)],
                standing=one.standing,
                message=STANDINGS[one.standing],
                assigned=one.assigned,
                weight=int(one.weight),
                last_assigned=one.last_assigned,
            )
            for one in found.considered
        ],
    )


@query(Scope.LINKS_READ, "How the rotation of a link would spread the meetings to come; nothing is counted by asking.")
async def simulate_rotation(
    info: Info, link: Link, bookings: Bookings, seed: Seed, free_percent: FreePercent = 100
) -> RotationSimulation:
    shares = await simulation.simulate_rotation(
        info.context.signed_in, numbered("lnk", link), bookings=bookings, seed=seed, free_percent=free_percent
    )
    users = await _users(info, [one.user_id for one in shares])
    return RotationSimulation(
        shares=[
            RotationShare(
                user=users[one.user_id],
                weight=one.weight,
                takes_turns=one.takes_turns,
                assigned=one.assigned,
                would_get=one.would_get,
            )
            for one in shares
        ],
        unassigned=bookings - sum(one.would_get for one in shares),
    )


async def _users(info: Info, numbers: Iterable[int]) -> dict[int, User]:
    wanted = sorted(set(numbers))
    users = await info.context.read.many(User, queries.users_among(info.context.signed_in, wanted))
    return dict(zip(wanted, users, strict=True))
