import json
import re
from importlib import import_module

import pytest
from graphql import FieldNode, parse, validate, visit
from graphql.language import Visitor

from benchmarks import workloads
from benchmarks.contestants import PEERS
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


ASKED = ("today_tab", "meeting_links_menu", "record_outcome", "meeting_booked")
PEERS_FILES = {"meeting_links_menu": "links_menu"}


@pytest.mark.parametrize("name", ASKED)
def test_the_server_by_the_book_knows_all_that_is_asked(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for setting in ("DATABASE_URL", "PUBLIC_URL", "CHANNEL"):
        monkeypatch.setenv(setting, "unused")
    naive_app = import_module("benchmarks.servers.naive_app")
    assert validate(naive_app.schema._schema, parse(workloads.document(name))) == []


@pytest.mark.parametrize("name", ASKED)
def test_the_node_servers_answer_all_that_is_asked(name: str) -> None:
    code = "".join(_code(file) for file in (PEERS_FILES.get(name, name), "schema"))
    assert {field for field in _fields(name) if not re.search(rf"\b{field}\b", code)} == set()


def _code(file: str) -> str:
    return (PEERS / f"{file}.js").read_text()


def _fields(name: str) -> set[str]:
    found: set[str] = set()

    class Names(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            found.add(node.name.value)

    visit(parse(workloads.document(name)), Names())
    return found
