"""Logos to bring: drawn here as PNG, and as other programs write them."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

PICTURES = Path(__file__).parent / "pictures"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, body: bytes) -> bytes:
    """One part of a PNG, with its checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def a_png(width: int = 120, height: int = 40, *, between: bytes = b"") -> bytes:
    """A bar of the accent on white, with a part of the caller's before the pixels."""
    rows = b"".join(b"\0" + (b"\x0a\x6a\x58" * (width // 2)).ljust(3 * width, b"\xff") for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return _SIGNATURE + chunk(b"IHDR", header) + between + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def drawn(name: str) -> bytes:
    """A picture of the folder: what Chromium wrote of a canvas of 180 x 60 pixels."""
    return (PICTURES / name).read_bytes()
