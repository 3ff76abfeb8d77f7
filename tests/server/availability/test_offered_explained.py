"""Listed, checked and left without a reason are one and the same, at any second: 100,000 instants in full."""

import os
from datetime import timedelta
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.availability import Offer, check, explain, free_members, offered
from tests.server.availability.cases import Case, cases, midnight

INSTANTS = 50
CASES = 2_000 if os.environ.get("PARLEY_TEST_FULL") == "1" else 40
ANY_ZONE = timedelta(days=2)


def wide_list(case: Case) -> list[Offer]:
    """The list of the case's days and of those around them, whatever the viewer's zone."""
    return offered(
        case.page,
        case.members,
        now=case.now,
        start=case.start - ANY_ZONE,
        end=case.end + ANY_ZONE,
        duration=case.duration,
        viewer_tz=case.viewer_tz,
    )


@given(case=cases(), dice=st.randoms(use_true_random=False))
@settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_start_is_listed_exactly_when_nothing_speaks_against_it(case: Case, dice: Random) -> None:
    """Half of the instants are starts of the list or a minute away from one, the others anywhere around."""
    asked = {"now": case.now, "duration": case.duration}
    offers = {offer.start: offer.members for offer in wide_list(case)}
    first, last = midnight(case.start), midnight(case.end + timedelta(days=1))
    listed = sorted(offers)
    for number in range(INSTANTS):
        start = dice.randrange(first, last)
        if number % 2 and listed:
            start = dice.choice(listed) + dice.choice((0, 0, 0, 60, -60, 1))
        hosts = free_members(case.page, case.members, start=start, **asked)
        assert hosts == offers.get(start, ())
        assert check(case.page, case.members, start=start, **asked) is bool(hosts)
        assert (explain(case.page, case.members, start=start, **asked) == []) is bool(hosts)
