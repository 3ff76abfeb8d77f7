"""A slug belongs to one link for ever, whatever is done with links."""

from __future__ import annotations

import random
import string
from collections.abc import Awaitable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import ids
from server.accounts.viewer import Viewer
from server.errors import ErrorCode, Refused
from server.links.edit import NewLink, create_link, duplicate_link, edit_link, restore_link, retire_link
from server.links.pages import link_of
from server.links.settings import LinkSettings
from server.models import MeetingLink
from tests.factories import a_user, an_account
from tests.server.meetings.scene import viewer_of

SLUGS = ("intro", "demo", "roof", "wall")
STEPS = 60


class Book:
    """What ought to be true: whose each slug is, and which one is the present one of each link."""

    def __init__(self) -> None:
        self.owner_of: dict[str, int] = {}
        self.present: dict[int, str] = {}
        self.retired: set[int] = set()

    def takes(self, link: int, slug: str) -> None:
        self.owner_of[slug], self.present[link] = link, slug

    def may_have(self, link: int | None, slug: str) -> bool:
        return self.owner_of.get(slug) in (None, link)


@pytest.mark.capability("S1-03", "S1-44")
@pytest.mark.parametrize("seed", [1, 2])
async def test_an_address_leads_to_its_link_whatever_was_done_since(db: str, seed: int) -> None:
    dice, book = random.Random(seed), Book()
    viewer = viewer_of(await a_user(await an_account()))
    for _ in range(STEPS):
        await _some_step(viewer, dice, book)
    for slug, link_id in book.owner_of.items():
        found = await link_of(slug)
        if link_id in book.retired:
            assert found is None
        else:
            assert found is not None
            assert (found.id, found.slug) == (link_id, book.present[link_id])
    assert dict(await MeetingLink.all().values_list("id", "slug")) == book.present


async def _some_step(viewer: Viewer, dice: random.Random, book: Book) -> None:
    slug, known = dice.choice(SLUGS), sorted(book.present)
    link = dice.choice(known) if known else None
    step = dice.choice(["create", "edit", "edit", "edit", "retire", "restore", "duplicate"])
    if step == "create" or link is None:
        if await _is_done(create_link(viewer, NewLink(LinkSettings(name="x", slug=slug))), book.may_have(None, slug)):
            book.takes(await _newest(), slug)
    elif step == "edit":
        may = book.may_have(link, slug) and link not in book.retired
        if await _is_done(edit_link(viewer, link, LinkSettings(slug=slug)), may):
            book.takes(link, slug)
    elif step == "retire":
        if await _is_done(retire_link(viewer, link), link not in book.retired):
            book.retired.add(link)
    elif step == "restore":
        await restore_link(viewer, link)
        book.retired.discard(link)
    elif await _is_done(duplicate_link(viewer, link), link not in book.retired):
        copy = await MeetingLink.get(id=await _newest())
        assert copy.slug not in book.owner_of
        book.takes(copy.id, copy.slug)


async def _is_done(act: Awaitable[object], expected: bool) -> bool:
    """Whether the act was done; it has to be as expected."""
    codes: set[ErrorCode] = set()
    try:
        await act
    except Refused as refused:
        codes = {one.code for one in refused.complaints}
    assert codes <= {ErrorCode.CONFLICT, ErrorCode.NOT_FOUND}
    assert (not codes) == expected
    return expected


async def _newest() -> int:
    return max(await MeetingLink.all().values_list("id", flat=True))


@given(st.text(string.ascii_letters + "ąßżø 王-_.é@/?#", max_size=120))
def test_whatever_is_made_of_a_name_is_a_slug_or_nothing(name: str) -> None:
    made = ids.slug_from(name)[:80]
    assert made == "" or ids.is_slug(made)
