"""What meetings are called that come through a link."""

from __future__ import annotations

import pytest

from server.errors import ErrorCode, Refused
from server.links.edit import NewLink, create_link, edit_link
from server.links.settings import LinkSettings
from server.links.titles import meeting_title
from server.models import MeetingLink
from tests.factories import a_user, an_account
from tests.server.meetings.scene import viewer_of


@pytest.mark.parametrize(
    ("template", "contact", "title"),
    [
        ("Intro", "Tomasz Lis", "Intro"),
        ("{contact} and {host}: {host}", "Tomasz Lis", "Tomasz Lis and Ines: Ines"),
        ("{contact} and {host}", "{host}", "{host} and Ines"),
        ("{company} {}", "Tomasz Lis", "{company} {}"),
        ("{contact}", "x" * 301, "x" * 300),
    ],
)
def test_a_title_holds_names_where_the_link_says_so(template: str, contact: str, title: str) -> None:
    assert meeting_title(template, contact=contact, host="Ines") == title


async def test_a_title_with_a_word_that_means_nothing_is_refused_and_told_which_do(db: str) -> None:
    viewer = viewer_of(await a_user(await an_account()))
    link_id = await create_link(viewer, NewLink(LinkSettings(name="Intro", title="{contact} and {host}")))
    refused = []
    for act in (
        edit_link(viewer, link_id, LinkSettings(title="{company}, {contact} and {Host}")),
        create_link(viewer, NewLink(LinkSettings(name="Meet {name}"))),
    ):
        with pytest.raises(Refused) as caught:
            await act
        refused += [(one.code, one.message, one.path) for one in caught.value.complaints]
    assert refused == [
        (
            ErrorCode.SETTING_INVALID,
            "A title has no {company}, {Host}. You can use {contact} and {host}.",
            ("title",),
        ),
        (ErrorCode.SETTING_INVALID, "A title has no {name}. You can use {contact} and {host}.", ("name",)),
    ]
    assert await MeetingLink.all().values_list("title", flat=True) == ["{contact} and {host}"]
    await create_link(viewer, NewLink(LinkSettings(name="Meet {name}", title="Meeting")))
