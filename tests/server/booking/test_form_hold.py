"""The hold of a form: one at a time, renewed, found again by its key."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.booking.book import SlotTaken, book
from server.booking.form_hold import form_hold, form_hold_token, hold_for_form
from server.booking.hold import KEPT_FOR
from server.booking.slots import explain_slot
from server.changes.data_version import data_version
from server.errors import ErrorCode, Refused
from server.models import BusySpan, Hold, MeetingLink
from tests.server.booking.scene import NOW, a_booking, a_host_with_a_link, at, monday, page_of_slug

KEY = "a-key-of-one-form"


async def test_form_hold_is_renewed_under_the_same_key(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    page = await page_of_slug(link.slug)
    with at():
        first = await hold_for_form(page, KEY, monday(9), 30)
    assert await data_version(link.account_id) == 1
    with at(NOW + timedelta(minutes=9)):
        again = await hold_for_form(page, KEY, monday(9), 30)
    assert (again.token, again.expires_at) == (first.token, NOW + timedelta(minutes=9) + KEPT_FOR)
    assert await Hold.all().count() == 1
    assert await BusySpan.all().count() == 1


async def test_form_hold_moves_to_the_time_that_was_chosen_instead(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    page = await page_of_slug(link.slug)
    with at():
        await hold_for_form(page, KEY, monday(9), 30)
        await hold_for_form(page, KEY, monday(9, 15), 30)
        assert await explain_slot(page, monday(8, 30)) == []
        own = await form_hold(page, KEY)
    assert own is not None
    assert own.starts_at == monday(9, 15)
    assert await Hold.all().count() == 1


async def test_form_hold_keeps_others_out_and_books_for_its_form(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    page = await page_of_slug(link.slug)
    with at():
        await hold_for_form(page, KEY, monday(9), 30)
        with pytest.raises(SlotTaken):
            await hold_for_form(page, "another-form", monday(9), 30)
        assert await form_hold(page, "another-form") is None
        await book(a_booking(link, hold_token=form_hold_token(page, KEY)))
        assert await form_hold(page, KEY) is None


async def test_form_hold_that_ended_is_taken_up_again_while_the_time_is_free(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    page = await page_of_slug(link.slug)
    with at():
        await hold_for_form(page, KEY, monday(9), 30)
    with at(NOW + KEPT_FOR):
        assert await form_hold(page, KEY) is None
        await hold_for_form(page, KEY, monday(9), 30)
        assert await form_hold(page, KEY) is not None
    with at(NOW + 3 * KEPT_FOR):
        await book(a_booking(link))
        with pytest.raises(SlotTaken):
            await hold_for_form(page, KEY, monday(9), 30)


async def test_form_hold_is_refused_without_a_key_and_on_a_closed_page(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    page = await page_of_slug(link.slug)
    with at(), pytest.raises(Refused) as no_key:
        await hold_for_form(page, "", monday(9), 30)
    await MeetingLink.filter(id=link.id).update(is_active=False)
    with at(), pytest.raises(Refused) as closed:
        await hold_for_form(await page_of_slug(link.slug), KEY, monday(9), 30)
    assert [one.complaints[0].code for one in (no_key.value, closed.value)] == [
        ErrorCode.HOLD_EXPIRED,
        ErrorCode.LINK_INACTIVE,
    ]
    assert not await Hold.exists()
