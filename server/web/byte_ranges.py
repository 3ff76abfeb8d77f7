"""Which bytes of a file a request asks for (RFC 9110, 14). Pure."""

from __future__ import annotations

import re

from server.gateways.files import Span

_ONE = re.compile(r"bytes=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*", re.ASCII | re.IGNORECASE)


class OutOfRange(Exception):
    """There is no such byte. `size_bytes` is how many there are."""

    def __init__(self, size_bytes: int) -> None:
        super().__init__(f"of {size_bytes} bytes")
        self.size_bytes = size_bytes


def asked_span(header: str | None, size_bytes: int) -> Span | None:
    """The one span that a Range header asks for, cut to what there is. None where the whole file is to be sent: without
    a header, for several spans, and for what makes no sense. `OutOfRange` for a span without a byte."""
    found = _ONE.fullmatch(header) if header is not None else None
    if found is None or found[1] + found[2] == "":
        return None
    if not found[1]:
        first, last = max(0, size_bytes - int(found[2])), size_bytes - 1
    else:
        first, last = int(found[1]), int(found[2] or size_bytes - 1)
    if found[1] and found[2] and first > last:
        return None
    if first >= size_bytes:
        raise OutOfRange(size_bytes)
    return first, min(last + 1, size_bytes)
