"""What the rotation behind a link would do, told without doing it."""

from __future__ import annotations

import pytest

from server.errors import ErrorCode, Refused
from server.links.simulation import Share, simulate_rotation
from server.models import RotationMember
from tests.factories import a_link, a_user, an_account
from tests.server.booking.scene import a_round_robin, turns_of
from tests.server.meetings.scene import viewer_of


@pytest.mark.capability("S2-45")
async def test_simulation_spreads_by_weight_among_those_who_take_turns_and_counts_nothing(db: str) -> None:
    link, (ines, piotr, olga, away) = await a_round_robin(4)
    viewer = viewer_of(ines)
    await RotationMember.filter(user_id=piotr.id).update(weight=2)
    await RotationMember.filter(user_id=olga.id).update(is_active=False, assigned=3)
    away.is_active = False
    await away.save()
    before = await turns_of(link.rotation_id)
    assert await simulate_rotation(viewer, link.id, bookings=9, seed=1) == (
        Share(ines.id, weight=1, assigned=0, would_get=3, takes_turns=True),
        Share(piotr.id, weight=2, assigned=0, would_get=6, takes_turns=True),
        Share(olga.id, weight=1, assigned=3, would_get=0, takes_turns=False),
        Share(away.id, weight=1, assigned=0, would_get=0, takes_turns=False),
    )
    assert await turns_of(link.rotation_id) == before


async def test_simulation_with_the_same_seed_is_the_same(db: str) -> None:
    link, users = await a_round_robin(3)
    viewer = viewer_of(users[0])
    told = [await simulate_rotation(viewer, link.id, bookings=200, seed=seed, free_percent=60) for seed in (1, 1, 2)]
    assert told[0] == told[1] != told[2]


async def test_simulation_refuses_what_takes_no_turns_and_what_is_foreign(db: str) -> None:
    link, users = await a_round_robin(1)
    own = await a_link(users[0])
    stranger = viewer_of(await a_user(await an_account("Others")))
    viewer, codes = viewer_of(users[0]), []
    for asker, number, bookings, percent in (
        (viewer, own.id, 1, 100),
        (stranger, link.id, 1, 100),
        (viewer, link.id, 10_001, 100),
        (viewer, link.id, 1, 0),
    ):
        with pytest.raises(Refused) as caught:
            await simulate_rotation(asker, number, bookings=bookings, seed=0, free_percent=percent)
        codes += [one.code for one in caught.value.complaints]
    assert codes == [ErrorCode.NOT_FOUND, ErrorCode.NOT_FOUND, *[ErrorCode.TIME_RANGE_INVALID] * 2]
