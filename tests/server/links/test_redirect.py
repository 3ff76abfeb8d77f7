"""Where visitors are sent who have booked."""

from __future__ import annotations

import pytest

from server.links.redirect import redirect_of
from server.models import MeetingLink

DETAILS = {"startsAt": "2026-11-24T09:30:00Z", "name": "Zoë & Co"}


@pytest.mark.parametrize(
    ("url", "with_details", "expected"),
    [
        ("", True, None),
        ("https://a.example/thanks?x=1#top", False, "https://a.example/thanks?x=1#top"),
        (
            "https://a.example/thanks?x=1#top",
            True,
            "https://a.example/thanks?x=1&startsAt=2026-11-24T09%3A30%3A00Z&name=Zo%C3%AB+%26+Co#top",
        ),
        ("https://a.example", True, "https://a.example?startsAt=2026-11-24T09%3A30%3A00Z&name=Zo%C3%AB+%26+Co"),
    ],
)
def test_the_address_keeps_its_query_and_is_told_what_was_booked(
    url: str, with_details: bool, expected: str | None
) -> None:
    assert redirect_of(MeetingLink(redirect_url=url, redirects_with_details=with_details), DETAILS) == expected
