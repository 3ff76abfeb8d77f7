"""The short way to say that a document is valid never says so of one that is not."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from graphql import GraphQLError, parse, validate

from resolvers.root import schema
from server.web.graphql.plainness import is_plain_and_valid
from server.web.graphql.validity import MOST_FAULTS, RULES, faults_in
from tests.server.web.fastpath.generator import Generator
from tests.server.web.fastpath.world import World

_CORE = schema._schema

FAULTY = [
    "{ viewer }",
    "{ viewer { locale { a } } }",
    "{ nobody }",
    "{ viewer { locale } } { viewer { timeZone } }",
    "query A { viewer { locale } } query A { viewer { locale } }",
    "query ($a: ID!) { viewer { locale } }",
    "{ meeting(id: $a) { id } }",
    "query ($a: ID) { meeting(id: $a) { id } }",
    "query ($a: ID!, $a: ID!) { meeting(id: $a) { id } }",
    "query ($a: Meeting) { meeting(id: $a) { id } }",
    "query ($a: Int! = 1, $b: ID!) { meeting(id: $b) { id } users(first: $a, first: 2) { edges { node { id } } } }",
    "query ($a: [ID!]) { meetings(first: 1, filter: {outcomes: $a}) { edges { node { id } } } }",
    "{ meeting { id } }",
    "{ meeting(id: 1.5) { id } }",
    "{ meeting(id: 1, no: 2) { id } }",
    "{ meetings(first: 1, filter: {no: 2}) { edges { node { id } } } }",
    "{ meetings(first: 1, filter: {host: 1, host: 2}) { edges { node { id } } } }",
    "{ a: viewer { locale } a: account { id } }",
    "{ viewer { a: locale a: timeZone } }",
    "{ viewer { locale @no } }",
    "{ viewer { locale @skip } }",
    "{ viewer { locale @skip(if: $a) } }",
    "{ viewer { locale @skip(if: true) @skip(if: true) } }",
    "{ ...No }",
    "{ viewer { ... on Meeting { id } } }",
    "{ viewer { locale } } fragment F on Viewer { locale }",
    "{ viewer { ...F } } fragment F on Viewer { ...F }",
    "subscription { meetingChanged { cursor } meetingBooked { cursor } }",
    "{ viewer { locale } } type T { a: Int }",
]

# Valid or not, but for graphql-core to say.
DOUBTFUL = [
    "{ __schema { types { name } } }",
    "{ viewer { locale locale } }",
    "{ viewer { ... { locale } } }",
    "query ($a: Boolean!) { viewer { locale @skip(if: $a) @include(if: $a) @no } }",
    "query @no { viewer { locale } }",
    "query ($a: Boolean! @no) { viewer { locale @skip(if: $a) } }",
    "query ($a: Boolean) { viewer { locale @skip(if: $a) } }",
    "subscription { meetingBooked @skip(if: true) { cursor } }",
    "subscription { __typename }",
    "query ($a: Int = 1.5) { users(first: $a) { edges { node { id } } } }",
    "query ($a: String) { users(first: $a) { edges { node { id } } } }",
    "query ($a: [Int!]!) { users(first: $a) { edges { node { id } } } }",
    "{ users(first: [1]) { edges { node { id } } } }",
    "{ users(first: 1, first: 1) { edges { node { id } } } }",
    "{ viewer { locale { __typename } } }",
    "{ meetings(first: 1, filter: {host: null}) { edges { node { id } } } }",
    "{ meetings(first: 1, filter: [{host: 1}]) { edges { node { id } } } }",
    "query ($a: Int!) { meetings(first: 1, filter: {host: $a}) { edges { node { id } } } }",
    "mutation { recordOutcome(input: {meeting: 1}) { meeting { id } } }",
    "{ viewer { __typename(a: 1) } }",
]
PLAIN = [
    "{ viewer { a: locale b: locale __typename } __typename }",
    "query A { viewer { locale } } query B { viewer { timeZone } }",
    "query ($a: Int = 3) { users(first: $a) { edges { node { id } } } }",
    "query ($a: Boolean!) { viewer { locale @skip(if: $a) @include(if: true) } }",
    "mutation ($a: RecordOutcomeInput!) { recordOutcome(input: $a) { meeting { id } } }",
    "query ($a: ID!) { meetings(first: 1, filter: {host: $a, isCanceled: true}) { edges { node { id } } } }",
    "subscription ($a: [ChangeKind!]) { meetingChanged(kinds: $a) { cursor } }",
    "subscription { meetingChanged(kinds: [MEETING_BOOKED]) { cursor } }",
]

OPERATIONS = [one.read_text() for one in sorted(Path("mobile_contract/operations").glob("*.graphql"))]


def told(errors: list[GraphQLError]) -> list[dict[str, Any]]:
    return [dict(one.formatted) for one in errors]


def both(text: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The faults of a document as found here, and as graphql-core finds them."""
    document = parse(text)
    return told(faults_in(_CORE, document)), told(validate(_CORE, document, RULES, MOST_FAULTS))


@pytest.mark.parametrize("text", FAULTY)
def test_faults_are_those_that_graphql_core_finds(text: str) -> None:
    ours, reference = both(text)
    assert reference
    assert ours == reference


@pytest.mark.parametrize("seed", range(60))
def test_a_document_with_something_left_out_or_twice_is_judged_as_by_graphql_core(seed: int) -> None:
    dice = Random(seed)
    world = World([None], ["mtg_1", "usr_1"], ["intro"], ["token"])
    generated = Generator(_CORE, world, dice).document().text
    words = dice.choice([generated, *OPERATIONS]).split(" ")
    for _ in range(10):
        place = dice.randrange(len(words))
        changed = " ".join([*words[:place], *words[place:][: dice.choice((0, 1))] * 2, *words[place + 1 :]])
        try:
            parse(changed)
        except GraphQLError:
            continue
        ours, reference = both(changed)
        assert ours == reference


@pytest.mark.parametrize("text", OPERATIONS)
def test_the_phones_own_operations_have_no_fault(text: str) -> None:
    assert both(text) == ([], [])


@pytest.mark.parametrize("text", [*OPERATIONS, *PLAIN])
def test_what_is_plain_takes_the_short_way(text: str) -> None:
    is_intricate = "..." in text
    assert is_plain_and_valid(_CORE, parse(text)) is not is_intricate


@pytest.mark.parametrize("text", [*FAULTY, *DOUBTFUL])
def test_what_has_a_fault_never_takes_the_short_way(text: str) -> None:
    assert not is_plain_and_valid(_CORE, parse(text))
