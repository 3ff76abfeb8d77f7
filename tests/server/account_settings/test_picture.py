"""What is a picture that stands still, and what only says so."""

from __future__ import annotations

import struct

import pytest

from server.account_settings.picture import Picture, picture_in
from tests.server.account_settings.drawings import a_png, chunk, drawn

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><script>alert(1)</script></svg>'
GIF = b"GIF89a\x28\x00\x28\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff;"
MOVING = chunk(b"acTL", struct.pack(">II", 2, 0))
WEBP = ("lossy.webp", "lossless.webp", "see-through.webp")


@pytest.mark.parametrize(
    ("name", "kind"), [("logo.png", "png"), ("logo.jpg", "jpg"), *((name, "webp") for name in WEBP)]
)
def test_picture_is_known_by_what_is_in_it(name: str, kind: str) -> None:
    assert picture_in(drawn(name)) == Picture(kind, 180, 60)


def test_picture_may_be_of_any_shape() -> None:
    assert [picture_in(a_png(*size)) for size in ((1, 1), (31, 900))] == [
        Picture("png", 1, 1),
        Picture("png", 31, 900),
    ]


@pytest.mark.parametrize(
    "content", [b"", b"\0", SVG, GIF, b"%PDF-1.7", b"<!doctype html>", b"RIFF", b"\xff\xd8\xff\xd9"]
)
def test_anything_else_is_none(content: bytes) -> None:
    assert picture_in(content) is None


@pytest.mark.parametrize("name", ["logo.png", "logo.jpg", *WEBP])
def test_picture_that_was_cut_short_or_has_something_behind_it_is_none(name: str) -> None:
    whole = drawn(name)
    assert [
        picture_in(part) for part in (whole[:-1], whole[:30], whole[:12], whole + b"<script>alert(1)</script>")
    ] == [None] * 4


def test_picture_with_another_byte_than_its_checksum_says_is_none() -> None:
    whole = bytearray(a_png())
    whole[-20] ^= 1
    assert picture_in(bytes(whole)) is None


def test_picture_that_moves_is_none() -> None:
    moving = bytearray(drawn("see-through.webp"))
    moving[20] |= 0x02
    assert [picture_in(a_png(between=MOVING)), picture_in(bytes(moving))] == [None, None]
