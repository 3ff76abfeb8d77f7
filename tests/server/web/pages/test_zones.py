"""Where a visitor probably is."""

from datetime import UTC, datetime

import pytest

from server.web.pages.zones import guessed, is_zone, zone_groups


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("pl-PL,pl;q=0.9", "Europe/Warsaw"),
        ("pl", "Europe/Warsaw"),
        ("zh-TW", "Asia/Taipei"),
        ("zh-Hant", "Asia/Taipei"),
        ("en-GB", "Europe/London"),
        ("en-US,en;q=0.9", "Europe/Berlin"),
        ("en", "Europe/Berlin"),
        ("", "Europe/Berlin"),
        ("\x00;;;,-", "Europe/Berlin"),
    ],
)
def test_the_language_tells_the_zone_where_it_can(accepted: str, expected: str) -> None:
    assert guessed(accepted, "Europe/Berlin") == expected


def test_of_a_land_with_many_zones_the_page_has_the_likeliest() -> None:
    assert guessed("en-US", "America/Chicago") == "America/Chicago"


@pytest.mark.parametrize("text", ["", "Mars/Olympus", "../../etc/passwd", "europe/warsaw"])
def test_is_zone_knows_the_names_of_the_zone_data_only(text: str) -> None:
    assert not is_zone(text)


def test_zone_groups_begin_with_the_likely_ones_and_choose_one() -> None:
    now = datetime(2026, 11, 24, 13, 2, tzinfo=UTC)
    first, *regions = zone_groups(now, "en", "Asia/Taipei", ["Asia/Taipei", "Europe/Warsaw", "Asia/Taipei"])
    assert [one.label for one in first.choices] == ["Taipei (UTC+8, 21:02)", "Warsaw (UTC+1, 14:02)"]
    chosen = [one.tz for group in (first, *regions) for one in group.choices if one.is_chosen]
    assert chosen == ["Asia/Taipei"]
    assert sum(len(group.choices) for group in regions) > 400
