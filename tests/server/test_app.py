"""The whole app, started and stopped as uvicorn does it."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from server import database, settings
from server.app import build_app
from tests.server.web.graphql.serving import serving


async def test_app_answers_at_every_address(in_use: settings.Settings) -> None:
    async with (
        serving(build_app(in_use), in_use, lifespan="on") as (place, _),
        httpx.AsyncClient(base_url=f"http://{place}") as client,
    ):
        answer = await client.post("/graphql", json={"query": "{ __typename }"})
        assert (answer.status_code, answer.json()) == (200, {"data": {"__typename": "Query"}})
        assert answer.headers["x-request-id"]
        statuses = {
            path: (await client.get(path)).status_code
            for path in ("/health/live", "/health/ready", "/metrics", "/m/nobody", "/dev/mail", "/nothing")
        }
    assert statuses == {
        "/health/live": 200,
        "/health/ready": 200,
        "/metrics": 200,
        "/m/nobody": 404,
        "/dev/mail": 404,
        "/nothing": 404,
    }


async def test_database_is_closed_with_the_app(in_use: settings.Settings) -> None:
    async with serving(build_app(in_use), in_use, lifespan="on"):
        assert await database.fetch_one("SELECT 1")
    with pytest.raises(RuntimeError, match="no database"):
        await database.fetch_one("SELECT 1")


async def test_app_migrates_on_start_where_asked_to(tmp_path: object) -> None:
    own = settings.read(demo=True, database_url=f"sqlite:///{tmp_path}/new.sqlite3", migrate_on_start=True)
    settings.use(own)
    async with serving(build_app(own), own, lifespan="on"):
        assert await database.pending_migrations() == []


async def test_background_tasks_are_told_to_stop_and_waited_for(in_use: settings.Settings) -> None:
    told: list[str] = []

    async def work(stop: asyncio.Event) -> None:
        told.append("began")
        await stop.wait()
        await asyncio.sleep(0.1)
        told.append("tidied up")

    async with serving(build_app(in_use, background=[work]), in_use, lifespan="on"):
        await asyncio.sleep(0)
        assert told == ["began"]
    assert told == ["began", "tidied up"]


async def test_background_task_that_does_not_stop_is_stopped(
    in_use: settings.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.app.STOPPING_SECONDS", 0.2)
    told: list[str] = []

    async def stubborn(stop: asyncio.Event) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            told.append("stopped")

    async with serving(build_app(in_use, background=[stubborn]), in_use, lifespan="on"):
        await asyncio.sleep(0)
    assert told == ["stopped"]


async def test_large_and_slow_requests_are_turned_away(in_use: settings.Settings) -> None:
    async with (
        serving(build_app(in_use), in_use, lifespan="on") as (place, _),
        httpx.AsyncClient(base_url=f"http://{place}") as client,
    ):
        # Twenty megabytes are still on their way when the server has made up its mind; the client reads the answer.
        for size in (in_use.limit_body_bytes + 1, 20 * 1024 * 1024):
            answer = await client.post("/graphql", content=b"x" * size)
            assert answer.status_code == 413


async def test_the_bare_address_leads_to_the_front_page_if_there_is_one(in_use: settings.Settings) -> None:
    async with (
        serving(build_app(in_use, front="/m/ines"), in_use, lifespan="on") as (place, _),
        httpx.AsyncClient(base_url=f"http://{place}") as client,
    ):
        answer = await client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (302, "/m/ines")
