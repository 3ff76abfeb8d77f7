"""What a page is called, and what a slug leads to."""

import pytest

from server.links.pages import scheduling_page_of
from server.models.enums import MeetingLinkKind
from tests.factories import a_link, a_user, an_account


@pytest.mark.parametrize(
    ("title", "kind", "shown"),
    [
        ("Product walkthrough", MeetingLinkKind.PERSONAL, "Product walkthrough"),
        ("Call with {host}", MeetingLinkKind.PERSONAL, "Call with Ines Marek"),
        ("Call with {host}", MeetingLinkKind.ROUND_ROBIN, "Intro call"),
        ("{contact} and {host}", MeetingLinkKind.PERSONAL, "Intro call"),
    ],
)
async def test_title_of_a_page_has_no_gaps_to_fill(db: str, title: str, kind: MeetingLinkKind, shown: str) -> None:
    link = await a_link(await a_user(await an_account()), "Intro call", title=title, kind=kind)
    page = await scheduling_page_of(link.slug)
    assert page is not None
    assert page.title == shown


@pytest.mark.parametrize("slug", ["nobody", "", "a" * 500, "x'; --", "\x00"])
async def test_page_of_a_slug_that_nobody_has(db: str, slug: str) -> None:
    assert await scheduling_page_of(slug) is None
