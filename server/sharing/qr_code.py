"""An address as a picture that telephones read."""

from __future__ import annotations

import io

import segno

MOST_CHARACTERS = 500
"""Longer addresses make a code too dense for a telephone held before a screen or a sheet of paper."""

_MODULE_PIXELS = 8


def qr_code_svg(url: str, title: str) -> str:
    """The address as a QR code (ISO/IEC 18004, a quarter of it may be covered) in SVG, with a quiet zone of four
    modules around it, dark on white so that it can be read in a dark theme too. A screen reader says `title`."""
    picture = io.BytesIO()
    code = segno.make_qr(url, error="q", boost_error=False)
    code.save(picture, kind="svg", scale=_MODULE_PIXELS, border=4, light="#fff", title=title, xmldecl=False, nl=False)
    return picture.getvalue().decode()
