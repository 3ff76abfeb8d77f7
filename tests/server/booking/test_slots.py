"""The list of a page, its first slot, and the reasons against a time: one predicate with the booking."""

from __future__ import annotations

import os
import random
from datetime import UTC, date, datetime, timedelta

import pytest

from server import database
from server.booking.book import book
from server.booking.slots import LONGEST_LIST, DaySlots, Slot, explain_slot, next_available, slots_between
from server.errors import ErrorCode, Refused
from server.models import BusySpan, CalendarAccount, LinkMember, MeetingLink, User
from server.models.enums import BusySource, CalendarProvider, MeetingLinkKind, WindowKind
from tests.factories import a_meeting
from tests.server.booking.scene import (
    NOW,
    a_booking,
    a_host_with_a_link,
    a_round_robin,
    at,
    monday,
    page_of_slug,
)

MONDAY = date(2026, 11, 23)
INSTANTS = 400 if os.environ.get("PARLEY_TEST_FULL") == "1" else 40


async def starts(link: MeetingLink, day: date = MONDAY, tz: str = "UTC", minutes: int | None = None) -> list[datetime]:
    days = await slots_between(
        await page_of_slug(link.slug), start=day, end=day, duration_minutes=minutes, viewer_tz=tz
    )
    return [slot.starts_at for found in days for slot in found.slots]


async def test_slots_are_grouped_by_the_visitors_day(db: str) -> None:
    _, _, link = await a_host_with_a_link(increment_minutes=240, durations_minutes=[60])
    page = await page_of_slug(link.slug)
    with at():
        days = await slots_between(
            page, start=MONDAY, end=date(2026, 11, 24), duration_minutes=None, viewer_tz="Pacific/Kiritimati"
        )
    assert days == [DaySlots(date(2026, 11, 24), [Slot(monday(11), monday(12)), Slot(monday(15), monday(16))])]


@pytest.mark.capability("S1-23")
async def test_slots_of_a_length_that_is_not_offered_are_none(db: str) -> None:
    _, _, link = await a_host_with_a_link(durations_minutes=[30, 60])
    with at():
        assert (await starts(link))[-1] == monday(15, 30)
        assert (await starts(link, minutes=60))[-1] == monday(15)
        assert await starts(link, minutes=45) == []


async def test_slots_leave_out_what_is_taken_and_come_back_when_it_is_ignored(db: str) -> None:
    _, host, link = await a_host_with_a_link(increment_minutes=30)
    page = await page_of_slug(link.slug)
    with at():
        meeting = await a_meeting(host, monday(9))
        assert monday(9) not in await starts(link)
        days = await slots_between(
            page, start=MONDAY, end=MONDAY, duration_minutes=30, viewer_tz="UTC", ignoring_meeting=meeting.id
        )
    assert Slot(monday(9), monday(9, 30)) in days[0].slots


async def test_slots_refuse_more_than_62_days_and_a_range_that_runs_backwards(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    page = await page_of_slug(link.slug)
    for end in (MONDAY - timedelta(days=1), MONDAY + timedelta(days=LONGEST_LIST)):
        with at(), pytest.raises(Refused) as caught:
            await slots_between(page, start=MONDAY, end=end, duration_minutes=30, viewer_tz="UTC")
        assert [one.code for one in caught.value.complaints] == [ErrorCode.TIME_RANGE_INVALID]


@pytest.mark.parametrize("day", [date.min, date.max])
async def test_slots_at_the_edge_of_the_calendar_are_none(db: str, day: date) -> None:
    _, _, link = await a_host_with_a_link()
    with at():
        assert await starts(link, day) == []


async def test_slots_use_the_links_own_hours_and_keep_a_hosts_day_off(db: str) -> None:
    _, host, link = await a_host_with_a_link(weekly_hours={"0": [[600, 660]], "1": [[600, 660]]}, increment_minutes=60)
    host.date_overrides = {"2026-11-24": []}
    await host.save()
    with at():
        assert await starts(link) == [monday(9)]
        assert await starts(link, date(2026, 11, 24)) == []
        await MeetingLink.filter(id=link.id).update(date_overrides={"2026-11-24": [[720, 780]]})
        assert await starts(link, date(2026, 11, 24)) == [monday(11) + timedelta(days=1)]


async def test_slots_keep_the_last_known_busy_spans_of_a_calendar_until_it_is_silent_for_a_day(db: str) -> None:
    account, host, link = await a_host_with_a_link(increment_minutes=30)
    calendar = await CalendarAccount.create(
        account=account, user=host, provider=CalendarProvider.CALDAV, is_default=False, unreachable_since=NOW
    )
    await BusySpan.create(
        account=account,
        host=host,
        source=BusySource.CALENDAR,
        starts=int(monday(8).timestamp()),
        ends=int(monday(15).timestamp()),
        calendar_account=calendar,
    )
    with at(NOW + timedelta(hours=23)):
        assert await starts(link) == [monday(15), monday(15, 30)]
    with at(NOW + timedelta(hours=25)):
        assert await starts(link) == []
        reasons = await explain_slot(await page_of_slug(link.slug), monday(15))
    assert [reason.code for reason in reasons] == ["CALENDAR_UNREACHABLE"]


async def test_slots_of_a_long_absence_are_none(db: str) -> None:
    account, host, link = await a_host_with_a_link()
    calendar = await CalendarAccount.get(user_id=host.id)
    first = int((monday(0) - timedelta(days=60)).timestamp())
    await BusySpan.create(
        account=account,
        host=host,
        source=BusySource.CALENDAR,
        starts=first,
        ends=first + 62 * 86_400,
        calendar_account=calendar,
    )
    with at():
        assert await starts(link) == []


async def test_next_available_looks_as_far_as_the_window_reaches(db: str) -> None:
    _, host, link = await a_host_with_a_link(
        window_kind=WindowKind.DATE_RANGE, window_starts_on=date(2027, 4, 1), window_ends_on=date(2027, 4, 30)
    )
    page = await page_of_slug(link.slug)
    with at():
        found = await next_available(page, duration_minutes=None, viewer_tz="UTC")
        assert found == Slot(datetime(2027, 4, 1, 7, tzinfo=UTC), datetime(2027, 4, 1, 7, 30, tzinfo=UTC))
        host.weekly_hours = {}
        await host.save()
        assert await next_available(await page_of_slug(link.slug), duration_minutes=None, viewer_tz="UTC") is None


async def test_slots_of_a_closed_page_are_none(db: str) -> None:
    _, _, link = await a_host_with_a_link(is_active=False)
    page = await page_of_slug(link.slug)
    with at():
        assert await starts(link) == []
        assert [reason.code for reason in await explain_slot(page, monday(9))] == ["LINK_INACTIVE"]


async def test_slots_ask_as_many_statements_for_thirty_hosts_as_for_one(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    fetch = database.fetch

    async def counted(sql: str, *parameters: object) -> object:
        asked.append(sql)
        return await fetch(sql, *parameters)

    monkeypatch.setattr(database, "fetch", counted)
    numbers = []
    for count in (1, 30):
        link, _ = await a_round_robin(count)
        asked.clear()
        with at():
            assert await starts(link)
        numbers.append(len(asked))
    assert numbers == [3, 3]


@pytest.mark.parametrize("kind", list(MeetingLinkKind))
async def test_offered_explained_and_booked_agree(db: str, kind: MeetingLinkKind) -> None:
    dice = random.Random(f"{kind} {db.split(':')[0]}")
    link, hosts = await _a_busy_page(kind, dice)
    with at():
        for number in range(INSTANTS):
            start = NOW + timedelta(minutes=5 * dice.randrange(12 * 24 * 6))
            minutes = dice.choice([15, 30, 45])
            page = await page_of_slug(link.slug)
            is_offered = start in await starts(link, start.date(), minutes=minutes)
            reasons = await explain_slot(page, start, duration_minutes=minutes)
            booked = await _is_booked(link, start, minutes, number)
            assert (is_offered, not reasons) == (booked, booked), (start, minutes, reasons)
    assert len(hosts) >= 1


async def _a_busy_page(kind: MeetingLinkKind, dice: random.Random) -> tuple[MeetingLink, list[object]]:
    link, users = await a_round_robin(
        3,
        durations_minutes=[15, 30],
        notice_minutes=120,
        buffer_before_minutes=10,
        buffer_after_minutes=5,
        window_days=5,
        daily_limit=12,
    )
    for position, user in enumerate(users):
        await LinkMember.create(link=link, user=user, position=position)
        for half_hours in dice.sample(range(96), 6):
            await a_meeting(user, monday(8) + timedelta(minutes=half_hours * 30), dice.choice([10, 25]))
    await MeetingLink.filter(id=link.id).update(kind=kind, owner_id=users[0].id)
    await User.filter(id=users[1].id).update(daily_limit=4, time_zone="Asia/Taipei")
    return await MeetingLink.get(id=link.id), list(users)


async def _is_booked(link: MeetingLink, start: datetime, minutes: int, number: int) -> bool:
    try:
        await book(a_booking(link, start, duration_minutes=minutes, email=f"v{number}@client.example"))
    except Refused as refused:
        codes = {one.code for one in refused.complaints}
        assert codes <= {ErrorCode.SLOT_TAKEN, ErrorCode.SLOT_NOT_OFFERED, ErrorCode.TIME_IN_PAST}
        return False
    return True


async def test_next_available_forgets_a_window_of_dates_that_holds_no_more(db: str) -> None:
    _, _, link = await a_host_with_a_link(window_starts_on=date(2029, 4, 1), window_ends_on=date(2029, 4, 30))
    with at():
        found = await next_available(await page_of_slug(link.slug), duration_minutes=None, viewer_tz="UTC")
    assert found is not None
    assert found.starts_at == datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
