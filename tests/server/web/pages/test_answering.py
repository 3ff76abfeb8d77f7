"""How answers leave."""

import pytest
from starlette.requests import Request

from server.web.pages.answering import asset_answer, page_answer

LONG = "<p>words</p>" * 200


def request(**headers: str) -> Request:
    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "headers": given})


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [("gzip, deflate, br", True), ("GZIP;q=1.0", True), ("*", True), ("br", False), ("gzip;q=0", False), ("", False)],
)
def test_pages_are_packed_for_whoever_takes_it(accepted: str, packed: bool) -> None:
    answer = page_answer(request(accept_encoding=accepted), LONG)
    assert (answer.headers.get("content-encoding") == "gzip", len(answer.body) < len(LONG)) == (packed, packed)


def test_retry_after_is_said() -> None:
    answer = page_answer(request(), LONG, status=429, retry_after=30)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")


@pytest.mark.parametrize("known", ['"abc"', 'W/"abc"', '"x", "abc"'])
def test_a_known_part_is_not_sent_again(known: str) -> None:
    answer = asset_answer(request(if_none_match=known), b"x", "text/css", tag="abc", forever=True)
    assert (answer.status_code, answer.body, answer.headers["cache-control"]) == (
        304,
        b"",
        "public, max-age=31536000, immutable",
    )
