"""What kinds of files are kept, and as what they are handed out. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

UNKNOWN = "application/octet-stream"
HEAD_BYTES = 1024
"""As much of a file has to be seen to tell what it really is."""

_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}")
_ACTIVE = frozenset(
    {
        *("text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml"),
        *("text/javascript", "application/javascript", "application/ecmascript", "text/ecmascript", "text/css"),
        *("application/x-shockwave-flash", "text/cache-manifest", "multipart/related", "message/rfc822"),
    }
)
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
)
_JAVA = b"\xca\xfe\xba\xbe"
_MARKUP = re.compile(
    rb"<(?:!doctype|!--|\?xml|html|head|body|script|svg|iframe|style|title|meta|link|img|object)", re.I
)
_BEGINNINGS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def media_type(text: str) -> str | None:
    """The type in small letters without parameters; None for what is no media type."""
    bare = text.partition(";")[0].strip().lower()
    return bare if _TYPE.fullmatch(bare) else None


def is_kept(kind: str, kept: Sequence[str]) -> bool:
    """Whether files of this media type are kept; `kept` are types and patterns such as `image/*`."""
    return any(fnmatchcase(kind, pattern) for pattern in kept)


def is_program(head: bytes) -> bool:
    """Whether the file begins like something that a machine would run, whatever it is called."""
    return head.startswith((*_PROGRAMS, _JAVA))


def served_as(declared: str, head: bytes) -> str:
    """The type to hand the file out as: what it was called, or nothing in particular if a browser would run what is in
    it."""
    plain = head.removeprefix(next((mark for mark in _BEGINNINGS if head.startswith(mark)), b"")).replace(b"\0", b"")
    is_active = declared in _ACTIVE or declared.endswith("+xml") or _MARKUP.match(plain.lstrip()) is not None
    return UNKNOWN if is_active else declared
