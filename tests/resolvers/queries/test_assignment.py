"""A rotation says why it chose whom it chose, and what it would do next."""

from __future__ import annotations

from typing import Any

import pytest

from server.booking.book import book
from server.models import RotationMember
from tests.factories import a_meeting, a_user, an_account
from tests.resolvers.asking import answer, problem, program_of, viewer_for
from tests.server.booking.scene import a_booking, a_round_robin, at, monday

TRACE = """query ($id: ID!) { assignmentTrace(meeting: $id) {
  host { name } considered { user { name } standing assigned weight lastAssigned message } } }"""
SIMULATION = """query ($link: ID!, $bookings: Int!, $seed: Int!) {
  simulateRotation(link: $link, bookings: $bookings, seed: $seed) {
    unassigned shares { user { name } weight takesTurns assigned wouldGet } } }"""
SCHEDULE = """mutation ($input: ScheduleMeetingInput!) { scheduleMeeting(input: $input) {
  meeting { id host { name } } userErrors { code } } }"""


def standing(name: str, what: str, assigned: int = 0, last: int = 0, weight: int = 1) -> dict[str, Any]:
    return {"user": {"name": name}, "standing": what, "assigned": assigned, "weight": weight, "lastAssigned": last}


def without_message(trace: Any) -> Any:
    for one in trace["considered"]:
        assert one.pop("message")
    return trace


@pytest.mark.capability("S2-45")
async def test_a_trace_says_who_was_considered_and_why(db: str) -> None:
    link, users = await a_round_robin(4)
    viewer = viewer_for(users[0])
    await RotationMember.filter(user_id=users[0].id).update(assigned=2, last_assigned=5)
    await RotationMember.filter(user_id=users[3].id).update(is_active=False)
    with at():
        await a_meeting(users[1], monday(9))
        booked = await book(a_booking(link))
        trace = (await answer(TRACE, viewer, id=f"mtg_{booked.meeting_id}"))["assignmentTrace"]
    assert without_message(trace) == {
        "host": {"name": "Member 2"},
        "considered": [
            standing("Member 0", "BEHIND", assigned=2, last=5),
            standing("Member 1", "NOT_FREE"),
            standing("Member 2", "PICKED"),
            standing("Member 3", "INACTIVE"),
        ],
    }


@pytest.mark.capability("S2-46")
async def test_a_trace_says_when_somebody_was_chosen_by_hand(db: str) -> None:
    link, users = await a_round_robin(2)
    viewer = viewer_for(users[0])
    given = {"title": "Roof plans", "startsAt": "2026-11-23T10:00:00+01:00", "endsAt": "2026-11-23T10:30:00+01:00"}
    with at():
        by_hand = {"rotation": f"rot_{link.rotation_id}", "host": f"usr_{users[1].id}"}
        payload = (await answer(SCHEDULE, viewer, input=given | by_hand))["scheduleMeeting"]
        trace = (await answer(TRACE, viewer, id=payload["meeting"]["id"]))["assignmentTrace"]
    assert payload["userErrors"] == []
    assert without_message(trace) == {
        "host": {"name": "Member 1"},
        "considered": [standing("Member 0", "BEHIND"), standing("Member 1", "CHOSEN")],
    }


async def test_a_meeting_without_rotation_and_a_foreign_one_have_no_trace(db: str) -> None:
    link, users = await a_round_robin(1)
    stranger = viewer_for(await a_user(await an_account("Others")))
    with at():
        booked = await book(a_booking(link))
        plain = await a_meeting(users[0], monday(12))
    asked = [(viewer_for(users[0]), plain.id), (stranger, booked.meeting_id), (stranger, 999_999)]
    assert [await answer(TRACE, viewer, id=f"mtg_{number}") for viewer, number in asked] == [
        {"assignmentTrace": None}
    ] * 3


@pytest.mark.capability("S2-45")
async def test_a_simulation_shows_how_the_turns_would_spread(db: str) -> None:
    link, users = await a_round_robin(2)
    await RotationMember.filter(user_id=users[1].id).update(weight=3)
    asked = {"link": f"lnk_{link.id}", "bookings": 8, "seed": 1}
    assert (await answer(SIMULATION, viewer_for(users[0]), **asked))["simulateRotation"] == {
        "unassigned": 0,
        "shares": [
            {"user": {"name": "Member 0"}, "weight": 1, "takesTurns": True, "assigned": 0, "wouldGet": 2},
            {"user": {"name": "Member 1"}, "weight": 3, "takesTurns": True, "assigned": 0, "wouldGet": 6},
        ],
    }


async def test_a_simulation_needs_the_right_and_a_link_with_turns(db: str) -> None:
    link, users = await a_round_robin(1)
    asked = {"bookings": 8, "seed": 1}
    told = [
        await problem(SIMULATION, None, link=f"lnk_{link.id}", **asked),
        await problem(SIMULATION, program_of(link.account_id, "meetings:read"), link=f"lnk_{link.id}", **asked),
        await problem(SIMULATION, viewer_for(users[0]), link="lnk_999999", **asked),
    ]
    assert [code for code, _ in told] == ["UNAUTHENTICATED", "FORBIDDEN", "BAD_USER_INPUT"]
