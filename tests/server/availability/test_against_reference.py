"""The engine against the slow reference: 20,000 cases with `PARLEY_TEST_FULL=1`, half of them near clock changes."""

import os
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.availability import Offer, ReasonCode, check, explain, free_members, offered
from tests.server.availability.cases import Case, cases, midnight
from tests.server.availability.reference import hosts_at, listed, member_objections, page_objections

IS_FULL = os.environ.get("PARLEY_TEST_FULL") == "1"
CASES, SOME_CASES = (20_000, 1_000) if IS_FULL else (600, 75)
at_random = settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))
briefly = settings(max_examples=2_000 if IS_FULL else 100, deadline=None, suppress_health_check=list(HealthCheck))

BUSY_CODES = {ReasonCode.BUSY, ReasonCode.BUFFER}
HOURS_CODES = {ReasonCode.OUTSIDE_HOURS, ReasonCode.DAY_OVERRIDDEN}


def offered_starts(case: Case) -> list[int]:
    return [offer.start for offer in offered_for(case)]


def offered_for(case: Case) -> list[Offer]:
    return offered(
        case.page,
        case.members,
        now=case.now,
        start=case.start,
        end=case.end,
        duration=case.duration,
        viewer_tz=case.viewer_tz,
    )


@pytest.mark.capability("S1-23")
@given(case=cases(), seconds=st.lists(st.integers(0, 2 * 86_400), min_size=8, max_size=8))
@at_random
def test_list_check_and_explanation_are_those_of_the_reference(case: Case, seconds: list[int]) -> None:
    expected = listed(
        case.page,
        case.members,
        now=case.now,
        start=case.start,
        end=case.end,
        duration=case.duration,
        viewer_tz=case.viewer_tz,
    )
    assert [(offer.start, offer.members) for offer in offered_for(case)] == expected
    on_offer = [start for start, _ in expected]
    for start in [*on_offer[:3], *on_offer[-3:], *(midnight(case.start) + second for second in seconds)]:
        asked = {"now": case.now, "start": start, "duration": case.duration}
        hosts = hosts_at(case.page, case.members, **asked)
        assert free_members(case.page, case.members, **asked) == hosts
        assert check(case.page, case.members, **asked) == bool(hosts)
        assert (explain(case.page, case.members, **asked) == []) == bool(hosts)


@given(case=cases(), second=st.integers(0, 2 * 86_400))
@briefly
def test_reasons_are_the_rules_that_the_reference_finds_broken(case: Case, second: int) -> None:
    start = midnight(case.start) + second // 300 * 300
    reasons = explain(case.page, case.members, now=case.now, start=start, duration=case.duration)
    of_page = {str(reason.code) for reason in reasons if reason.member is None}
    objections = page_objections(case.page, now=case.now, start=start, duration=case.duration)
    assert of_page == (objections if case.members else objections | {"MEMBER_INACTIVE"})
    each = {one.id: member_objections(case.page, one, start, case.duration * 60) for one in case.members}
    if case.page.kind == "ROUND_ROBIN" and not all(each.values()):
        each = {}
    for member in case.members:
        codes = {reason.code for reason in reasons if reason.member == member.id}
        grouped = {"BUSY" if code in BUSY_CODES else "HOURS" if code in HOURS_CODES else str(code) for code in codes}
        assert grouped == each.get(member.id, set())


@given(case=cases())
@briefly
def test_list_and_check_agree_about_every_minute(case: Case) -> None:
    starts = set(offered_starts(case))
    first, last = midnight(case.start) - 15 * 3600, midnight(case.end + timedelta(days=1)) + 15 * 3600
    wide = replace(case, start=case.start - timedelta(days=2), end=case.end + timedelta(days=2))
    bookable = {
        minute
        for minute in range(first, last, 60)
        if check(case.page, case.members, now=case.now, start=minute, duration=case.duration)
    }
    assert starts <= bookable
    assert bookable == {start for start in offered_starts(wide) if first <= start < last}
