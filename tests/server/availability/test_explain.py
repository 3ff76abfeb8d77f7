from dataclasses import replace
from datetime import date

import pytest

from server.availability import Member, Page, Reason, ReasonCode, Window, explain
from tests.server.availability.moments import at

WARSAW = "Europe/Warsaw"
PAGE = Page(
    tz=WARSAW,
    durations=(30,),
    increment=30,
    min_notice=60,
    buffer_before=15,
    buffer_after=15,
    window=Window.calendar_days(5),
)
NOON = at(WARSAW, "2026-06-01 12:00")
HOST = Member(id=1, tz=WARSAW, weekly=dict.fromkeys(range(5), [(540, 1020)]))


def clock(wall: str, day: int = 2) -> int:
    return at(WARSAW, f"2026-06-{day:02} {wall}")


def why(start: int, *members: Member, page: Page = PAGE, duration: int = 30) -> list[Reason]:
    return explain(page, members or [HOST], now=NOON, start=start, duration=duration)


def test_slot_on_offer_needs_no_explanation() -> None:
    assert why(clock("10:00")) == []


@pytest.mark.parametrize(
    ("start", "reasons"),
    [
        (clock("10:10"), [Reason(ReasonCode.OFF_GRID)]),
        (clock("12:30", day=1), [Reason(ReasonCode.NOTICE, until=clock("13:00", day=1))]),
        (clock("10:00", day=8), [Reason(ReasonCode.WINDOW, until=clock("00:00", day=7))]),
        (clock("08:30"), [Reason(ReasonCode.OUTSIDE_HOURS, member=1)]),
        (clock("16:45"), [Reason(ReasonCode.OFF_GRID), Reason(ReasonCode.OUTSIDE_HOURS, member=1)]),
    ],
)
def test_reason_says_which_rule_and_until_when(start: int, reasons: list[Reason]) -> None:
    assert why(start) == reasons


def test_window_that_has_not_opened_says_when_it_does() -> None:
    page = replace(PAGE, window=Window.dates(date(2026, 6, 4), date(2026, 6, 5)))
    assert why(clock("10:00"), page=page) == [Reason(ReasonCode.WINDOW, until=clock("00:00", day=4))]


def test_busy_time_says_when_it_ends_and_a_buffer_when_it_is_over() -> None:
    busy = replace(HOST, busy=[(clock("10:00"), clock("10:40")), (clock("10:40"), clock("11:00"))])
    assert why(clock("10:30"), busy) == [Reason(ReasonCode.BUSY, until=clock("11:00"), member=1)]
    assert why(clock("11:00"), busy) == [Reason(ReasonCode.BUFFER, until=clock("11:15"), member=1)]
    assert why(clock("11:30"), busy) == []


def test_buffer_of_another_meeting_is_a_buffer() -> None:
    booked = replace(HOST, meetings=[(clock("10:00"), clock("11:00"), 0, 45 * 60)])
    assert why(clock("11:30"), booked) == [Reason(ReasonCode.BUFFER, until=clock("11:45"), member=1)]


def test_hold_is_not_called_busy() -> None:
    held = replace(HOST, held=[(clock("10:00"), clock("10:30"), 0, 0)])
    assert [reason.code for reason in why(clock("10:00"), held)] == [ReasonCode.HELD]


def test_overridden_day_is_told_from_closed_hours() -> None:
    off = replace(HOST, overrides={date(2026, 6, 2): []})
    assert why(clock("10:00"), off) == [Reason(ReasonCode.DAY_OVERRIDDEN, member=1)]
    assert why(clock("20:00", day=3), off) == [Reason(ReasonCode.OUTSIDE_HOURS, member=1)]


def test_hours_lost_with_the_night_before_are_an_overridden_day() -> None:
    overnight = replace(HOST, weekly=dict.fromkeys(range(7), [(1320, 360)]), overrides={date(2026, 6, 2): []})
    assert why(clock("05:00", day=3), overnight) == [Reason(ReasonCode.DAY_OVERRIDDEN, member=1)]


def test_daily_limits_say_when_the_next_day_begins() -> None:
    full_page = replace(PAGE, daily_limit=1, booked=[clock("16:00")])
    assert why(clock("10:00"), page=full_page) == [Reason(ReasonCode.DAILY_LIMIT, until=clock("00:00", day=3))]
    full_host = replace(HOST, daily_limit=1, meetings=[(clock("16:00"), clock("16:30"), 0, 0)])
    assert why(clock("10:00"), full_host) == [Reason(ReasonCode.DAILY_LIMIT, clock("00:00", day=3), member=1)]


def test_every_reason_that_applies_is_named() -> None:
    page = replace(PAGE, is_active=False, daily_limit=0)
    away = replace(
        HOST, is_active=False, calendar_unreachable=True, busy=[(clock("07:00", day=1), clock("09:00", day=1))]
    )
    codes = {reason.code for reason in why(clock("08:10", day=1), away, page=page, duration=45)}
    assert codes == {
        ReasonCode.LINK_INACTIVE,
        ReasonCode.DURATION_NOT_OFFERED,
        ReasonCode.OFF_GRID,
        ReasonCode.NOTICE,
        ReasonCode.DAILY_LIMIT,
        ReasonCode.MEMBER_INACTIVE,
        ReasonCode.CALENDAR_UNREACHABLE,
        ReasonCode.OUTSIDE_HOURS,
        ReasonCode.BUSY,
    }


def test_rotation_is_explained_by_its_members_only_when_none_is_free() -> None:
    page = replace(PAGE, kind="ROUND_ROBIN")
    away, busy = replace(HOST, id=2, is_active=False), replace(HOST, id=3, busy=[(clock("10:00"), clock("10:30"))])
    assert why(clock("10:00"), HOST, away, busy, page=page) == []
    assert why(clock("10:00"), away, busy, page=page) == [
        Reason(ReasonCode.MEMBER_INACTIVE, member=2),
        Reason(ReasonCode.BUSY, clock("10:30"), member=3),
    ]


def test_group_is_explained_by_whoever_is_not_free() -> None:
    busy = replace(HOST, id=3, busy=[(clock("10:00"), clock("10:30"))])
    assert why(clock("10:00"), HOST, busy, page=replace(PAGE, kind="GROUP")) == [
        Reason(ReasonCode.BUSY, clock("10:30"), member=3)
    ]


def test_page_without_members_says_that_nobody_is_there() -> None:
    assert explain(PAGE, [], now=NOON, start=clock("10:00"), duration=30) == [Reason(ReasonCode.MEMBER_INACTIVE)]


def test_reason_has_a_key_for_its_wording() -> None:
    assert Reason(ReasonCode.DAY_OVERRIDDEN).message_key == "slot.day_overridden"


def test_a_length_of_centuries_is_refused_without_looking_at_them() -> None:
    centuries = why(clock("10:00"), duration=2**31 - 1)
    assert ReasonCode.DURATION_NOT_OFFERED in [reason.code for reason in centuries]
