"""The shipped style sheet keeps the promises of its tokens, runs in both directions, and stays small."""

import gzip
import re
from pathlib import Path

import pytest

from server.web.pages import assets
from server.web.pages.accent import contrast

STATIC = Path(assets.__file__).parent / "static"
SHEET = (STATIC / "page.css").read_text()


def tokens(theme: str) -> dict[str, str]:
    """The colours of one theme, by name."""
    light, dark = SHEET.split("@media (prefers-color-scheme:dark)", 1)
    return dict(re.findall(r"--([\w-]+):(#[0-9a-f]{6})", light if theme == "light" else dark))


FLOORS = [
    *[("ink", ground, 7) for ground in ("surface", "bg", "sunken")],
    *[("ink-2", ground, 4.5) for ground in ("surface", "bg", "sunken")],
    ("on-accent", "accent", 4.5),
    ("accent-ink", "surface", 4.5),
    ("accent-ink", "accent-soft", 4.5),
    ("edge", "surface", 3),
    ("edge", "bg", 3),
    ("accent", "surface", 3),
    *[(name, f"{name}-soft", 4.5) for name in ("danger", "warn", "good", "info")],
    ("surface", "danger", 4.5),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_tokens_reach_their_contrast(theme: str) -> None:
    given = tokens(theme)
    below = {
        (one, other): round(contrast(given[one], given[other]), 2)
        for one, other, floor in FLOORS
        if contrast(given[one], given[other]) < floor
    }
    assert below == {}


def test_no_side_is_called_left_or_right() -> None:
    """E-40: only logical properties, so that the page turns round in Arabic and Hebrew."""
    physical = r"(?:(?:margin|padding|border)-)?(?:left|right|top|bottom)\s*:|text-align:\s*(?:left|right)|float:"
    assert re.findall(rf"(?<![\w-])(?:{physical})", SHEET) == []
    assert re.findall(r"(?<![\w-])(?:min-|max-)?(?:width|height)\s*:\s*[\d.]", re.sub(r"\([^)]*\)", "", SHEET)) == []


def test_nothing_is_fetched_from_the_style_sheet() -> None:
    assert re.findall(r"url\(|@import|@font-face", SHEET) == []


def test_the_script_stays_within_fifteen_kilobytes() -> None:
    """E-35."""
    assert len(gzip.compress((STATIC / "page.js").read_bytes())) <= 15 * 1024
