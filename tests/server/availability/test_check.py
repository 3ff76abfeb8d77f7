from dataclasses import replace
from datetime import date

import pytest

from server.availability import Member, Page, check, free_members, offered
from tests.server.availability.moments import at

WARSAW = "Europe/Warsaw"
PAGE = Page(tz=WARSAW, durations=(30, 60), increment=30, min_notice=60, window=None)
HOST = Member(
    id="ines",
    tz=WARSAW,
    weekly={0: [(600, 720)]},
    busy=[(at(WARSAW, "2026-06-01 10:30"), at(WARSAW, "2026-06-01 11:00"))],
)
NOW = at(WARSAW, "2026-06-01 08:00")


def test_every_second_that_the_list_does_not_offer_is_refused() -> None:
    day = date(2026, 6, 1)
    listed = {
        offer.start for offer in offered(PAGE, [HOST], now=NOW, start=day, end=day, duration=30, viewer_tz=WARSAW)
    }
    assert listed == {at(WARSAW, f"2026-06-01 {wall}") for wall in ("10:00", "11:00", "11:30")}
    seconds = range(at(WARSAW, "2026-06-01 09:59"), at(WARSAW, "2026-06-01 12:01"))
    assert {second for second in seconds if check(PAGE, [HOST], now=NOW, start=second, duration=30)} == listed


def test_free_members_are_those_of_the_offer() -> None:
    pair = replace(PAGE, kind="ROUND_ROBIN")
    other = replace(HOST, id="jan", busy=())
    asked = {"now": NOW, "duration": 30}
    assert free_members(pair, [HOST, other], start=at(WARSAW, "2026-06-01 11:00"), **asked) == ("ines", "jan")
    assert free_members(pair, [HOST, other], start=at(WARSAW, "2026-06-01 10:30"), **asked) == ("jan",)
    assert free_members(pair, [HOST, other], start=at(WARSAW, "2026-06-01 12:00"), **asked) == ()


@pytest.mark.parametrize("start", [-(1 << 40), 1 << 40])
def test_instants_beyond_the_calendar_are_refused_without_an_error(start: int) -> None:
    assert check(PAGE, [HOST], now=NOW, start=start, duration=30) is False


def test_page_that_is_not_active_takes_nothing() -> None:
    start = at(WARSAW, "2026-06-01 10:00")
    assert check(PAGE, [HOST], now=NOW, start=start, duration=30)
    assert not check(replace(PAGE, is_active=False), [HOST], now=NOW, start=start, duration=30)
