from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import settings
from server.gateways.mail.rendering import Company, Content, Fact, as_html, as_text, readable_on


@pytest.fixture(autouse=True)
def _as_set() -> Iterator[None]:
    """Settings without templates of one's own."""
    before = settings._in_use[:]
    settings.use(settings.read(secret_key="k" * 32))
    yield
    settings._in_use[:] = before


def _content(**said: str) -> Content:
    usual = {
        "locale": "en",
        "subject": "Booked: Intro call",
        "preheader": "Tuesday",
        "opening": "Your meeting is booked.",
        "why": "You get this mail because you host this meeting.",
    }
    facts = (Fact("What", ("Intro call",), is_strong=True), Fact("When", ("Tuesday",), was="was Monday"))
    return Content(facts=facts, company=Company("Linden & Co", "#0a6a58"), **(usual | said))


def test_text_says_the_same_in_the_same_order() -> None:
    assert as_text(_content()) == (
        "Your meeting is booked.\n\n"
        "What:\n  Intro call\n"
        "When:\n  Tuesday\n  was Monday\n\n"
        "-- \n"
        "You get this mail because you host this meeting.\n"
        "Linden & Co\n"
    )


def test_html_keeps_its_styles_inline_and_only_media_rules_in_the_head() -> None:
    html = as_html(_content(), "booked")
    head, body = html.split("</head>")
    assert head.count("<style>") == 1
    assert "@media (prefers-color-scheme: dark)" in head
    assert "{margin" not in head.replace(" ", "")
    assert 'role="presentation"' in body
    assert "Linden &amp; Co" in body


@pytest.mark.parametrize(("locale", "direction"), [("pl", "ltr"), ("zh-Hant", "ltr"), ("ar", "rtl")])
def test_html_runs_the_way_of_its_language(locale: str, direction: str) -> None:
    assert f'<html lang="{locale}" dir="{direction}">' in as_html(_content(locale=locale), "booked")


@given(st.integers(min_value=0, max_value=0xFFFFFF))
def test_button_can_be_read_on_every_colour_of_a_company(number: int) -> None:
    colour = f"#{number:06x}"
    assert _contrast(readable_on(colour), colour) >= 4.5


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_brightness(one), _brightness(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _brightness(colour: str) -> float:
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
