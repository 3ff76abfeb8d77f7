"""Which bytes a Range header asks for."""

from __future__ import annotations

import pytest

from server.gateways.files import Span
from server.web.byte_ranges import OutOfRange, asked_span


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=2-5", (2, 6)),
        ("bytes=9-9", (9, 10)),
        ("bytes=7-99999999", (7, 10)),
        ("bytes=4-", (4, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-10", (0, 10)),
        ("bytes=-11", (0, 10)),
        ("BYTES= 1-2 ", (1, 3)),
        (None, None),
        ("", None),
        ("bytes=", None),
        ("bytes=-", None),
        ("bytes=5-2", None),
        ("bytes=99-2", None),
        ("bytes=a-b", None),
        ("bytes=1-2-3", None),
        ("bytes=²-3", None),
        ("bytes=0-1,4-5", None),
        ("items=0-1", None),
        (f"bytes=0-{'9' * 30}", None),
    ],
)
def test_one_span_is_cut_to_what_there_is_and_the_rest_is_the_whole_file(header: str | None, span: Span | None) -> None:
    assert asked_span(header, 10) == span


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-12", "bytes=99-", "bytes=-0"])
def test_a_span_without_a_byte_is_out_of_range(header: str) -> None:
    with pytest.raises(OutOfRange) as caught:
        asked_span(header, 10)
    assert caught.value.size_bytes == 10
