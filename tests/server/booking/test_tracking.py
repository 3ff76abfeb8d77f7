"""Where a booking came from."""

from __future__ import annotations

import pytest

from server.booking.tracking import Tracking, as_stored, kept, tracking_from


@pytest.mark.capability("S1-13")
def test_tracking_is_read_from_the_address() -> None:
    query = {"utm_campaign": "spring", "utm_source": "newsletter", "utm_medium": "e-mail", "utm_term": "roof"}
    assert tracking_from(query) == Tracking("spring", "newsletter", "e-mail")


def test_tracking_is_cut_and_put_on_one_line() -> None:
    assert kept(Tracking("a\r\nb", "x" * 300, "")) == Tracking("a b", "x" * 255, "")


def test_tracking_is_stored_as_far_as_it_says_something() -> None:
    assert as_stored(Tracking("", "newsletter", "")) == {"source": "newsletter"}
