"""A page for every channel."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest

from server.booking.tracking import Tracking, tracking_from
from server.errors import ErrorCode, Refused
from server.models import Change, Job, MeetingLink
from server.models.enums import MeetingLinkKind
from server.sharing.channels import ShareChannel
from server.sharing.qr_code import MOST_CHARACTERS
from server.sharing.share import LinkShare, Wish, share_link
from tests.factories import a_link, a_user, an_account
from tests.server.booking.scene import a_rotation
from tests.server.meetings.scene import viewer_of

HOSTILE = "\"><img src=x onerror=alert(1)></script><script>alert(2)</script>' & {contact"


class Seen(HTMLParser):
    """What a browser would make of a snippet: its elements with their attributes, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    @property
    def tags(self) -> list[str]:
        return [tag for tag, _ in self.elements]

    def of(self, tag: str) -> dict[str, str | None]:
        (found,) = [attributes for name, attributes in self.elements if name == tag]
        return found


async def shared(wish: Wish | None = None, **fields: Any) -> LinkShare:
    """A link of Ines's, shared by her."""
    ines = await a_user(await an_account(), "Ines Marek")
    link = await a_link(ines, "Intro call", slug="ines-intro", **fields)
    return await share_link(viewer_of(ines), link.id, wish or Wish())


@pytest.mark.capability("S1-09", "S1-20")
async def test_a_page_is_ready_for_every_channel(db: str) -> None:
    share = await shared()
    url = "https://meet.example.com/m/ines-intro"
    assert (share.url, share.preview_url, share.subject) == (url, url, "Intro call")
    assert share.share_text == f"Intro call: choose a time to meet Ines Marek. {url}"
    assert share.email_text == f"Intro call: choose a time to meet Ines Marek.\n{url}"
    assert share.chat_snippet == f"Choose a time: Intro call: {url}"
    button = Seen(share.cta_html)
    assert (button.tags, button.of("a")["href"], button.words) == (["a"], url, "Choose a time: Intro call")
    mail = Seen(share.email_html)
    assert (mail.of("div"), mail.of("a")["href"]) == ({"lang": "en", "dir": "ltr"}, url)
    assert " ".join(mail.words.split()) == ("Intro call: choose a time to meet Ines Marek. Choose a time: Intro call")
    assert await Change.all().count() + await Job.all().count() == 0


@pytest.mark.capability("S1-12")
async def test_a_site_shows_the_page_with_one_line_or_a_frame(db: str) -> None:
    share = await shared(Wish(tracking=Tracking(campaign="autumn & more")))
    query = "utm_campaign=autumn+%26+more"
    embed = Seen(share.embed_code)
    assert embed.of("script") == {
        "async": None,
        "src": "https://meet.example.com/embed.js",
        "data-parley": "ines-intro",
        "data-query": query,
    }
    assert embed.of("a")["href"] == f"https://meet.example.com/m/ines-intro?{query}"
    frame = Seen(share.iframe_code).of("iframe")
    assert frame["src"] == f"https://meet.example.com/m/ines-intro?{query}&embed=1"
    assert (frame["title"], frame["loading"]) == ("Choose a time: Intro call", "lazy")
    bare = await shared_again()
    assert Seen(bare.iframe_code).of("iframe")["src"] == "https://meet.example.com/m/ines-intro?embed=1"
    assert "data-query" not in bare.embed_code


async def shared_again() -> LinkShare:
    """The one link there is, shared as it is."""
    link = await MeetingLink.get().select_related("owner")
    return await share_link(viewer_of(link.owner), link.id, Wish())


@pytest.mark.capability("S1-13")
@pytest.mark.parametrize(
    ("channel", "tracking", "expected"),
    [
        (None, Tracking(), Tracking()),
        (ShareChannel.CHAT, Tracking(), Tracking(medium="chat")),
        (ShareChannel.CHAT, Tracking("autumn", "news", "post"), Tracking("autumn", "news", "post")),
        (ShareChannel.PRINT, Tracking("Ä & ö = ?#", "a\nb"), Tracking("Ä & ö = ?#", "a b", "print")),
    ],
)
async def test_tracking_goes_with_every_address_but_the_preview(
    db: str, channel: ShareChannel | None, tracking: Tracking, expected: Tracking
) -> None:
    share = await shared(Wish(channel, tracking))
    addresses = [
        share.url,
        share.share_text.split()[-1],
        share.email_text.split()[-1],
        share.chat_snippet.split()[-1],
        str(Seen(share.cta_html).of("a")["href"]),
        str(Seen(share.email_html).of("a")["href"]),
        str(Seen(share.embed_code).of("a")["href"]),
        str(Seen(share.iframe_code).of("iframe")["src"]),
    ]
    carried = [
        tracking_from({name: one[0] for name, one in parse_qs(urlsplit(url).query).items()}) for url in addresses
    ]
    assert carried == [expected] * len(addresses)
    assert share.preview_url == "https://meet.example.com/m/ines-intro"


@pytest.mark.capability("S1-09")
async def test_the_words_are_in_the_language_asked_for_and_so_is_the_page(db: str) -> None:
    share = await shared(Wish(locale="pl"))
    url = "https://meet.example.com/m/ines-intro?lang=pl"
    assert (share.url, share.preview_url) == (url, url)
    assert share.share_text == f"Intro call: wybierz termin spotkania (Ines Marek). {url}"
    assert Seen(share.email_html).of("div") == {"lang": "pl", "dir": "ltr"}


async def test_the_words_are_in_the_language_of_the_page_where_none_is_asked_for(db: str) -> None:
    share = await shared(locale="zh-Hant")
    assert share.share_text == ("Intro call：請選擇與Ines Marek會面的時間。 https://meet.example.com/m/ines-intro")


@pytest.mark.capability("S1-09")
async def test_the_code_is_a_picture_that_says_what_it_is(db: str) -> None:
    share = await shared(Wish(ShareChannel.PRINT))
    picture = ElementTree.fromstring(share.qr_code_svg)
    svg = "{http://www.w3.org/2000/svg}"
    assert picture.tag == f"{svg}svg"
    assert [one.text for one in picture.iter(f"{svg}title")] == ["Choose a time: Intro call"]
    assert {one.get("fill") for one in picture.iter(f"{svg}path")} >= {"#fff"}


async def test_a_code_that_no_telephone_could_read_leaves_the_tracking_out(db: str) -> None:
    long = Tracking("會" * 255, "會" * 255, "會" * 255)
    share = await shared(Wish(tracking=long))
    assert len(share.url) > MOST_CHARACTERS
    assert share.qr_code_svg == (await shared_again()).qr_code_svg


@pytest.mark.capability("S1-09", "S1-12")
async def test_nothing_that_anybody_wrote_becomes_markup(db: str) -> None:
    account = await an_account(HOSTILE, sender_name=HOSTILE)
    ines = await a_user(account, HOSTILE)
    link = await a_link(ines, HOSTILE[:60], slug="ines-intro", title=HOSTILE)
    share = await share_link(viewer_of(ines), link.id, Wish(tracking=Tracking(HOSTILE, HOSTILE, HOSTILE)))
    tags = {
        "email_html": {"div", "p", "bdi", "a"},
        "cta_html": {"a"},
        "embed_code": {"a", "bdi", "script"},
        "iframe_code": {"iframe"},
    }
    for name, expected in tags.items():
        seen = Seen(getattr(share, name))
        assert set(seen.tags) == expected, name
        assert {key for _, attributes in seen.elements for key in attributes if key.startswith("on")} == set()
    picture = ElementTree.fromstring(share.qr_code_svg)
    assert {one.tag.rpartition("}")[2] for one in picture.iter()} == {"svg", "title", "g", "path"}


@pytest.mark.capability("S1-08", "S1-11")
async def test_a_colleagues_page_is_shared_as_ones_own(db: str) -> None:
    account = await an_account()
    ines, karol = await a_user(account, "Ines Marek"), await a_user(account, "Karol Lis")
    link = await a_link(karol, "Demo", slug="karol-demo")
    share = await share_link(viewer_of(ines), link.id, Wish())
    assert share.share_text == "Demo: choose a time to meet Karol Lis. https://meet.example.com/m/karol-demo"


async def test_a_page_introduces_all_of_its_hosts_or_the_organization(db: str) -> None:
    account = await an_account("Linden & Co")
    ines, karol = await a_user(account, "Ines Marek"), await a_user(account, "Karol Lis")
    rotation = await a_rotation(account, ines, karol)
    turns = await a_link(ines, "Demo", kind=MeetingLinkKind.ROUND_ROBIN, rotation_id=rotation.id)
    share = await share_link(viewer_of(ines), turns.id, Wish())
    assert share.email_text.startswith("Demo: choose a time to meet Linden & Co.\n")


async def test_a_page_that_takes_no_bookings_is_not_handed_on(db: str) -> None:
    account = await an_account()
    ines, stranger = await a_user(account), await a_user(await an_account("Others"))
    off, gone = await a_link(ines, is_active=False), await a_link(ines, retired_at=(await account).created_at)
    codes = []
    for viewer, link in ((ines, off), (ines, gone), (stranger, off)):
        with pytest.raises(Refused) as caught:
            await share_link(viewer_of(viewer), link.id, Wish())
        codes += [(one.code, one.path) for one in caught.value.complaints]
    assert codes == [
        (ErrorCode.LINK_INACTIVE, ("meetingLink",)),
        (ErrorCode.NOT_FOUND, ("meetingLink",)),
        (ErrorCode.NOT_FOUND, ("meetingLink",)),
    ]


async def test_a_language_that_does_not_exist_is_refused(db: str) -> None:
    with pytest.raises(Refused) as caught:
        await shared(Wish(locale="xx-Nowhere"))
    assert [(one.code, one.path) for one in caught.value.complaints] == [(ErrorCode.SETTING_INVALID, ("locale",))]
