"""GraphQL over HTTP, rule by rule; the audits of npm graphql-http run in tests/clients."""

from __future__ import annotations

import gzip
from typing import Any

import httpx
import orjson
import pytest

from server import settings
from server.web.graphql.documents import sha256_of
from server.web.graphql.endpoint import GraphqlEndpoint
from server.web.graphql.operations import Operations
from tests.server.web.graphql import small_schema
from tests.server.web.graphql.small_schema import counters

RESPONSE = "application/graphql-response+json"
LEGACY = "application/json"
NOT_FORGED = {"apollo-require-preflight": "1"}


async def ask(client: httpx.AsyncClient, query: str, *, accept: str = RESPONSE, **members: Any) -> httpx.Response:
    return await client.post("/graphql", json={"query": query, **members}, headers={"accept": accept})


async def test_query_by_post(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "query A($n: String!) { greeting(name: $n) }", variables={"n": "Ines"})
    assert (answer.status_code, answer.json()) == (200, {"data": {"greeting": "Hello Ines. "}})
    assert answer.headers["content-type"] == f"{RESPONSE}; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_query_by_get(client: httpx.AsyncClient) -> None:
    parameters = {"query": "query A($n: String!) { greeting(name: $n) }", "variables": '{"n": "Ines"}'}
    answer = await client.get("/graphql", params=parameters, headers=NOT_FORGED)
    assert (answer.status_code, answer.json()) == (200, {"data": {"greeting": "Hello Ines. "}})
    assert answer.headers["content-type"] == f"{LEGACY}; charset=utf-8"


async def test_mutation_by_get_is_not_run(client: httpx.AsyncClient) -> None:
    before = counters.runs
    answer = await client.get("/graphql", params={"query": "mutation { run }"}, headers=NOT_FORGED)
    assert (answer.status_code, answer.headers["allow"], counters.runs) == (405, "POST", before)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD"])
async def test_other_methods(client: httpx.AsyncClient, method: str) -> None:
    answer = await client.request(method, "/graphql")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    ("query", "code", "in_new", "in_legacy"),
    [
        ("{", "GRAPHQL_PARSE_FAILED", 400, 200),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED", 400, 200),
        ("query A($n: String!) { greeting(name: $n) }", "BAD_USER_INPUT", 400, 200),
        ("query A { greeting } query B { greeting }", "BAD_USER_INPUT", 400, 200),
        ("{ __schema { queryType { name } } }", "FORBIDDEN", 400, 200),
        ("{ branch { branches(first: 100) { branches(first: 100) { branches(first: 100) { name } } } } }",
         "COST_LIMIT", 400, 200),
    ],
)  # fmt: skip
async def test_refusals_have_a_code_and_the_right_status(
    client: httpx.AsyncClient, query: str, code: str, in_new: int, in_legacy: int
) -> None:
    for accept, status in ((RESPONSE, in_new), (LEGACY, in_legacy)):
        answer = await ask(client, query, accept=accept)
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (status, code)
        assert "data" not in answer.json()


async def test_an_error_of_a_field_is_an_answer_all_the_same(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "{ refused }")
    assert answer.status_code == 200
    assert answer.json() == {
        "errors": [
            {
                "message": "That is not for you.",
                "locations": [{"line": 1, "column": 3}],
                "path": ["refused"],
                "extensions": {"code": "FORBIDDEN"},
            }
        ],
        "data": None,
    }


async def test_a_busy_database_is_told_as_something_that_passes(client: httpx.AsyncClient) -> None:
    error = (await ask(client, "{ busy }")).json()["errors"][0]
    assert (error["extensions"]["code"], error["extensions"]["isRetryable"]) == ("INTERNAL", True)


async def test_a_failure_outside_the_execution_is_a_graphql_answer_too(client: httpx.AsyncClient) -> None:
    # No database is connected here, so nobody can say whose token this is.
    headers = {"authorization": "Bearer parley_x"}
    answer = await client.post("/graphql", json={"query": "{ greeting }"}, headers=headers)
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["extensions"]["code"]) == (500, "INTERNAL")
    assert error["extensions"]["reference"] in error["message"]


async def test_an_unexpected_error_is_told_as_a_reference_only(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "{ broken }")
    error = answer.json()["errors"][0]
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["extensions"]["reference"] in error["message"]
    assert "swordfish" not in answer.text


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"1", b'"x"', b"[]", b"\xff", b"[" * 100_000, b"9" * 5_000, b'{"query": {}}', b"\x00"],
    ids=["empty", "cut", "null", "number", "string", "empty-batch", "not-utf8", "deep", "digits", "object", "zero"],
)
@pytest.mark.parametrize("accept", [RESPONSE, LEGACY])
async def test_broken_bodies_are_400(client: httpx.AsyncClient, body: bytes, accept: str) -> None:
    headers = {"content-type": LEGACY, "accept": accept}
    answer = await client.post("/graphql", content=body, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_USER_INPUT")


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ('Application/JSON; Charset="UTF-8"', 200),
        ("application/json; charset=utf-16", 415),
        ("application/jsonx", 415),
        ("application/graphql", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("text/plain", 415),
        ("", 415),
    ],
)
async def test_only_json_bodies_are_read(client: httpx.AsyncClient, content_type: str, status: int) -> None:
    content = orjson.dumps({"query": "{ greeting }"})
    answer = await client.post("/graphql", content=content, headers={"content-type": content_type})
    assert answer.status_code == status


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "application/json; charset=iso-8859-1"])
async def test_an_answer_that_cannot_be_read_is_not_made(client: httpx.AsyncClient, accept: str) -> None:
    assert (await ask(client, "{ greeting }", accept=accept)).status_code == 406


async def test_get_without_proof_may_be_forged(client: httpx.AsyncClient) -> None:
    parameters = {"query": "{ greeting }"}
    statuses = {
        name: (await client.get("/graphql", params=parameters, headers=headers)).status_code
        for name, headers in {
            "bare": {},
            "simple": {"content-type": "text/plain"},
            "apollo web": {"content-type": "application/json"},
            "apollo phone": {"x-apollo-operation-name": "A"},
            "explicit": NOT_FORGED,
        }.items()
    }
    assert statuses == {"bare": 400, "simple": 400, "apollo web": 200, "apollo phone": 200, "explicit": 200}


async def test_wrong_token_is_401(client: httpx.AsyncClient, db: str) -> None:
    for authorization in ("Bearer nonsense", "Bearer parley_nonsense", "Basic abc", "Bearer", "Bearer a.b.c"):
        answer = await client.post("/graphql", json={"query": "{ greeting }"}, headers={"authorization": authorization})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert [error["extensions"]["code"] for error in answer.json()["errors"]] == ["UNAUTHENTICATED"]


async def test_guessing_tokens_is_limited(client: httpx.AsyncClient, db: str) -> None:
    headers = {"authorization": "Bearer parley_guess"}
    answers = [await client.post("/graphql", json={"query": "{ greeting }"}, headers=headers) for _ in range(301)]
    assert [answer.status_code for answer in answers] == [401] * 300 + [429]
    assert answers[0].headers["ratelimit-remaining"] == "299"


async def test_right_token_is_a_viewer(client: httpx.AsyncClient, token: str) -> None:
    query = "{ whoami __schema { queryType { name } } }"
    answer = await client.post("/graphql", json={"query": query}, headers={"authorization": f"Bearer {token}"})
    assert answer.json()["data"]["whoami"].startswith("user:")
    assert answer.json()["data"]["__schema"] == {"queryType": {"name": "Query"}}


async def test_persisted_get_is_kept_and_revalidated(client: httpx.AsyncClient, endpoint: GraphqlEndpoint) -> None:
    query = "query Greeting { greeting }"
    endpoint.operations.documents.persist([query])
    parameters = {"documentId": f"sha256:{sha256_of(query)}"}
    first = await client.get("/graphql", params=parameters, headers=NOT_FORGED)
    assert (first.status_code, first.headers["cache-control"]) == (200, "private, no-cache")
    tag = first.headers["etag"]
    for known in (tag, f'W/"other", {tag}'):
        again = await client.get("/graphql", params=parameters, headers={**NOT_FORGED, "if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = await client.get("/graphql", params=parameters, headers={**NOT_FORGED, "if-none-match": 'W/"other"'})
    assert other.status_code == 200


async def test_apollo_registers_a_document_by_asking_twice(client: httpx.AsyncClient) -> None:
    query = "query Twice { greeting }"
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": sha256_of(query)}}
    first = await client.post("/graphql", json={"extensions": extensions})
    assert first.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    for members in ({"query": query, "extensions": extensions}, {"extensions": extensions}):
        assert (await client.post("/graphql", json=members)).json() == {"data": {"greeting": "Hello you. "}}


async def test_a_list_in_several_lines_is_one_list(client: httpx.AsyncClient) -> None:
    lines = [("accept", "text/html"), ("accept", RESPONSE)]
    answer = await client.post("/graphql", json={"query": "{ greeting }"}, headers=lines)
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, RESPONSE)


async def test_a_batch_is_no_stream(client: httpx.AsyncClient) -> None:
    answer = await client.post("/graphql", json=[{"query": "{ greeting }"}], headers={"accept": "text/event-stream"})
    assert answer.status_code == 406


async def test_batch_answers_each(client: httpx.AsyncClient) -> None:
    batch = [{"query": "{ greeting }"}, {"query": "{"}, 7, {"query": "subscription { never }"}]
    answer = await client.post("/graphql", json=batch)
    assert answer.status_code == 200
    told = [one.get("data") or one["errors"][0]["extensions"]["code"] for one in answer.json()]
    assert told == [{"greeting": "Hello you. "}, "GRAPHQL_PARSE_FAILED", "BAD_USER_INPUT", "BAD_USER_INPUT"]


async def test_batch_is_not_compressed_since_a_mutation_may_be_in_it(client: httpx.AsyncClient) -> None:
    batch = [{"query": "{ greeting(times: 500) }"}]
    answer = await client.post("/graphql", json=batch, headers={"accept-encoding": "gzip"})
    assert ("content-encoding" in answer.headers, len(answer.content) > 5_000) == (False, True)


async def test_batch_is_bounded(client: httpx.AsyncClient) -> None:
    answer = await client.post("/graphql", json=[{"query": "{ greeting }"}] * 11)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_USER_INPUT")


async def test_cost_is_told_when_asked_for(client: httpx.AsyncClient) -> None:
    query = {"query": "{ branch { branches(first: 3) { name } } }"}
    asked = await client.post("/graphql", json=query, headers={"x-cost": "1"})
    assert asked.json()["extensions"] == {"cost": {"requested": 4, "limit": 20_000}}
    assert "extensions" not in (await client.post("/graphql", json=query)).json()


async def test_long_answers_are_compressed(client: httpx.AsyncClient) -> None:
    query = {"query": "{ greeting(times: 500) }"}
    headers = {"accept-encoding": "gzip"}
    async with client.stream("POST", "/graphql", json=query, headers=headers) as answer:
        raw = b"".join([piece async for piece in answer.aiter_raw()])
    assert (answer.headers["content-encoding"], int(answer.headers["content-length"])) == ("gzip", len(raw))
    assert orjson.loads(gzip.decompress(raw))["data"]["greeting"].startswith("Hello you.")
    plain = await client.post("/graphql", json=query, headers={"accept-encoding": "gzip;q=0, identity"})
    assert "content-encoding" not in plain.headers


async def test_pages_of_allowed_origins_may_read_answers(client: httpx.AsyncClient, endpoint: GraphqlEndpoint) -> None:
    preflight = {"access-control-request-method": "POST"}
    for origin, is_allowed in (("https://meet.example.com", True), ("https://evil.example", False)):
        answer = await client.post("/graphql", json={"query": "{ greeting }"}, headers={"origin": origin})
        asked = await client.options("/graphql", headers={"origin": origin, **preflight})
        assert answer.headers.get("access-control-allow-origin") == (origin if is_allowed else None)
        assert asked.status_code == 204
        assert asked.headers.get("access-control-allow-origin") == (origin if is_allowed else None)
        assert ("authorization" in asked.headers.get("access-control-allow-headers", "")) is is_allowed


async def test_flood_is_429_with_a_time_to_come_back(client: httpx.AsyncClient) -> None:
    answers = [await client.post("/graphql", json={"query": "{ greeting }"}) for _ in range(301)]
    assert [answer.status_code for answer in answers] == [200] * 300 + [429]
    assert answers[0].headers["ratelimit-limit"] == "300"
    assert answers[0].headers["ratelimit-remaining"] == "299"
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert answers[-1].json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"


async def test_a_fragment_is_no_way_around_the_stricter_limit(client: httpx.AsyncClient) -> None:
    hidden = "mutation { ...A } fragment A on Mutation { ... { a: signIn b: signIn } }"
    answers = [await client.post("/graphql", json={"query": hidden}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]


async def test_sign_in_has_a_stricter_limit(client: httpx.AsyncClient) -> None:
    answers = [await client.post("/graphql", json={"query": "mutation { a: signIn }"}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert (await client.post("/graphql", json={"query": "{ greeting }"})).status_code == 200


async def test_a_query_that_takes_too_long_is_given_up(chosen: settings.Settings) -> None:
    short = chosen.model_copy(update={"limit_query_seconds": 0.05})
    transport = httpx.ASGITransport(app=GraphqlEndpoint(Operations(small_schema.schema, short)))
    async with httpx.AsyncClient(transport=transport, base_url="https://meet.example.com") as impatient:
        answers = [await ask(impatient, "{ slow }", accept=accept) for accept in (RESPONSE, LEGACY)]
    assert [one.status_code for one in answers] == [400, 200]
    assert {one.json()["errors"][0]["extensions"]["code"] for one in answers} == {"TIME_LIMIT"}
