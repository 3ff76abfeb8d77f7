"""The sites that may show a page in a frame."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.complaints import Complaints
from server.errors import Refused
from server.links.origins import checked_origins, valid_origin

# CSP 3, 2.3.1: what a header can hold without ending or becoming something else.
ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?(:[0-9]{1,5})?")


@pytest.mark.capability("S1-12")
@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("https://www.Example.com", "https://www.example.com"),
        ("https://example.com/", "https://example.com"),
        ("https://example.com:443", "https://example.com"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("https://*.example.com:8443", "https://*.example.com:8443"),
        ("https://münchen.example", "https://xn--mnchen-3ya.example"),
    ],
)
def test_an_origin_is_kept_in_its_plain_form(given_: str, kept: str) -> None:
    assert valid_origin(given_) == kept


@pytest.mark.parametrize(
    "text",
    [
        *("", "*", "https://*", "https://*.*.a", "https://a*.example", "example.com", "//example.com"),
        *("https://a.example/path", "https://a.example?x", "https://a.example#x", "https://u@a.example"),
        *(
            "https://a;b.example",
            "https://a,b.example",
            "https://a b",
            "javascript:x",
            "data:",
            "'self'",
            "https://[::",
        ),
        *("https://a.example:0x", "https://a..example", "https://-a.example", "https://" + "a" * 64 + ".example"),
    ],
)
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        valid_origin(text)


@given(st.text(max_size=40).map(lambda rest: f"https://{rest}") | st.text(max_size=40))
def test_whatever_is_kept_cannot_add_anything_to_the_header(text: str) -> None:
    try:
        kept = valid_origin(text)
    except Refused:
        return
    assert ORIGIN.fullmatch(kept)
    assert valid_origin(kept) == kept


def test_each_is_kept_once_and_no_more_than_twenty() -> None:
    found = Complaints()
    assert checked_origins(["https://a.example", "https://A.example/", "https://b.example"], found) == [
        "https://a.example",
        "https://b.example",
    ]
    found.refuse_if_any()
    checked_origins([f"https://{number}.example" for number in range(21)], found)
    with pytest.raises(Refused) as caught:
        found.refuse_if_any()
    assert [one.path for one in caught.value.complaints] == [("embedOrigins",)]
