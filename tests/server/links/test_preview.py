"""Looking at a page that is switched off."""

from __future__ import annotations

import pytest

from server.links.preview import preview_token, previewed
from server.models import MeetingLink
from tests.server.booking.scene import a_host_with_a_link, page_of_slug


@pytest.mark.capability("S1-21")
async def test_a_page_is_shown_as_if_it_were_on_to_whoever_has_its_token(db: str) -> None:
    _, _, link = await a_host_with_a_link(is_active=False)
    page = await page_of_slug(link.slug)
    shown = previewed(page, preview_token(link.id))
    assert shown is not None
    assert (shown.is_open, shown.link.is_active) == (True, True)
    assert (page.is_open, page.link.is_active) == (False, False)
    assert (await MeetingLink.get(id=link.id)).is_active is False


async def test_a_page_is_shown_to_nobody_with_another_token(db: str) -> None:
    _, _, link = await a_host_with_a_link(is_active=False)
    page = await page_of_slug(link.slug)
    tokens = ["", preview_token(link.id + 1), preview_token(link.id)[:-1], "\u00e9"]
    assert [previewed(page, one) for one in tokens] == [None] * 4
