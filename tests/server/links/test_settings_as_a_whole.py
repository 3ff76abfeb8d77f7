"""What is refused leaves nothing behind: no setting is ever written without the others."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.errors import Refused
from server.links.edit import NewLink, create_link, edit_link
from server.links.form_fields import ContactProperty, FormField
from server.links.price import Price
from server.links.questions import Question
from server.links.settings import LinkSettings
from server.models import Change, LinkSlug, MeetingLink
from tests.factories import a_user, an_account
from tests.server.meetings.scene import viewer_of

FINE: dict[str, Any] = {
    "name": "Other",
    "slug": "other",
    "durations_minutes": (45,),
    "price": Price(100, "PLN"),
    "prefills": True,
    "redirect_url": "https://a.example",
    "embed_origins": ("https://a.example",),
    "questions": (Question("size", "How large?"),),
    "is_default": True,
}
WRONG: dict[str, Any] = {
    "time_zone": "Mars/Base",
    "notice_minutes": -1,
    "price": Price(0, "PLN"),
    "redirect_url": "javascript:x",
    "embed_origins": ("https://a.example/path",),
    "form_fields": (FormField(ContactProperty.COMPANY),),
    "slug": "Not a slug",
    "auto_submits": True,
    "redirects_with_details": True,
}
fine = st.sets(st.sampled_from(sorted(FINE)))
wrong = st.sets(st.sampled_from(sorted(WRONG)), min_size=1)


async def everything() -> list[Any]:
    """All that is kept about links, with how often something changed."""
    links = await MeetingLink.all().order_by("id").values()
    return [links, await LinkSlug.all().order_by("id").values(), await Change.all().count()]


@pytest.mark.capability("S1-44")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(good=fine, bad=wrong)
async def test_one_wrong_setting_keeps_all_of_them_out(db: str, good: set[str], bad: set[str]) -> None:
    viewer = viewer_of(await a_user(await an_account()))
    link = await MeetingLink.get_or_none(name="Whole")
    link_id = link.id if link else await create_link(viewer, NewLink(LinkSettings(name="Whole", slug="whole")))
    owner = await (await MeetingLink.get(id=link_id)).owner
    given_ = LinkSettings(**{name: FINE[name] for name in good - bad} | {name: WRONG[name] for name in bad})
    if bad == {"redirects_with_details"} and "redirect_url" in good:
        given_ = LinkSettings(**{name: FINE[name] for name in good - {"redirect_url"}}, redirects_with_details=True)
    if bad == {"auto_submits"}:
        given_ = LinkSettings(**{name: FINE[name] for name in good - {"prefills"}}, auto_submits=True)
    before = await everything()
    with pytest.raises(Refused):
        await edit_link(viewer_of(owner), link_id, given_)
    assert await everything() == before
