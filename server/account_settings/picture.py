"""What a picture really is, told from its bytes and not from its name. Pure."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ENDS_OF_JPEG = (0xD9, 0xDA)
_WEBP_MOVES = 0x02


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that stands still: its `kind` as names of files end, and its pixels."""

    kind: str
    width: int
    height: int


def picture_in(content: bytes) -> Picture | None:
    """The PNG, JPEG or WebP that these bytes are, from the first to the last; None for anything else, for one that
    moves, and for one that was cut short or has something else behind it."""
    try:
        return _png(content) or _jpeg(content) or _webp(content)
    except (struct.error, IndexError):
        return None


def _png(content: bytes) -> Picture | None:
    """A signature and chunks, each with its checksum; the first says how large, the last that this is all (PNG, 5)."""
    if not content.startswith(_PNG_SIGNATURE):
        return None
    place, kinds = len(_PNG_SIGNATURE), []
    while place < len(content):
        length, kind = struct.unpack_from(">I4s", content, place)
        end = place + 8 + length
        if struct.unpack_from(">I", content, end) != (zlib.crc32(content[place + 4 : end]),):
            return None
        kinds.append(kind)
        place = end + 4
    if (kinds[0], kinds[-1]) != (b"IHDR", b"IEND") or b"acTL" in kinds:
        return None
    return Picture("png", *struct.unpack_from(">II", content, len(_PNG_SIGNATURE) + 8))


def _jpeg(content: bytes) -> Picture | None:
    """Segments up to the frame, which says how large (ITU-T T.81, B.1)."""
    if not content.startswith(b"\xff\xd8") or not content.endswith(b"\xff\xd9"):
        return None
    place = 2
    while content[place] == 0xFF and content[place + 1] not in _ENDS_OF_JPEG:
        marker, length = struct.unpack_from(">xBH", content, place)
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", content, place + 5)
            return Picture("jpg", width, height)
        place += 2 + length
    return None


def _webp(content: bytes) -> Picture | None:
    """One RIFF file, whose first chunk says how large (RFC 9649, 2)."""
    riff, length, form, chunk = struct.unpack_from("<4sI4s4s", content)
    if (riff, form, length + 8) != (b"RIFF", b"WEBP", len(content)):
        return None
    if chunk == b"VP8 " and content[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", content, 26)
        return Picture("webp", width & 0x3FFF, height & 0x3FFF)
    if chunk == b"VP8L" and content[20] == 0x2F:
        (bits,) = struct.unpack_from("<I", content, 21)
        return Picture("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if chunk == b"VP8X" and not content[20] & _WEBP_MOVES:
        width, height = (int.from_bytes(content[place : place + 3], "little") for place in (24, 27))
        return Picture("webp", width + 1, height + 1)
    return None
