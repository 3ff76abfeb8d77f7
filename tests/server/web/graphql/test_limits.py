"""No document is expensive to refuse (SEC1, SEC2), measured against the schema that is really served."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from graphql import get_introspection_query

from resolvers.root import schema
from server.settings import Settings
from server.web.graphql.asking import Asked
from server.web.graphql.documents import Documents
from server.web.graphql.limits import introspects
from server.web.graphql.refusals import RequestRefused

MOST_CPU_SECONDS = 0.05


def nested(levels: int) -> str:
    return "{ todayMeetings { " + "host { " * levels + "id" + " }" * (levels + 2)


def doubling_fragments(levels: int) -> str:
    halves = " ".join(
        f"fragment F{n} on Viewer {{ ...F{n + 1} user {{ ... on User {{ id }} }} ...F{n + 1} }}" for n in range(levels)
    )
    return f"{{ viewer {{ ...F0 }} }} {halves} fragment F{levels} on Viewer {{ __typename }}"


def doubling_objects(levels: int) -> str:
    halves = " ".join(f"fragment F{n} on User {{ a: id ...F{n + 1} b: id ...F{n + 1} }}" for n in range(levels))
    return f"{{ viewer {{ user {{ ...F0 }} }} }} {halves} fragment F{levels} on User {{ id }}"


REFUSED = {
    "cycle 60 deep": nested(60),
    "braces 5,000 deep": "{a" * 5_000,
    "lists 900 deep": "{ meeting(id: " + "[" * 900 + "]" * 900 + ") { id } }",
    "fragment of itself": "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
    "41 fragments": "{ __typename }" + "".join(f" fragment F{n} on Query {{ __typename }}" for n in range(41)),
    "1,000 aliases": "{" + " ".join(f"a{n}: __typename" for n in range(1_000)) + "}",
    "61 aliases": "{ viewer {" + " ".join(f"a{n}: timeZone" for n in range(61)) + "} }",
    "the same field 1,900 times": "{ viewer {" + "timeZone " * 1_900 + "} }",
    "21 root fields": "{" + " ".join(f"a{n}: __typename" for n in range(21)) + "}",
    "21 root fields in fragments": "{ ...A ...B }"
    + "".join(
        f" fragment {name} on Query {{ {' '.join(f'{name}{n}: __typename' for n in range(11))} }}" for name in "AB"
    ),
    "60 directives": "{ __typename" + " @skip(if: true)" * 60 + "}",
    "1 MB of commas": "{" + "," * 1_000_000 + "__typename}",
    "1 MB of comments": "#\n" * 500_000 + "{ __typename }",
    "25,000 comments": "#\n" * 24_000 + "{ __typename }",
    "1 MB of one comment": "#" + "x" * 1_000_000 + "\n{ __typename }",
    "1,900 unknown fields": "{ viewer {" + " ".join(f"x{n}" for n in range(1_900)) + "} }",
    "5,000 digits": "{ meetings(first: " + "9" * 5_000 + ") { edges { cursor } } }",
    "400 unused variables": "query(" + " ".join(f"$v{n}: Int" for n in range(300)) + ") { __typename }",
    "21 operations": " ".join(f"query A{n} {{ __typename }}" for n in range(21)),
    "anonymous twice": "{ __typename } { __typename }",
    "a type definition": "type A { b: Int }",
    "nothing": " ",
    "half a surrogate pair": '{ meeting(id: "\\uD800") { id } }',
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_hostile_document_is_refused_at_once(text: str, chosen: Settings) -> None:
    documents = Documents(schema._schema, chosen)
    seconds = min(_refusal_seconds(documents, text) for _ in range(3))
    assert seconds < MOST_CPU_SECONDS


VALID_BUT_HEAVY = {
    "25 levels of doubling fragments": doubling_fragments(25),
    "20 levels of doubling objects": doubling_objects(20),
    "40 fragments in one place": "{ viewer { user {"
    + " ".join(f"...F{n}" for n in range(40))
    + "} } }"
    + "".join(f" fragment F{n} on User {{ id name email timeZone }}" for n in range(40)),
    "ten times ten inline fragments": "{ viewer { user {"
    + ("... on User {" + "... on User { id name email } " * 10 + "} ") * 10
    + "} } }",
}


@pytest.mark.parametrize("text", VALID_BUT_HEAVY.values(), ids=VALID_BUT_HEAVY.keys())
def test_heavy_document_is_read_at_once(text: str, chosen: Settings) -> None:
    assert min(_reading_seconds(text, chosen) for _ in range(3)) < MOST_CPU_SECONDS


@pytest.mark.parametrize("make", [doubling_fragments, doubling_objects], ids=["fragments", "objects"])
def test_time_grows_with_the_document_and_not_faster(make: Callable[[int], str], chosen: Settings) -> None:
    few, many = (min(_reading_seconds(make(levels), chosen) for _ in range(5)) for levels in (7, 28))
    assert many < few * 4 * 2.5


def test_as_much_as_the_page_says_may_be_asked(chosen: Settings) -> None:
    fragments = "".join(f" fragment F{n} on Query {{ __typename }}" for n in range(40))
    spread = [f"query A{n} {{ ...F{2 * n} ...F{2 * n + 1} }}" for n in range(20)]
    assert Documents(schema._schema, chosen).asked_for(Asked(" ".join(spread) + fragments))


def test_introspection_is_recognised_wherever_it_stands(chosen: Settings) -> None:
    documents = Documents(schema._schema, chosen)
    asked = {
        "{ __typename }": False,
        "{ __schema { queryType { name } } }": True,
        '{ ...A } fragment A on Query { ... on Query { __type(name: "Query") { name } } }': True,
    }
    found = {text: introspects(documents.asked_for(Asked(text)).node) for text in asked}
    assert found == asked


def test_usual_introspection_query_is_not_too_deep(chosen: Settings) -> None:
    assert Documents(schema._schema, chosen).asked_for(Asked(get_introspection_query())).introspects


def _refusal_seconds(documents: Documents, text: str) -> float:
    begun = time.process_time()
    with pytest.raises(RequestRefused) as refused:
        documents.asked_for(Asked(text))
    assert refused.value.status == 400
    assert refused.value.code in ("GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED")
    return time.process_time() - begun


def _reading_seconds(text: str, chosen: Settings) -> float:
    documents = Documents(schema._schema, chosen)
    begun = time.process_time()
    documents.asked_for(Asked(text))
    return time.process_time() - begun
