"""Where the page is, what it may fetch, and to whom it gives the demo's token."""

from __future__ import annotations

import json
import re

import httpx
import pytest

from server import settings
from server.app import build_app

pytestmark = pytest.mark.usefixtures("graphiql_files")

KNOWN = {"token": "a-token", "email": "ines@linden.example", "password": "swordfish", "slug": "ines"}


async def visited(
    path: str, *, is_on: bool = True, host: str = "localhost", client: str = "127.0.0.1", **headers: str
) -> httpx.Response:
    """The answer of a server with or without GraphiQL to somebody at that address."""
    own = settings.read(demo=True, graphiql=is_on, public_url="http://meet.example.com:8000", secret_key="k" * 40)
    settings.use(own)
    transport = httpx.ASGITransport(app=build_app(own, known=KNOWN), client=(client, 1234))
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as asking:
        return await asking.get(path, headers=headers)


def start_of(answer: httpx.Response) -> dict[str, object]:
    """What the page begins with."""
    found = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', answer.text, re.DOTALL)
    assert found is not None
    return dict(json.loads(found[1]))


async def test_it_is_off_unless_asked_for() -> None:
    for path in ("/dev/graphiql", "/dev/graphiql/graphiql.js", "/dev/graphiql/schema.json"):
        assert (await visited(path, is_on=False)).status_code == 404
    assert settings.read(secret_key="k" * 40).graphiql is False


async def test_the_page_runs_nothing_but_its_own_files() -> None:
    answer = await visited("/dev/graphiql")
    assert answer.status_code == 200
    nonce = re.search(r'data-nonce="([\w-]+)"', answer.text)
    assert nonce is not None
    assert answer.headers["content-security-policy"] == (
        f"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce[1]}'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert answer.headers["cache-control"] == "no-store"
    assert set(re.findall(r'(?:src|href)="([^"?]*)', answer.text)) == {
        "data:,",
        *(f"graphiql/{name}" for name in ("graphiql.css", "page.css", "page.js")),
        *(f"graphiql/{name}" for name in ("react.js", "react-dom.js", "graphiql.js")),
    }


@pytest.mark.parametrize("accepts", ["gzip", "identity"])
async def test_each_file_of_the_page_is_served_and_may_be_kept(accepts: str) -> None:
    page = (await visited("/dev/graphiql")).text
    for path in re.findall(r'(?:src|href)="(graphiql/[^"]*)"', page):
        answer = await visited(f"/dev/{path}", **{"accept-encoding": accepts})
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers.get("content-encoding", "identity") == accepts
        assert answer.text


async def test_what_is_no_file_of_the_page_is_not_served() -> None:
    for name in ("page.html", "..%2Fpage.py", "graphiql.js.gz", "nothing.js"):
        assert (await visited(f"/dev/graphiql/{name}")).status_code == 404


async def test_the_schema_is_told_without_a_token() -> None:
    told = (await visited("/dev/graphiql/schema.json")).json()
    assert told["data"]["__schema"]["queryType"] == {"name": "Query", "kind": "OBJECT"}


@pytest.mark.parametrize(
    ("host", "client", "is_given"),
    [
        ("localhost", "127.0.0.1", True),
        ("127.0.0.1:8000", "127.0.0.1", True),
        ("[::1]:8000", "::1", True),
        ("meet.example.com:8000", "127.0.0.1", True),
        ("rebound.example.net", "127.0.0.1", False),
        ("meet.example.com:8000", "192.0.2.7", False),
        ("localhost", "", False),
    ],
)
async def test_the_token_is_given_to_whoever_sits_at_the_machine(host: str, client: str, is_given: bool) -> None:
    answer = await visited("/dev/graphiql", host=host, client=client)
    start = start_of(answer)
    assert (start["token"] == "a-token", "swordfish" in answer.text) == (is_given, is_given)


async def test_the_operations_of_the_contract_stand_in_the_page_with_variables() -> None:
    start = start_of(await visited("/dev/graphiql"))
    operations, variables = start["operations"], start["variables"]
    assert isinstance(operations, list)
    assert isinstance(variables, dict)
    assert operations[0]["name"] == "TodayTab"
    kinds = [one["body"].split()[0] for one in operations]
    assert kinds == sorted(kinds, key=["query", "subscription", "mutation"].index)
    assert variables["Meeting"] == {"id": "{meeting}"}
