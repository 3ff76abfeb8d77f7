"""What the slot engine is given, read from the database."""

from __future__ import annotations

from datetime import date

from server.availability.gather import LONGEST_BUSY, Except, gather, hours_of, taken_of
from server.availability.member import Member
from server.availability.page import Page, Window
from server.booking.hold import hold_slot
from server.models import BusySpan, CalendarAccount, Hold, Meeting
from server.models.enums import BusySource, WindowKind
from tests.factories import a_busy_span, a_meeting
from tests.server.booking.scene import NOW, a_host_with_a_link, at, monday

MONDAY = date(2026, 11, 23)


async def test_gather_gives_page_and_members_as_the_engine_takes_them(db: str) -> None:
    account, host, link = await a_host_with_a_link(
        durations_minutes=[30, 60],
        increment_minutes=20,
        grid_anchor_minutes=5,
        buffer_before_minutes=5,
        buffer_after_minutes=10,
        notice_minutes=60,
        daily_limit=4,
        window_kind=WindowKind.DATE_RANGE,
        window_starts_on=MONDAY,
        window_ends_on=date(2026, 11, 27),
    )
    host.date_overrides, host.daily_limit = {"2026-11-24": [[540, 600]]}, 6
    await host.save()
    calendar = await CalendarAccount.get(user_id=host.id)
    first, last = int(monday(9).timestamp()), int(monday(9, 30).timestamp())
    with at():
        await a_meeting(host, monday(9), link=link)
        await a_meeting(host, monday(11), link=link, canceled_at=NOW)
        await a_meeting(host, monday(12), link=link, deleted_at=NOW)
        held = await hold_slot(link.slug, monday(13, 5))
        await BusySpan.create(
            account=account,
            host=host,
            source=BusySource.CALENDAR,
            starts=first + 7200,
            ends=last + 7200,
            calendar_account=calendar,
        )
        page, members = await gather(link, [host], tz="Europe/Warsaw", start=MONDAY, end=MONDAY)
        hold = await Hold.get()
    assert held.expires_at == hold.expires_at
    assert page == Page(
        kind="PERSONAL",
        tz="Europe/Warsaw",
        durations=(30, 60),
        increment=20,
        buffer_before=5,
        buffer_after=10,
        min_notice=60,
        window=Window.dates(MONDAY, date(2026, 11, 27)),
        grid_anchor=5,
        daily_limit=4,
        booked=(first,),
    )
    held_from = int(monday(13, 5).timestamp())
    assert members == [
        Member(
            id=host.id,
            tz="Europe/Warsaw",
            weekly={weekday: [(540, 1020)] for weekday in range(5)},
            overrides={date(2026, 11, 24): [(540, 600)]},
            calendar=([first + 7200], [last + 7200]),
            meetings=[(first, last, 0, 0)],
            held=[(held_from, held_from + 1800, 300, 600)],
            daily_limit=6,
        )
    ]
    assert hours_of(host).weekly == members[0].weekly


async def test_taken_leaves_out_what_the_asker_has_and_what_has_ended(db: str) -> None:
    _, host, link = await a_host_with_a_link()
    with at():
        meeting = await a_meeting(host, monday(9))
        await hold_slot(link.slug, monday(11))
        hold = await Hold.get()
        everything = (await taken_of([host.id], monday(0), monday(23), exempt=Except()))[host.id]
        mine = await taken_of([host.id], monday(0), monday(23), exempt=Except(meeting.id, hold.id))
    assert (len(everything.meetings), len(everything.held)) == (1, 1)
    assert (mine[host.id].meetings, mine[host.id].held) == ([], [])
    with at(hold.expires_at):
        later = (await taken_of([host.id], monday(0), monday(23), exempt=Except()))[host.id]
    assert (len(later.meetings), later.held) == (1, [])


async def test_taken_finds_the_longest_span_that_reaches_in(db: str) -> None:
    _, host, _ = await a_host_with_a_link()
    with at():
        meeting = await a_meeting(host, monday(9))
    starts = int((monday(9) - LONGEST_BUSY).timestamp())
    await BusySpan.all().delete()
    await a_busy_span(host, await Meeting.get(id=meeting.id), starts=starts, ends=int(monday(9).timestamp()))
    with at():
        reached = await taken_of([host.id], monday(8), monday(9), exempt=Except())
        missed = await taken_of([host.id], monday(9), monday(10), exempt=Except())
    assert (len(reached[host.id].meetings), len(missed[host.id].meetings)) == (1, 0)


async def test_nobody_is_asked_about_nobody(db: str) -> None:
    assert await taken_of([], monday(0), monday(1), exempt=Except()) == {}
