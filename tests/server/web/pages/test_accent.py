"""Any colour that a company gives can be read, in both themes."""

import random

import pytest

from server.web.pages.accent import DARK, LIGHT, Theme, contrast, is_color, repaired

RANDOM = random.Random(20261124)
COLORS = [f"#{RANDOM.randrange(1 << 24):06x}" for _ in range(500)] + ["#ffffff", "#000000", "#808080", "#ffff00"]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_colour_ends_above_the_floors(theme: Theme) -> None:
    below = []
    for color in COLORS:
        made = repaired(color, theme)
        measured = (
            contrast(made.on_accent, made.accent) >= 4.5,
            contrast(made.accent, theme.surface) >= 3,
            contrast(made.accent, theme.ground) >= 3,
            contrast(made.ink, theme.surface) >= 7,
            contrast(made.ink, made.soft) >= 4.5,
        )
        if not all(measured):
            below.append((color, made, measured))
    assert below == []


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_colour_that_can_be_read_is_not_moved(theme: Theme) -> None:
    kept = [color for color in COLORS if repaired(color, theme).accent == color]
    assert len(kept) > 100


def test_contrast_of_black_on_white_is_twenty_one() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21


@pytest.mark.parametrize("text", ["", "#fff", "0a6a58", "#0a6a5g", "#0a6a58;}", "red"])
def test_is_color_takes_six_digits_only(text: str) -> None:
    assert not is_color(text)
