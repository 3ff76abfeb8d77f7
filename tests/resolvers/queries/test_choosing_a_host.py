"""Scheduling for somebody else: whose turn it is, when they are free, and what changes with another host."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from server.models import RotationMember, User, VideoAccount
from server.models.enums import VideoKind
from tests.factories import a_meeting
from tests.resolvers.asking import answer, viewer_for
from tests.server.booking.scene import a_round_robin, at, monday, turns_of

AVAILABILITY = """query ($hosts: [ID!]!, $from: DateTime!, $to: DateTime!) {
  hostAvailability(hosts: $hosts, from: $from, to: $to) {
    host { name } free { startsAt endsAt } busy { startsAt endsAt title } } }"""
PREVIEW = """mutation ($input: ScheduleMeetingInput!) { scheduleMeeting(input: $input) {
  preview { host { id name } isHostBusy } userErrors { code } } }"""
SCHEDULE = """mutation ($input: ScheduleMeetingInput!) { scheduleMeeting(input: $input) {
  meeting { host { name } organizer { name } location { kind text } } userErrors { code } } }"""
KINDS = '{ __type(name: "LocationKind") { enumValues { name } } }'
MORNING = {"from": "2026-11-23T09:00:00+01:00", "to": "2026-11-23T12:00:00+01:00"}
AT_TEN = {"title": "Roof plans", "startsAt": "2026-11-23T10:00:00+01:00", "endsAt": "2026-11-23T10:30:00+01:00"}


def utc(hour: int, minute: int = 0) -> str:
    return f"2026-11-23T{hour:02}:{minute:02}:00Z"


@pytest.mark.capability("S2-34", "S2-44", "S2-45", "S2-46", "S2-47", "S2-53")
async def test_the_suggested_host_is_shown_with_their_calendar_and_another_one_with_theirs(db: str) -> None:
    link, (ines, piotr, olga) = await a_round_robin(3)
    await RotationMember.filter(user_id=ines.id).update(assigned=4, last_assigned=4)
    viewer = viewer_for(ines)

    async def preview(**chosen: Any) -> Any:
        asked = AT_TEN | {"rotation": f"rot_{link.rotation_id}", "dryRun": True} | chosen
        payload = (await answer(PREVIEW, viewer, input=asked))["scheduleMeeting"]
        assert payload["userErrors"] == []
        return payload["preview"]

    async def calendar(host: str) -> Any:
        (found,) = (await answer(AVAILABILITY, viewer, hosts=[host], **MORNING))["hostAvailability"]
        return found

    with at():
        await a_meeting(piotr, monday(9), title="Secret plans")
        await a_meeting(ines, monday(8), title="Own plans")
        suggested = await preview()
        theirs = await calendar(suggested["host"]["id"])
        by_hand = await preview(host=f"usr_{piotr.id}")
        his = await calendar(by_hand["host"]["id"])
        own = await calendar(f"usr_{ines.id}")
    assert suggested == {"host": {"id": f"usr_{olga.id}", "name": "Member 2"}, "isHostBusy": False}
    assert theirs == {
        "host": {"name": "Member 2"},
        "free": [{"startsAt": utc(8), "endsAt": utc(11)}],
        "busy": [],
    }
    assert by_hand == {"host": {"id": f"usr_{piotr.id}", "name": "Member 1"}, "isHostBusy": True}
    assert his == {
        "host": {"name": "Member 1"},
        "free": [{"startsAt": utc(8), "endsAt": utc(9)}, {"startsAt": utc(9, 30), "endsAt": utc(11)}],
        "busy": [{"startsAt": utc(9), "endsAt": utc(9, 30), "title": "Busy"}],
    }
    assert own["busy"] == [{"startsAt": utc(8), "endsAt": utc(8, 30), "title": "Own plans"}]
    assert [assigned for _, assigned, _ in await turns_of(link.rotation_id)] == [4, 0, 0]


@pytest.mark.capability("S2-47")
async def test_another_host_brings_another_calendar_and_keeps_every_way_to_meet(db: str) -> None:
    """Each kind of location that the schema knows is tried with each host, the video room included, for which both have
    an account. What is scheduled then stands in the calendar of the host chosen last, and in no other."""
    link, (ines, piotr) = await a_round_robin(2)
    await User.filter(id=piotr.id).update(time_zone="Europe/Lisbon", weekly_hours={"0": [[480, 600], [630, 900]]})
    for user in (ines, piotr):
        fields = {"account_id": user.account_id, "user": user, "kind": VideoKind.EXTENSION, "email": user.email}
        await VideoAccount.create(**fields)
    kinds = [one["name"] for one in (await answer(KINDS, viewer_for(ines)))["__type"]["enumValues"]]
    viewer, day = viewer_for(ines), {"from": "2026-11-23T00:00:00Z", "to": "2026-11-24T00:00:00Z"}
    asked = AT_TEN | {"rotation": f"rot_{link.rotation_id}"}

    async def time_of(host: User) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        (found,) = (await answer(AVAILABILITY, viewer, hosts=[f"usr_{host.id}"], **day))["hostAvailability"]
        free = [(one["startsAt"], one["endsAt"]) for one in found["free"]]
        return free, [(one["startsAt"], one["title"]) for one in found["busy"]]

    with at():
        before = [await time_of(host) for host in (ines, piotr)]
        for host, kind in product((ines, piotr), kinds):
            where = {"host": f"usr_{host.id}", "location": {"kind": kind, "text": "https://rooms.example/7"}}
            payload = (await answer(PREVIEW, viewer, input=asked | where | {"dryRun": True}))["scheduleMeeting"]
            shown = {"host": {"id": f"usr_{host.id}", "name": host.name}, "isHostBusy": False}
            assert payload == {"preview": shown, "userErrors": []}
        chosen = {"host": f"usr_{piotr.id}", "location": {"kind": "VIDEO", "text": "https://rooms.example/7"}}
        scheduled = (await answer(SCHEDULE, viewer, input=asked | chosen))["scheduleMeeting"]
        after = [await time_of(host) for host in (ines, piotr)]
    assert sorted(kinds) == ["ADDRESS", "CUSTOM", "PHONE", "VIDEO"]
    assert before == [
        ([(utc(8), utc(16))], []),
        ([(utc(8), utc(10)), (utc(10, 30), utc(15))], []),
    ]
    assert scheduled == {
        "meeting": {
            "host": {"name": piotr.name},
            "organizer": {"name": ines.name},
            "location": {"kind": "VIDEO", "text": "https://rooms.example/7"},
        },
        "userErrors": [],
    }
    assert after == [
        before[0],
        ([(utc(8), utc(9)), (utc(9, 30), utc(10)), (utc(10, 30), utc(15))], [(utc(9), "Roof plans")]),
    ]
    assert [assigned for _, assigned, _ in await turns_of(link.rotation_id)] == [0, 1]
