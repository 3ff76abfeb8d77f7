from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from server.demo.cast import COLLEAGUES
from server.demo.diary import CANCELED, SCHEDULED, Entry, diary

TUESDAY = datetime(2026, 11, 24, 11, 7, 12, tzinfo=UTC)
INES = COLLEAGUES[0]


def _story(now: datetime = TUESDAY, seed: int = 7) -> list[Entry]:
    return diary(Random(seed), now, contacts=14)


def test_the_same_seed_at_the_same_time_tells_the_same_story() -> None:
    assert _story() == _story()
    assert _story(seed=8) != _story()


@pytest.mark.parametrize("seed", range(20))
def test_no_host_has_two_meetings_at_once(seed: int) -> None:
    for colleague in COLLEAGUES:
        own = [one for one in _story(seed=seed) if colleague.key in one.hosts]
        assert all(earlier.ends_at <= later.starts_at for earlier, later in _neighbours(own))


@pytest.mark.parametrize("now", [TUESDAY, TUESDAY + timedelta(days=4), datetime(2027, 3, 28, 0, 30, tzinfo=UTC)])
def test_today_is_full_whatever_day_it_is(now: datetime) -> None:
    zone = ZoneInfo(INES.time_zone)
    today = [
        one
        for one in _story(now)
        if INES.key in one.hosts and one.starts_at.astimezone(zone).date() == now.astimezone(zone).date()
    ]
    assert len(today) >= 4
    assert all(9 <= one.starts_at.astimezone(zone).hour < 18 for one in today)


def test_what_is_told_fits_together() -> None:
    story = _story()
    assert story
    for one in story:
        assert one.agreed_at < TUESDAY
        assert (one.canceled_at is not None) is (one.outcome == CANCELED)
        assert one.canceled_at is None or one.agreed_at < one.canceled_at <= TUESDAY
        assert one.outcome in (SCHEDULED, CANCELED) or one.ends_at < TUESDAY


def test_nothing_of_the_last_day_has_an_outcome_yet() -> None:
    recent = [one for one in _story() if TUESDAY - timedelta(days=1) < one.ends_at <= TUESDAY]
    assert recent
    assert {one.outcome for one in recent} == {SCHEDULED}


def test_the_story_reaches_two_weeks_both_ways() -> None:
    story = _story()
    assert story[0].starts_at < TUESDAY - timedelta(days=12)
    assert story[-1].starts_at > TUESDAY + timedelta(days=12)


def _neighbours(entries: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    return list(zip(entries, entries[1:], strict=False))
