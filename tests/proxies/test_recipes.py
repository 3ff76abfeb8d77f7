"""Each recipe of docs/operating/proxies, run: every address keeps the path, and callers are who they are."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journeys.conftest import Company, a_link
from tests.journeys.processes import GraphQL, MailReceiver, Parley
from tests.journeys.test_booked_meeting import free_slots
from tests.proxies.standing import KINDS, PUBLIC_URL, before_the_app, standing

ADDRESSES = re.compile(r'(?:href|src|action)="([^"]*)"')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
LINKS = "{ meetingLinks { edges { node { url } } } }"


@pytest.fixture
async def behind(company: Company, mail: MailReceiver) -> AsyncIterator[Parley]:
    """A server that is told under which address people know it."""
    ways = {"public_url": PUBLIC_URL, "worker_in_process": "true", "limit_form_seconds": "0"}
    async with Parley("serve", database_url=company.database_url, smtp_port=mail.port, **ways) as process:
        yield process


@pytest.mark.capability("E-28", "E-1")
@pytest.mark.parametrize("kind", KINDS)
async def test_a_visitor_books_below_the_path(
    kind: str, behind: Parley, company: Company, mail: MailReceiver, tmp_path: Path
) -> None:
    ines = await company.sign_in(behind.url)
    slug = await a_link(ines)
    slot = (await free_slots(GraphQL(behind.url), slug, "Europe/Warsaw"))[4]
    async with standing(kind, behind.port, tmp_path) as front, front.client() as visitor:
        await every_address_leads_somewhere(visitor, f"/m/{slug}")
        asked = {"start": slot["startsAt"].replace(":00Z", "Z"), "tz": "Europe/Warsaw"}
        details = await visitor.get(f"/m/{slug}", params=asked)
        typed = {"first_name": "Marek", "last_name": "Nowicki", "email": "marek@client.example", "do": "book"}
        booked = await visitor.post(
            f"/m/{slug}", data=dict(HIDDEN.findall(details.text)) | typed, headers={"origin": "https://example.com"}
        )
        assert booked.status_code == 303
        assert booked.headers["location"].startswith("/meetings/b/")
        await every_address_leads_somewhere(visitor, booked.headers["location"].removeprefix("/meetings"))
    messages = await mail.receive(2)
    everything = "".join(str(part.get_payload(decode=True)) for one in messages for part in one.walk())
    assert f"{PUBLIC_URL}/b/" in everything
    assert "127.0.0.1" not in everything
    links = await ines.ask(LINKS)
    assert [edge["node"]["url"] for edge in links["meetingLinks"]["edges"]] == [f"{PUBLIC_URL}/m/{slug}"]


async def every_address_leads_somewhere(visitor: httpx.AsyncClient, path: str) -> None:
    """The page is there, and so is whatever of ours it names."""
    page = await visitor.get(path)
    assert page.status_code == 200, path
    own = {one.replace("&amp;", "&") for one in ADDRESSES.findall(page.text) if one.startswith("/")}
    assert own
    assert {one for one in own if not one.startswith("/meetings/")} == set()
    statuses = {one: (await visitor.get(one.removeprefix("/meetings"))).status_code for one in own}
    assert {one: status for one, status in statuses.items() if status != 200} == {}


@pytest.mark.capability("E-28")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("db")
async def test_what_is_beside_the_pages(kind: str, tmp_path: Path) -> None:
    async with before_the_app(kind, tmp_path) as front, front.client() as client:
        bare = await client.get(f"https://127.0.0.1:{front.port}/meetings")
        assert (bare.status_code, httpx.URL(bare.headers["location"]).path) == (308, "/meetings/")
        found = await client.post("/graphql", json={"query": "{ __typename }"})
        assert found.json() == {"data": {"__typename": "Query"}}
        assert (await client.get("/metrics")).status_code == 404
        large = await client.post("/graphql", json={"query": "x" * 300_000})
        assert (large.status_code, large.text) == (413, "A body may have at most 262144 bytes.\n")


@pytest.mark.capability("E-28")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("db")
async def test_each_caller_is_counted_by_their_own_address(kind: str, tmp_path: Path) -> None:
    """Also one who claims in X-Forwarded-For to be many."""
    wrong = {"email": "nobody@example.com", "password": "a wrong password", "deviceName": "x"}
    query = "mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }"

    async def attempt(client: httpx.AsyncClient, claimed: int) -> int:
        headers = {"x-forwarded-for": f"203.0.113.{claimed}"}
        sent: dict[str, Any] = {"query": query, "variables": {"input": wrong}}
        return (await client.post("/graphql", json=sent, headers=headers)).status_code

    async with (
        before_the_app(kind, tmp_path, limit_sign_in="5/minute") as front,
        front.client(address="127.0.0.2") as eager,
        front.client(address="127.0.0.3") as other,
    ):
        assert [await attempt(eager, number) for number in range(7)] == [200] * 5 + [429] * 2
        assert await attempt(other, 1) == 200
