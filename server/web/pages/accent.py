"""A company's one colour, repaired until everything written on it or in it can be read (WCAG 2.2, 1.4.3 and 1.4.11)."""

import colorsys
import re
from collections.abc import Callable
from dataclasses import dataclass

Rgb = tuple[float, float, float]

_FORM = re.compile(r"#[0-9a-fA-F]{6}")
_STEP = 0.01


@dataclass(frozen=True, slots=True)
class Theme:
    """The grounds that an accent has to stand on, and which way it is moved when it does not show."""

    surface: str
    ground: str
    near_black: str
    soft_share: float
    darkens: bool


LIGHT = Theme(surface="#ffffff", ground="#f3f5f2", near_black="#0b1210", soft_share=0.14, darkens=True)
DARK = Theme(surface="#151d1a", ground="#0d1412", near_black="#0b1210", soft_share=0.20, darkens=False)


@dataclass(frozen=True, slots=True)
class Accent:
    """The four colours made from one, as `#rrggbb`."""

    accent: str
    on_accent: str
    soft: str
    ink: str


def is_color(text: str) -> bool:
    """Whether `text` is a colour as we keep them: `#` and six hexadecimal digits."""
    return _FORM.fullmatch(text) is not None


def repaired(color: str, theme: Theme) -> Accent:
    """The accent nearest to `color` for which text on it reaches 4.5, itself 3 on the grounds, its ink 7 and 4.5.

    Whichever of white and near-black reads better on the given colour is kept where it can be reached; the accent moves
    by 1 % of lightness at a time, darker in the light theme and lighter in the dark one. Nothing is refused.
    """
    on_accent = max(("#ffffff", theme.near_black), key=lambda ink: contrast(ink, color))
    accent = _moved(color, theme, lambda one: _stands(one, on_accent, theme))
    if not _stands(accent, on_accent, theme):
        on_accent = "#ffffff" if theme.darkens else theme.near_black
        accent = _moved(color, theme, lambda one: _stands(one, on_accent, theme))
    soft = _mixed(accent, theme.surface, theme.soft_share)
    ink = _moved(accent, theme, lambda one: contrast(one, theme.surface) >= 7 and contrast(one, soft) >= 4.5)
    return Accent(accent, on_accent, soft, ink)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21, by the WCAG 2 formula."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _stands(accent: str, on_accent: str, theme: Theme) -> bool:
    on_grounds = min(contrast(accent, theme.surface), contrast(accent, theme.ground))
    return contrast(on_accent, accent) >= 4.5 and on_grounds >= 3


def _moved(color: str, theme: Theme, is_enough: Callable[[str], bool]) -> str:
    hue, lightness, saturation = colorsys.rgb_to_hls(*_rgb(color))
    end, step = (0.0, -_STEP) if theme.darkens else (1.0, _STEP)
    while not is_enough(color) and lightness != end:
        lightness = min(1.0, max(0.0, lightness + step))
        color = _hex(colorsys.hls_to_rgb(hue, lightness, saturation))
    return color


def _mixed(color: str, into: str, share: float) -> str:
    pairs = zip(_rgb(color), _rgb(into), strict=True)
    red, green, blue = (share * one + (1 - share) * other for one, other in pairs)
    return _hex((red, green, blue))


def _luminance(color: str) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _rgb(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(color: str) -> Rgb:
    return (int(color[1:3], 16) / 255, int(color[3:5], 16) / 255, int(color[5:7], 16) / 255)


def _hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)
