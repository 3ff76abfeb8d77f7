"""A slot kept while a form is filled in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.booking.book import SlotTaken, book
from server.booking.hold import FORGOTTEN_AFTER, KEPT_FOR, forget_ended_holds, hold_slot, release_hold
from server.booking.slots import explain_slot
from server.changes.data_version import data_version
from server.errors import ErrorCode, Refused
from server.models import BusySpan, Hold, Meeting
from tests.factories import a_link, a_user
from tests.server.booking.scene import (
    NOW,
    a_booking,
    a_host_with_a_link,
    a_round_robin,
    at,
    counts,
    monday,
    page_of_slug,
)


async def test_hold_is_busy_to_others_and_not_to_its_holder(db: str) -> None:
    _, host, link = await a_host_with_a_link()
    with at():
        held = await hold_slot(link.slug, monday(9))
        assert held.expires_at == NOW + KEPT_FOR
        with pytest.raises(SlotTaken):
            await book(a_booking(link, email="second@client.example"))
        with pytest.raises(SlotTaken):
            await hold_slot(link.slug, monday(9, 15))
        booked = await book(a_booking(link, hold_token=held.token))
    assert await BusySpan.all().values_list("host_id", "meeting_id", "hold_id") == [(host.id, booked.meeting_id, None)]
    assert (await Hold.get()).released_at is not None


async def test_hold_ends_by_the_clock_within_a_second(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    with at():
        held = await hold_slot(link.slug, monday(9))
        page = await page_of_slug(link.slug)
    with at(held.expires_at - timedelta(seconds=1)):
        assert [reason.code for reason in await explain_slot(page, monday(9))] == ["HELD"]
    with at(held.expires_at):
        assert await explain_slot(page, monday(9)) == []
        await book(a_booking(link, email="second@client.example"))
        with pytest.raises(SlotTaken) as caught:
            await book(a_booking(link, hold_token=held.token))
    assert [one.code for one in caught.value.complaints] == [ErrorCode.HOLD_EXPIRED]
    assert caught.value.alternatives[0].starts_at == monday(8, 15)


async def test_hold_that_has_expired_still_books_a_time_that_is_free(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    with at():
        held = await hold_slot(link.slug, monday(9))
    with at(held.expires_at):
        await book(a_booking(link, hold_token=held.token))
    assert await Meeting.all().count() == 1


async def test_hold_outlives_the_notice(db: str) -> None:
    _, _, link = await a_host_with_a_link(notice_minutes=240)
    with at(monday(9) - timedelta(minutes=240)):
        held = await hold_slot(link.slug, monday(9))
    with at(monday(9) - timedelta(minutes=235)):
        with pytest.raises(Refused):
            await book(a_booking(link, monday(9)))
        await book(a_booking(link, monday(9), hold_token=held.token))
    assert await Meeting.all().count() == 1


async def test_hold_does_not_outlive_the_start(db: str) -> None:
    _, _, link = await a_host_with_a_link(notice_minutes=0)
    with at(monday(9) - timedelta(minutes=5)):
        held = await hold_slot(link.slug, monday(9))
    with at(monday(9) + timedelta(minutes=1)), pytest.raises(Refused) as caught:
        await book(a_booking(link, monday(9), hold_token=held.token))
    assert [one.code for one in caught.value.complaints] == [ErrorCode.TIME_IN_PAST]
    assert await Meeting.all().count() == 0


async def test_hold_keeps_its_own_slot_and_stays_where_it_is_brought_for_another(db: str) -> None:
    account, _, link = await a_host_with_a_link(durations_minutes=[30, 60])
    other = await a_link(await a_user(account, "Piotr Zima"))
    with at():
        held = await hold_slot(link.slug, monday(9))
        for minutes, starts_at in ((60, monday(9)), (30, monday(9, 15))):
            with pytest.raises(SlotTaken):
                await book(a_booking(link, starts_at, duration_minutes=minutes, hold_token=held.token))
        await book(a_booking(other, hold_token=held.token))
        assert (await Hold.get()).released_at is None
        await book(a_booking(link, hold_token=held.token))


async def test_hold_keeps_clear_what_the_meeting_would(db: str) -> None:
    _, _, link = await a_host_with_a_link(buffer_before_minutes=10, buffer_after_minutes=15)
    with at():
        await hold_slot(link.slug, monday(9))
    assert await BusySpan.all().values_list("buffer_before", "buffer_after") == [(600, 900)]


async def test_release_hold_frees_the_slot_once(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    with at():
        held, version = await hold_slot(link.slug, monday(9)), await data_version(link.account_id)
        assert [await release_hold(held.token), await release_hold(held.token)] == [True, False]
        assert await data_version(link.account_id) == version + 1
        await book(a_booking(link))
        held = await hold_slot(link.slug, monday(12))
    with at(held.expires_at):
        assert [await release_hold(held.token), await release_hold("unknown")] == [False, False]


async def test_hold_on_a_round_robin_page_keeps_one_host(db: str) -> None:
    link, users = await a_round_robin(2)
    with at():
        first = await hold_slot(link.slug, monday(9))
        second = await hold_slot(link.slug, monday(9))
        with pytest.raises(SlotTaken):
            await hold_slot(link.slug, monday(9))
        hosts = []
        for held, email in ((second, "b@client.example"), (first, "a@client.example")):
            booked = await book(a_booking(link, email=email, hold_token=held.token))
            hosts.append((await Meeting.get(id=booked.meeting_id)).host_id)
    assert sorted(hosts) == [user.id for user in users]


async def test_hold_refuses_what_is_not_offered_and_writes_nothing(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    with at():
        before = await counts()
        codes = []
        for slug, starts_at in (("nobody", monday(9)), (link.slug, monday(3)), (link.slug, NOW - timedelta(hours=1))):
            with pytest.raises(Refused) as caught:
                await hold_slot(slug, starts_at)
            codes.append(caught.value.complaints[0].code)
        assert await counts() == before
    assert codes == [ErrorCode.LINK_NOT_FOUND, ErrorCode.SLOT_NOT_OFFERED, ErrorCode.TIME_IN_PAST]


async def test_hold_sweeps_away_the_spans_of_expired_ones(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    with at():
        held = await hold_slot(link.slug, monday(9))
    with at(held.expires_at):
        await hold_slot(link.slug, monday(12))
    assert await BusySpan.all().values_list("starts", flat=True) == [int(monday(12).timestamp())]


async def test_holds_that_ended_a_day_ago_are_forgotten_with_their_spans(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    with at():
        held = await hold_slot(link.slug, monday(9))
    with at(held.expires_at + FORGOTTEN_AFTER):
        assert await forget_ended_holds() == 0
    with at(held.expires_at + FORGOTTEN_AFTER + timedelta(seconds=1)):
        assert await forget_ended_holds() > 0
    assert (await Hold.all().count(), await BusySpan.all().count()) == (0, 0)
