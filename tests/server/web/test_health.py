from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from server import database
from server.database import connection
from server.web import health


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=Starlette(routes=health.routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://parley") as client:
        yield client


async def test_a_process_is_alive_without_a_database(client: httpx.AsyncClient) -> None:
    answer = await client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "live"})
    assert answer.headers["cache-control"] == "no-store"


async def test_a_migrated_database_makes_ready(db: str, client: httpx.AsyncClient) -> None:
    answer = await client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


async def test_a_database_that_cannot_be_reached_is_told_without_its_name(client: httpx.AsyncClient) -> None:
    answer = await client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (
        503,
        {
            "status": "not ready",
            "complaints": ["The database cannot be reached. `parley doctor` on the server says why."],
        },
    )


async def test_a_database_that_lacks_migrations_is_not_ready(tmp_path: Path, client: httpx.AsyncClient) -> None:
    await database.connect(f"sqlite:///{tmp_path}/empty.sqlite3")
    try:
        pending = await database.pending_migrations()
        answer = await client.get("/health/ready")
    finally:
        await database.disconnect()
    assert answer.status_code == 503
    assert answer.json()["complaints"] == [f"The database lacks {len(pending)} migrations. Run `parley migrate`."]


async def test_a_database_of_a_newer_release_is_not_ready(
    db: str, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as later:
        later.setattr(connection, "MIGRATIONS", "tests.server.database.later_release")
        await database.migrate()
    answer = await client.get("/health/ready")
    assert answer.status_code == 503
    assert "0003_wider" in answer.json()["complaints"][0]
