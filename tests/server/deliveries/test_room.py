from __future__ import annotations

from server.deliveries.room import AT_ONCE, MOST_OF_A_SORT, MOST_OF_A_WEBHOOK, Room
from server.models import Job
from server.models.enums import JobKind


def _jobs(kind: JobKind, number: int, lane: str = "") -> list[Job]:
    return [Job(kind=kind, lane=lane or f"lane:{one}") for one in range(number)]


def test_empty_room_takes_everything() -> None:
    room = Room([])
    assert (room.left, room.full_kinds(), room.full_lanes()) == (AT_ONCE, [], [])


def test_mails_of_every_kind_share_one_way_out() -> None:
    room = Room(_jobs(JobKind.CONFIRMATION_MAIL, MOST_OF_A_SORT["MAIL"] - 1) + _jobs(JobKind.REMINDER_MAIL, 1))
    others = {JobKind.WEBHOOK, JobKind.PUSH, JobKind.CHECKOUT_END, JobKind.REFUND, JobKind.VIDEO_ROOM}
    assert set(room.full_kinds()) == set(JobKind) - others
    assert not room.has_place_for(Job(kind=JobKind.HOST_NOTICE_MAIL))
    assert room.has_place_for(Job(kind=JobKind.WEBHOOK))


def test_webhook_that_is_slow_leaves_room_for_the_others() -> None:
    room = Room(_jobs(JobKind.WEBHOOK, MOST_OF_A_WEBHOOK, "webhook:7"))
    assert (room.full_kinds(), room.full_lanes()) == ([], ["WEBHOOK:webhook:7"])
    assert not room.has_place_for(Job(kind=JobKind.WEBHOOK, lane="webhook:7"))
    assert room.has_place_for(Job(kind=JobKind.WEBHOOK, lane="webhook:8"))


def test_all_sorts_together_fill_the_room_exactly() -> None:
    assert sum(MOST_OF_A_SORT.values()) == AT_ONCE
