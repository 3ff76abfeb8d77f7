from __future__ import annotations

import re

import httpx
import pytest
import structlog
from starlette.types import Receive, Scope, Send

from server.web.request_ids import RequestIds


async def tells_its_id(scope: Scope, receive: Receive, send: Send) -> None:
    known = structlog.contextvars.get_contextvars()["request_id"]
    assert scope["request_id"] == known
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": known.encode()})


@pytest.fixture
def client() -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=RequestIds(tells_its_id)), base_url="http://meet")


@pytest.mark.parametrize("given", ["a", "abc-123_x.y:z", "x" * 100])
async def test_id_of_the_caller_is_kept(client: httpx.AsyncClient, given: str) -> None:
    answer = await client.get("/", headers={"x-request-id": given})
    assert (answer.text, answer.headers["x-request-id"]) == (given, given)


@pytest.mark.parametrize("given", [None, "", "x" * 101, "a b", "a\tb", 'a"b', "<script>"])
async def test_id_is_made_where_none_is_fit(client: httpx.AsyncClient, given: str | None) -> None:
    answer = await client.get("/", headers={} if given is None else {"x-request-id": given})
    assert re.fullmatch("[0-9a-f]{32}", answer.text)
    assert answer.headers["x-request-id"] == answer.text
    assert structlog.contextvars.get_contextvars() == {}
