from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.availability import Member, Page, Timetable, offered
from tests.server.availability.cases import ZONES, Case, cases
from tests.server.availability.test_against_reference import SOME_CASES


@given(case=cases(), later=st.integers(0, 90_000), viewer_tz=st.sampled_from(ZONES))
@settings(max_examples=SOME_CASES, deadline=None, suppress_health_check=list(HealthCheck))
def test_timetable_answers_as_the_list_does_at_any_time_and_for_any_viewer(
    case: Case, later: int, viewer_tz: str
) -> None:
    timetable = Timetable(case.page, case.members, start=case.start, end=case.end, duration=case.duration)
    for now, zone in ((case.now, case.viewer_tz), (case.now + later, viewer_tz)):
        assert timetable.offered(now=now, start=case.start, end=case.end, viewer_tz=zone) == offered(
            case.page, case.members, now=now, start=case.start, end=case.end, duration=case.duration, viewer_tz=zone
        )


@pytest.mark.parametrize("days", [-1, 1])
def test_timetable_refuses_dates_that_it_does_not_cover(days: int) -> None:
    day = date(2026, 6, 1)
    timetable = Timetable(replace(Page(), window=None), [Member(id=1)], start=day, end=day, duration=30)
    other = day + timedelta(days=days)
    with pytest.raises(ValueError, match="does not reach"):
        timetable.offered(now=0, start=min(day, other), end=max(day, other), viewer_tz="UTC")
