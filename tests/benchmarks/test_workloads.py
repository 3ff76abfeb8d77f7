import json
import re

from benchmarks import workloads
from benchmarks.data import SMALL


def test_no_two_requests_that_must_not_be_kept_are_alike() -> None:
    runs = (
        [*workloads.today_tab(SMALL, 3_000), *workloads.today_tab(SMALL, 3_000, run=5)],
        workloads.links_menu(SMALL, 6_000),
        [*workloads.record_outcome(SMALL, 3_000), *workloads.record_outcome(SMALL, 3_000, skip=3_000)],
    )
    for asks in runs:
        assert len({(ask.user, ask.body) for ask in asks}) == len(asks)


def test_a_document_not_seen_before_differs_in_its_name_alone() -> None:
    unseen = [json.loads(ask.body) for ask in workloads.today_tab_unseen(SMALL, 50)]
    known = [json.loads(ask.body) for ask in workloads.today_tab(SMALL, 50)]
    assert len({body["query"] for body in unseen}) == 50
    assert [body["variables"] for body in unseen] == [body["variables"] for body in known]
    assert {re.sub(r"TodayTab\d+", "TodayTab", body["query"]) for body in unseen} == {known[0]["query"]}


def test_outcomes_are_recorded_by_the_hosts_of_meetings() -> None:
    asks = workloads.record_outcome(SMALL, 2_000)
    numbers = [int(json.loads(ask.body)["variables"]["input"]["meeting"].removeprefix("mtg_")) for ask in asks]
    assert [ask.user for ask in asks] == [(number - 1) // 9 % SMALL.all_users + 1 for number in numbers]
