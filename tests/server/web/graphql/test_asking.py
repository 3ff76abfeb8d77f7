from typing import Any

import pytest

from server.web.graphql.asking import Asked, asked_in_address, asked_of, json_of
from server.web.graphql.refusals import RequestRefused

HASH = "ab" * 32


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({"query": "{ a }"}, Asked("{ a }")),
        ({"query": "{ a }", "operationName": None, "variables": None, "extensions": None}, Asked("{ a }")),
        ({"query": "{ a }", "operationName": "", "variables": {"b": 1}}, Asked("{ a }", None, None, {"b": 1})),
        ({"documentId": HASH}, Asked(None, HASH)),
        ({"documentId": f"sha256:{HASH.upper()}"}, Asked(None, HASH)),
        ({"doc_id": HASH}, Asked(None, HASH)),
        ({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": HASH}}}, Asked(None, HASH)),
        (
            {"query": "{ a }", "extensions": {"persistedQuery": {"version": 1, "sha256Hash": HASH}}},
            Asked("{ a }", HASH),
        ),
    ],
)
def test_asked_of(given: Any, asked: Asked) -> None:
    assert asked_of(given) == asked


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ("text", "JSON object"),
        (None, "JSON object"),
        (17, "JSON object"),
        ({}, "nothing to run"),
        ({"query": ""}, "nothing to run"),
        ({"query": 7}, "`query` must be a string"),
        ({"query": ["{ a }"]}, "`query` must be a string"),
        ({"query": "{ a }", "variables": "x"}, "`variables` must be a JSON object"),
        ({"query": "{ a }", "variables": [1]}, "`variables` must be a JSON object"),
        ({"query": "{ a }", "extensions": 1}, "`extensions` must be a JSON object"),
        ({"query": "{ a }", "operationName": 1}, "`operationName` must be a string"),
        ({"query": "{ a }", "operationName": "x" * 201}, "at most 200"),
        ({"documentId": "abc"}, "64 characters"),
        ({"documentId": 3}, "64 characters"),
        ({"extensions": {"persistedQuery": True}}, "version: 1"),
        ({"extensions": {"persistedQuery": {"version": 2, "sha256Hash": HASH}}}, "version: 1"),
        ({"extensions": {"persistedQuery": {"version": 1}}}, "64 characters"),
    ],
)
def test_asked_of_refuses_a_wrong_form(given: Any, part: str) -> None:
    with pytest.raises(RequestRefused, match=part) as refused:
        asked_of(given)
    assert refused.value.status == 400


def test_asked_in_address_reads_json_members() -> None:
    assert asked_in_address({"query": "{ a }", "variables": '{"b": [1]}', "operationName": "A"}) == Asked(
        "{ a }", None, "A", {"b": [1]}
    )


def test_asked_in_address_refuses_bad_json() -> None:
    with pytest.raises(RequestRefused, match="not JSON"):
        asked_in_address({"query": "{ a }", "variables": "{"})


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"NaN", b"[" * 100_000, b'{"query":' + b"9" * 5_000 + b"}", b'"\\ud800"', b"1e999"],
    ids=["empty", "cut", "not-utf8", "nan", "deep", "5000-digits", "half-a-pair", "infinite"],
)
def test_json_of_refuses_what_cannot_be_read(body: bytes) -> None:
    with pytest.raises(RequestRefused) as refused:
        json_of(body)
    assert (refused.value.status, refused.value.code) == (400, "BAD_USER_INPUT")


@pytest.mark.parametrize(
    "given",
    [
        {"query": "query($slug: String!) { x(slug: $slug) }", "variables": {"slug": "a\0b"}},
        {"query": "{ x }", "variables": {"deep": [{"a\0": 1}]}},
        {"query": r'{ x(slug: "\u0000") }'},
        {"query": r'{ x(slug: "\u{0}") }'},
        {"query": r'{ x(slug: "\u{000000}") }'},
        {"query": "{ x }", "operationName": "\0"},
    ],
)
def test_text_that_no_database_can_hold_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(RequestRefused, match=r"U\+0000"):
        asked_of(given)


def test_variables_nested_beyond_all_use_are_refused() -> None:
    deep: Any = 1
    for _ in range(900):
        deep = [deep]
    with pytest.raises(RequestRefused, match="too deep"):
        asked_of({"query": "{ x }", "variables": {"deep": deep}})
