"""Where visitors are sent who have booked."""

from __future__ import annotations

import pytest

from server.errors import Refused
from server.links.redirect import redirect_of, valid_redirect
from server.models import MeetingLink

DETAILS = {"startsAt": "2026-11-24T09:30:00Z", "name": "Zoë & Co"}


@pytest.mark.parametrize(
    ("url", "with_details", "expected"),
    [
        ("", True, None),
        ("https://a.example/thanks?x=1#top", False, "https://a.example/thanks?x=1#top"),
        (
            "https://a.example/thanks?x=1#top",
            True,
            "https://a.example/thanks?x=1&startsAt=2026-11-24T09%3A30%3A00Z&name=Zo%C3%AB+%26+Co#top",
        ),
        ("https://a.example", True, "https://a.example?startsAt=2026-11-24T09%3A30%3A00Z&name=Zo%C3%AB+%26+Co"),
    ],
)
def test_the_address_keeps_its_query_and_is_told_what_was_booked(
    url: str, with_details: bool, expected: str | None
) -> None:
    assert redirect_of(MeetingLink(redirect_url=url, redirects_with_details=with_details), DETAILS) == expected


@pytest.mark.capability("S1-44")
@pytest.mark.parametrize("url", ["", "https://a.example", "http://localhost:3000/x?y=z", "https://münchen.example/ü"])
def test_pages_on_the_web_are_addresses(url: str) -> None:
    assert valid_redirect(url) == url


@pytest.mark.capability("S1-44")
@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt://a.example/%0aalert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//a.example",
        "/thanks",
        "a.example",
        "https:a.example",
        "https://",
        "https://user:word@a.example",
        "https://a.example\\@b.example",
        "https://a b.example",
        "https://a.example/two words",
        "https://a.example:99999",
        "ftp://a.example",
        "https://a.example/" + "x" * 1000,
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        valid_redirect(url)
