"""Settings that are more than a text."""

from __future__ import annotations

import pytest

from server.accounts.settings_form import valid_web_address
from server.errors import Refused


@pytest.mark.capability("S1-44")
@pytest.mark.parametrize("url", ["", "https://a.example", "http://localhost:3000/x?y=z", "https://münchen.example/ü"])
def test_pages_on_the_web_are_addresses(url: str) -> None:
    assert valid_web_address(url, 1000) == url


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
        valid_web_address(url, 1000)
