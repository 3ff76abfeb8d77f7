"""What an address says."""

from datetime import UTC, datetime

import pytest

from server.web.pages.visit import instant, locale_of, written


@pytest.mark.parametrize(
    ("chosen", "of_link", "accepted", "expected"),
    [
        ("pl", "zh-Hant", "en-US", "pl"),
        (None, "zh-Hant", "en-US", "zh-Hant"),
        (None, None, "en-US,en;q=0.9", "en-US"),
        ("en", None, "en-US", "en-US"),
        (None, None, "sv", "pl"),
        (None, None, "fr-CA,fr;q=0.9", "fr-CA"),
        ("xx", "", "", "pl"),
    ],
)
def test_the_language_is_chosen_here_or_the_links_or_the_browsers_or_the_accounts(
    chosen: str | None, of_link: str | None, accepted: str, expected: str
) -> None:
    assert locale_of(chosen, of_link, accepted, "pl") == expected


def test_an_instant_is_read_as_it_was_written() -> None:
    at = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert (written(at), instant(written(at))) == ("2026-11-24T09:30Z", at)


@pytest.mark.parametrize(
    "text",
    ["", "2026-11-24", "2026-11-24T09:30", "2026-13-01T00:00Z", "now", "0001-01-01T00:00Z", "9999-12-31T23:59Z"],
)
def test_anything_else_is_no_instant(text: str) -> None:
    assert instant(text) is None
