"""Text with a little form."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from server.errors import ErrorCode, Refused
from server.rich_text import as_html, from_plain, mentioned_in, plain_text, rich_text, shorthands_in, with_names

REL = 'rel="noopener noreferrer nofollow"'
ATTACKS = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "<svg/onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt&colon;alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<p style="background:url(javascript:alert(1))">x</p>',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    '<a href="https://x/@[usr_3]">x</a>',
    "<form action=//evil><input name=a><button>b</button></form>",
    "<style>@import '//evil'</style><base href=//evil><meta http-equiv=refresh content=0>",
]
SAFE_TAG = re.compile(
    r"</?(?:p|br|h2|h3|blockquote|pre|code|ul|ol|li|b|strong|i|em|u|s|span)>"
    rf'|<a(?: href="(?:https?|mailto|tel):[^"<>]*")? {REL}>|</a>'
    r'|<span data-mention="usr_[0-9]+">'
)


@pytest.mark.capability("S2-22")
def test_form_and_links_are_kept() -> None:
    text = '<h2>Plan</h2><p>Bring <b>two</b></p><ul><li>pens</li></ul><a href="https://x.example/?a=1&amp;b=2">map</a>'
    assert rich_text(text, 1000) == text.replace('b=2">', f'b=2" {REL}>')


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_acts_is_left(attack: str) -> None:
    clean = as_html(with_names(rich_text(attack, 1000, may_mention=True), {3: 'A" onclick="x'}), may_mention=True)
    assert "<" not in SAFE_TAG.sub("", clean)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="<>&;\"'=/ abp\n\\usr_3@[]{}-", max_size=80) | st.text(max_size=60))
@example("3\n3<a")
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    once = rich_text(text, 100_000, may_mention=True)
    assert rich_text(once, 100_000, may_mention=True) == once
    assert "<" not in SAFE_TAG.sub("", once)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), max_size=60))
def test_plain_text_comes_back_as_it_was(text: str) -> None:
    assert plain_text(as_html(from_plain(f"x{text}x"))) == f"x{text}x"


def test_plain_text_keeps_its_lines_and_its_signs() -> None:
    assert rich_text("  a < b & c\r\nnext\x00 ", 100) == "a &lt; b &amp; c<br>next"
    assert plain_text("a &lt; b &amp; c<br>next") == "a < b & c\nnext"


def test_plain_text_of_form_shows_paragraphs_lists_and_addresses() -> None:
    text = "<p>Hello</p><ul><li>one</li><li>two</li></ul>"
    text += '<p><a href="https://x.example">map</a> <a href="tel:+48">+48</a></p>'
    assert plain_text(text) == "Hello\n\n- one\n- two\n\nmap (https://x.example) +48"


def test_a_long_text_is_refused_where_it_stands() -> None:
    for text in ("x" * 11, "&" * 10):
        with pytest.raises(Refused) as caught:
            rich_text(text, 10, "body")
        assert [(one.code, one.path) for one in caught.value.complaints] == [(ErrorCode.TEXT_TOO_LONG, ("body",))]


def test_mentions_are_kept_only_where_they_may_be() -> None:
    text = '<span data-mention="usr_3">@A</span> <span data-mention="con_3" class="x">@B</span> @[usr_4]'
    kept = rich_text(text, 1000, may_mention=True)
    assert kept == '<span data-mention="usr_3">@A</span> <span>@B</span> @[usr_4]'
    assert (mentioned_in(kept), shorthands_in(kept)) == ({3}, {4})
    assert with_names(kept, {4: "C & D"}).endswith('<span data-mention="usr_4">@C &amp; D</span>')
    assert mentioned_in(rich_text(text, 1000)) == set()
