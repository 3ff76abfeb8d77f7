"""Whoever is quickest wins, everybody else is told so, and no host is ever taken twice."""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from server import database
from server.booking.book import book
from server.models import Change, LinkMember, Meeting, MeetingLink, User
from server.models.enums import MeetingLinkKind
from tests.factories import a_link, a_user
from tests.races.processes import race
from tests.server.booking.scene import a_booking, a_host_with_a_link, a_round_robin, at, counts, monday

_OVERLAPS = """
    SELECT COUNT(*) FROM busy_span a JOIN busy_span b ON a.host_id = b.host_id AND a.id < b.id
    WHERE a.starts < b.ends AND b.starts < a.ends
"""


def an_attempt(link: MeetingLink, number: int, starts_at: datetime, minutes: int | None = None) -> dict[str, Any]:
    return {
        "act": "book",
        "slug": link.slug,
        "starts_at": starts_at.isoformat(),
        "minutes": minutes,
        "email": f"racer{number}@client.example",
    }


def kinds(answers: list[str]) -> Counter[str]:
    return Counter(answer.split(" ")[0] if answer.split(" ")[-1].isdigit() else answer for answer in answers)


async def assert_sound() -> None:
    """No host is taken twice, and the log has every change once and in order."""
    row = await database.fetch_one(_OVERLAPS)
    assert row is not None
    assert row[0] == 0
    numbers = list(await Change.all().order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


async def test_two_hundred_attempts_at_one_slot_make_one_meeting(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    answers = await race([an_attempt(link, number, monday(9)) for number in range(200)])
    assert kinds(answers) == {"booked": 1, "SLOT_TAKEN": 199}
    found = await counts()
    assert (found["meeting"], found["contact"], found["change"], found["job"]) == (1, 1, 1, 2)
    await assert_sound()


async def test_every_slot_is_won_once_however_many_try(db: str) -> None:
    """With `PARLEY_TEST_FULL=1` ten thousand attempts for a hundred slots, by 64 clients of two processes."""
    attempts, slots = (10_000, 100) if os.environ.get("PARLEY_TEST_FULL") == "1" else (300, 20)
    _, _, link = await a_host_with_a_link()
    days = [monday(8) + timedelta(days=day) for day in (0, 1, 2, 3, 4, 7, 8)]
    starts = [day + timedelta(minutes=30 * number) for day in days for number in range(16)][:slots]
    acts = [an_attempt(link, number, starts[number % slots]) for number in range(attempts)]
    random.Random(7).shuffle(acts)
    answers = await race(acts, clients=64)
    assert kinds(answers) == {"booked": slots, "SLOT_TAKEN": attempts - slots}
    assert sorted(await Meeting.all().values_list("starts_at", flat=True)) == starts
    await assert_sound()


async def test_overlapping_starts_of_different_lengths_never_overlap_once_booked(db: str) -> None:
    _, _, link = await a_host_with_a_link(durations_minutes=[15, 30, 60])
    acts = [
        an_attempt(link, number, monday(9) + timedelta(minutes=15 * (number % 8)), (15, 30, 60)[number % 3])
        for number in range(60)
    ]
    answers = kinds(await race(acts))
    assert set(answers) == {"booked", "SLOT_TAKEN"}
    assert answers["booked"] == await Meeting.all().count() >= 2
    await assert_sound()


async def test_a_move_and_a_booking_do_not_both_get_the_slot(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    with at():
        tokens = [(await book(a_booking(link, monday(8 + hour)))).manage_token for hour in range(4)]
    moves = [{"act": "move", "token": token, "starts_at": monday(14).isoformat()} for token in tokens]
    answers = await race([*moves, *(an_attempt(link, number, monday(14)) for number in range(20))])
    assert set(kinds(answers)) <= {"moved", "booked", "SLOT_TAKEN"}
    assert sum(answer.startswith(("moved", "booked")) for answer in answers) == 1
    assert await Meeting.filter(starts_at=monday(14)).count() == 1
    await assert_sound()


async def test_a_meeting_that_is_moved_and_canceled_at_once_ends_canceled_or_where_it_was_moved(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    with at():
        booked = [await book(a_booking(link, monday(8) + timedelta(minutes=30 * number))) for number in range(6)]
    acts: list[dict[str, Any]] = []
    for number, one in enumerate(booked):
        to = monday(12) + timedelta(minutes=30 * number)
        acts.append({"act": "move", "token": one.manage_token, "starts_at": to.isoformat()})
        acts.append({"act": "cancel", "token": one.manage_token})
    answers = await race(acts)
    assert kinds(answers)["canceled"] == 6
    assert set(kinds(answers)) <= {"moved", "canceled", "CONFLICT"}
    assert (await counts())["busy_span"] == 0
    await assert_sound()


async def test_a_group_and_a_members_own_page_do_not_both_get_the_member(db: str) -> None:
    account, host, group = await a_host_with_a_link(kind=MeetingLinkKind.GROUP)
    colleague = await a_user(account, "Piotr Zima")
    for position, user in enumerate((host, colleague)):
        await LinkMember.create(link=group, user=user, position=position)
    own = await a_link(colleague)
    acts = [an_attempt((group, own)[number % 4 // 2], number, monday(9)) for number in range(60)]
    assert kinds(await race(acts)) == {"booked": 1, "SLOT_TAKEN": 59}
    await assert_sound()


async def test_a_rotation_gives_a_slot_once_to_every_member(db: str) -> None:
    link, users = await a_round_robin(3)
    answers = await race([an_attempt(link, number, monday(9)) for number in range(40)])
    assert kinds(answers) == {"booked": 3, "SLOT_TAKEN": 37}
    assert sorted(await Meeting.all().values_list("host_id", flat=True)) == [user.id for user in users]
    assert (await counts())["assigned"] == 3
    await assert_sound()


@pytest.mark.parametrize("whose", ["host", "page"])
async def test_a_daily_limit_holds_however_many_try(db: str, whose: str) -> None:
    _, host, link = await a_host_with_a_link(daily_limit=5 if whose == "page" else None)
    await User.filter(id=host.id).update(daily_limit=5 if whose == "host" else None)
    starts = [monday(8) + timedelta(minutes=30 * (number % 16)) for number in range(64)]
    answers = await race([an_attempt(link, number, start) for number, start in enumerate(starts)])
    assert kinds(answers) == {"booked": 5, "SLOT_TAKEN": 59}
    await assert_sound()


async def test_a_hold_and_a_booking_do_not_both_get_the_slot(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    holds = [{"act": "hold", "slug": link.slug, "starts_at": monday(9).isoformat()} for _ in range(10)]
    answers = await race([*holds, *(an_attempt(link, number, monday(9)) for number in range(10))])
    assert sum(answer != "SLOT_TAKEN" for answer in answers) == 1
    await assert_sound()


async def test_one_visitor_who_books_many_times_at_once_becomes_one_contact(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    acts = [{**an_attempt(link, 0, monday(8) + timedelta(minutes=30 * number))} for number in range(12)]
    assert kinds(await race(acts)) == {"booked": 12}
    assert (await counts())["contact"] == 1
    await assert_sound()
