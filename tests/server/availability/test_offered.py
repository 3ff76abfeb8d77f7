import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest

from server.availability import Member, Page, offered, pick
from server.models.enums import MeetingLinkKind
from tests.server.availability.moments import NINE_TO_FIVE, at

WARSAW = "Europe/Warsaw"
PAGE = Page(tz=WARSAW, durations=(30,), increment=60, min_notice=0, window=None)
HOST = Member(id=1, tz=WARSAW, weekly=NINE_TO_FIVE)
DAY = date(2026, 6, 1)


def listed(page: Page, members: list[Member], viewer_tz: str = WARSAW, until: date = DAY) -> list[int]:
    return [
        offer.start for offer in offered(page, members, now=0, start=DAY, end=until, duration=30, viewer_tz=viewer_tz)
    ]


def test_viewer_far_away_sees_the_slots_that_start_on_their_own_date() -> None:
    assert listed(PAGE, [HOST], "America/Los_Angeles") == [
        at(WARSAW, f"2026-06-01 {hour:02}:00") for hour in range(9, 17)
    ]
    assert listed(PAGE, [HOST], "Pacific/Kiritimati") == [
        *(at(WARSAW, f"2026-05-31 {hour}:00") for hour in range(12, 17)),
        *(at(WARSAW, f"2026-06-01 {hour:02}:00") for hour in range(9, 12)),
    ]


def test_both_ends_of_the_asked_dates_are_included() -> None:
    assert len(listed(PAGE, [HOST], until=date(2026, 6, 3))) == 3 * 8
    assert listed(PAGE, [HOST], until=date(2026, 5, 31)) == []


def test_members_of_an_offer_are_in_the_order_of_the_page() -> None:
    late = replace(HOST, id=7, weekly=dict.fromkeys(range(7), [(900, 1020)]))
    offers = offered(
        replace(PAGE, kind="ROUND_ROBIN"), [late, HOST], now=0, start=DAY, end=DAY, duration=30, viewer_tz=WARSAW
    )
    assert [offer.members for offer in offers] == [(1,)] * 6 + [(7, 1)] * 2


def test_kind_is_taken_as_text_in_any_case_or_as_the_enum_of_the_data() -> None:
    for kind in ("group", "GROUP", "individual", "round robin", MeetingLinkKind.GROUP):
        assert listed(replace(PAGE, kind=kind), [HOST]) == listed(PAGE, [HOST])
    with pytest.raises(ValueError, match="COMMITTEE"):
        replace(PAGE, kind="COMMITTEE")


def test_page_without_members_offers_nothing() -> None:
    for kind in MeetingLinkKind:
        assert listed(replace(PAGE, kind=kind), []) == []


@pytest.mark.parametrize("module", ["tortoise", "server.database", "server.models", "strawberry"])
def test_door_opens_without_a_database(module: str) -> None:
    program = f"import sys, server.availability; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_pick_stands_at_the_same_door() -> None:
    assert pick([], []) is None
