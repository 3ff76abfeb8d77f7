"""The server and the worker as processes."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx

from tests.journeys.processes import PARLEY, Parley


async def test_a_server_answers_until_it_is_told_to_end(database_url: str) -> None:
    async with Parley("serve", database_url=database_url) as server:
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"{server.url}/health/ready")).json() == {"status": "ready"}
            assert (await client.get(f"{server.url}/dev/mail")).status_code == 404
        assert await server.stop() == 0


async def test_several_processes_count_together(database_url: str) -> None:
    async with Parley("serve", "--workers", "2", database_url=database_url) as server:
        async with httpx.AsyncClient() as client:
            for _ in range(10):
                answer = await client.post(f"{server.url}/graphql", json={"query": "{ __typename }"})
                assert answer.status_code == 200
            text = (await client.get(f"{server.url}/metrics")).text
        await server.stop()
    assert 'parley_requests_total{door="graphql",status="200"} 10.0' in text


async def test_a_worker_ends_when_it_is_told_to(database_url: str) -> None:
    given = Parley("worker", database_url=database_url).environment
    process = await asyncio.create_subprocess_exec(PARLEY, "worker", env=given, stderr=asyncio.subprocess.PIPE)
    assert process.stderr is not None
    async with asyncio.timeout(40):
        while b"worker.started" not in await process.stderr.readline():
            assert process.returncode is None
        process.terminate()
        await process.stderr.read()
        assert await process.wait() == 0


async def said_by(process: asyncio.subprocess.Process) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Its one line on standard output, and its log up to its end."""
    assert process.stdout is not None
    async with asyncio.timeout(40):
        facts = json.loads(await process.stdout.readline())
        process.terminate()
        rest, log = await process.communicate()
    assert rest == b""
    return facts, [json.loads(line) for line in log.splitlines()]


async def test_a_server_and_a_worker_say_that_they_are_there_in_json_and_in_the_log(database_url: str) -> None:
    given = Parley("serve", database_url=database_url).environment
    pipes = {"stdout": asyncio.subprocess.PIPE, "stderr": asyncio.subprocess.PIPE}
    server = await asyncio.create_subprocess_exec(PARLEY, "serve", "--port", "0", "--json", env=given, **pipes)
    facts, log = await said_by(server)
    assert facts.keys() == {"url", "graphql", "port"}
    (listening,) = [line for line in log if line["event"] == "server.listening"]
    assert listening | facts == listening
    worker = await asyncio.create_subprocess_exec(PARLEY, "worker", "--json", env=given, **pipes)
    facts, log = await said_by(worker)
    assert (facts, log[0]["event"]) == ({"state": "started"}, "worker.started")


async def test_a_server_without_tables_says_how_to_make_them(tmp_path: Path) -> None:
    given = Parley("serve", database_url=f"sqlite:///{tmp_path}/new.sqlite3").environment
    process = await asyncio.create_subprocess_exec(
        PARLEY, "serve", "--port", "0", env=given, stderr=asyncio.subprocess.PIPE
    )
    _, complaints = await process.communicate()
    assert process.returncode == 1
    assert complaints.decode() == "parley: The database lacks 2 migrations. Run `parley migrate` first.\n"


async def test_a_server_can_make_its_tables_itself(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.sqlite3"
    async with Parley("serve", database_url=url, migrate_on_start="true") as server:
        assert await server.stop() == 0
