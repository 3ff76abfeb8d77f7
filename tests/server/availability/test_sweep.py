from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.availability import Window
from server.availability.sweep import members_in
from tests.server.availability.cases import Case, cases
from tests.server.availability.test_against_reference import SOME_CASES, offered_starts


@given(case=cases(), increment=st.sampled_from([7, 25, 45, 50, 60, 100, 240, 420, 1000]), anchor=st.integers(0, 1439))
@settings(max_examples=SOME_CASES * 2, deadline=None, suppress_health_check=list(HealthCheck))
def test_rotation_of_one_offers_what_a_personal_page_does(case: Case, increment: int, anchor: int) -> None:
    """Across midnights and clock changes, where the grid is least even."""
    page = replace(
        case.page, increment=increment, grid_anchor=anchor, window=Window.dates(None, None), daily_limit=None
    )
    members = tuple(replace(member, is_active=True, calendar_unreachable=False) for member in case.members[:1])
    wide = replace(case, members=members, end=case.end + timedelta(days=2), now=case.now - 5 * 86_400, duration=15)
    personal = replace(wide, page=replace(page, kind="PERSONAL"))
    assert offered_starts(replace(wide, page=replace(page, kind="ROUND_ROBIN"))) == offered_starts(personal)


@given(ids=st.lists(st.integers(), max_size=70, unique=True), mask=st.integers(0, (1 << 70) - 1))
def test_members_are_those_whose_bits_are_set(ids: list[int], mask: int) -> None:
    within = mask & ((1 << len(ids)) - 1)
    assert members_in(ids, within) == tuple(one for place, one in enumerate(ids) if within & (1 << place))
