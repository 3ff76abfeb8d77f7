"""What is kept of calendars is what would be read; a booking never goes by it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

import pytest

from server import database
from server.availability.gather import Except, gather, taken_of
from server.availability.intervals import Edges
from server.availability.kept_calendars import Kept, KeptCalendars
from server.booking.book import SlotTaken, book
from server.booking.hold import hold_slot
from server.booking.slots import explain_slot, slots_between
from server.changes.data_version import data_version, raise_data_version
from server.models import BusySpan, CalendarAccount, MeetingLink, User
from server.models.enums import BusySource
from tests.server.booking.scene import NOW, a_booking, a_host_with_a_link, a_round_robin, at, monday, page_of_slug

MONDAY = date(2026, 11, 23)
SEEN: Edges = ([100], [200])


async def an_entry(host: User, starts_at: datetime, minutes: int = 30) -> BusySpan:
    """An entry of the host's calendar, written by somebody who tells nobody."""
    calendar = await CalendarAccount.get(user_id=host.id)
    starts = int(starts_at.timestamp())
    return await BusySpan.create(
        account_id=host.account_id,
        host=host,
        source=BusySource.CALENDAR,
        starts=starts,
        ends=starts + minutes * 60,
        calendar_account=calendar,
    )


async def told(account_id: int) -> None:
    """The account's data count as changed, as whoever writes entries has to say."""
    async with database.transaction():
        await raise_data_version(account_id)


async def starts(link: MeetingLink, start: date = MONDAY, end: date = MONDAY) -> list[datetime]:
    days = await slots_between(
        await page_of_slug(link.slug), start=start, end=end, duration_minutes=30, viewer_tz="UTC"
    )
    return [slot.starts_at for day in days for slot in day.slots]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that ask for calendars, from now on."""
    sent: list[str] = []
    fetch = database.fetch

    async def noted(sql: str, *parameters: object) -> object:
        sent.extend([sql] if "source = 'CALENDAR'" in sql else [])
        return await fetch(sql, *parameters)

    monkeypatch.setattr(database, "fetch", noted)
    return sent


async def test_a_page_that_is_opened_again_and_its_other_weeks_are_not_read_again(db: str, asked: list[str]) -> None:
    link, users = await a_round_robin(3)
    with at():
        await an_entry(users[0], monday(9))
        month = await starts(link, MONDAY, MONDAY + timedelta(days=30))
        assert await starts(link, MONDAY, MONDAY + timedelta(days=30)) == month
        week = await starts(link, MONDAY + timedelta(days=7), MONDAY + timedelta(days=13))
        assert week == [
            one for one in month if monday(0, 0) + timedelta(days=7) <= one < monday(0) + timedelta(days=14)
        ]
        assert len(asked) == 1
        await starts(link, MONDAY, MONDAY + timedelta(days=31))
    assert len(asked) == 2


async def test_a_new_version_of_the_data_is_read_anew(db: str, asked: list[str]) -> None:
    account, host, link = await a_host_with_a_link(increment_minutes=30)
    with at():
        assert monday(9) in await starts(link)
        await an_entry(host, monday(9))
        await told(account.id)
        assert monday(9) not in await starts(link)
        await hold_slot(link.slug, monday(11))
        asked.clear()
        assert not {monday(9), monday(11)} & set(await starts(link))
    assert len(asked) == 1


async def test_meetings_and_holds_and_their_end_are_never_kept(db: str) -> None:
    account, host, link = await a_host_with_a_link(increment_minutes=30)
    with at():
        version = await data_version(account.id)
        await starts(link)
        held = await hold_slot(link.slug, monday(9))
        await database.execute("UPDATE account SET data_version = $1 WHERE id = $2", version, account.id)
        assert monday(9) not in await starts(link)
    with at(held.expires_at):
        assert monday(9) in await starts(link)


@pytest.mark.parametrize("is_kept", [True, False])
async def test_a_booking_goes_by_what_is_there_whatever_the_list_said(db: str, is_kept: bool) -> None:
    """An entry of which nobody told the server is missing from a list that is kept. It is booked over by nobody."""
    _, host, link = await a_host_with_a_link(increment_minutes=30)
    with at():
        if is_kept:
            await starts(link)
        await an_entry(host, monday(9))
        assert (monday(9) in await starts(link)) is is_kept
        with pytest.raises(SlotTaken):
            await hold_slot(link.slug, monday(9))
        with pytest.raises(SlotTaken):
            await book(a_booking(link, monday(9)))


async def test_inside_a_transaction_nothing_is_kept_and_nothing_kept_is_used(db: str, asked: list[str]) -> None:
    _, host, link = await a_host_with_a_link()
    page = await page_of_slug(link.slug)
    with at():
        await starts(link)
        try:
            async with database.transaction():
                await an_entry(host, monday(9))
                assert [one.code for one in await explain_slot(page, monday(9))] == ["BUSY"]
                raise ZeroDivisionError
        except ZeroDivisionError:
            assert await explain_slot(page, monday(9)) == []
    assert len(asked) == 2


async def test_what_is_kept_is_what_would_be_read(db: str) -> None:
    """Two hundred questions about random days, with entries that come and go in between."""
    dice = Random(db.partition(":")[0])
    link, hosts = await a_round_robin(3)
    entries: list[BusySpan] = []
    for _ in range(200):
        with at():
            if dice.random() < 0.2:
                entries.append(await an_entry(dice.choice(hosts), NOW + timedelta(hours=dice.randrange(900)), 300))
                await told(link.account_id)
            if entries and dice.random() < 0.1:
                await entries.pop(dice.randrange(len(entries))).delete()
                await told(link.account_id)
            first = MONDAY + timedelta(days=dice.randrange(30))
            asked = {"tz": "Europe/Warsaw", "start": first, "end": first + timedelta(days=dice.randrange(20))}
            version = await data_version(link.account_id)
            some = dice.sample(hosts, dice.randint(1, 3))
            kept = await gather(link, some, **asked, version=version)
            anew = await gather(link, some, **asked)
            assert [_within(one.calendar, asked["start"], asked["end"]) for one in kept[1]] == [
                _within(one.calendar, asked["start"], asked["end"]) for one in anew[1]
            ]


def _within(spans: Edges, first: date, last: date) -> list[tuple[int, int]]:
    """The spans that any zone's clock could read on one of the dates."""
    begin = int(datetime(first.year, first.month, first.day, tzinfo=NOW.tzinfo).timestamp()) - 86_400
    end = begin + ((last - first).days + 3) * 86_400
    return [(start, stop) for start, stop in zip(*spans, strict=True) if start < end and stop > begin]


async def test_a_host_of_whom_nothing_is_known_is_read_with_the_others_who_are(db: str, asked: list[str]) -> None:
    account, ines, _ = await a_host_with_a_link()
    link, (piotr, _) = await a_round_robin(2)
    with at():
        await an_entry(ines, monday(9))
        await an_entry(piotr, monday(10))
        for hosts in ([ines.id], [piotr.id, ines.id], [ines.id, piotr.id]):
            taken = await taken_of(hosts, monday(0), monday(23), exempt=Except(), version=0)
    assert {host: len(what.calendar[0]) for host, what in taken.items()} == {ines.id: 1, piotr.id: 1}
    assert len(asked) == 2
    assert account.id != link.account_id


def test_what_is_kept_has_a_bound_and_who_was_asked_for_last_stays() -> None:
    kept = KeptCalendars(most_spans=2)
    kept.keep(1, Kept(5, 0, 1000, SEEN))
    kept.keep(2, Kept(5, 0, 1000, SEEN))
    assert kept.found([1], version=5, first=0, last=1000) == {1: SEEN}
    kept.keep(3, Kept(5, 0, 1000, SEEN))
    assert kept.found([1, 2, 3], version=5, first=10, last=20) == {1: SEEN, 3: SEEN}
    kept.keep(3, Kept(6, 0, 1000, ([], [])))
    kept.keep(4, Kept(6, 0, 1000, SEEN))
    assert kept.found([1, 3, 4], version=6, first=0, last=1000) == {3: ([], []), 4: SEEN}


@pytest.mark.parametrize(("version", "first", "last"), [(4, 0, 1000), (6, 0, 1000), (5, -1, 1000), (5, 0, 1001)])
def test_another_version_and_a_wider_range_are_not_known(version: int, first: int, last: int) -> None:
    kept = KeptCalendars()
    kept.keep(1, Kept(5, 0, 1000, SEEN))
    assert kept.found([1], version=version, first=first, last=last) == {}
