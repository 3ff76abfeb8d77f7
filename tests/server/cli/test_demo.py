"""The demo as a process, as a script starts it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journeys.processes import PARLEY

TODAY = "{ todayMeetings { id title startsAt endsAt outcome { key } } }"
KEYS = {
    *("url", "graphql", "email", "password", "accessToken", "refreshToken", "apiToken"),
    *("link", "mail", "graphiql", "slug"),
}


class Demo:
    """A demo that answers: what it printed, and a client."""

    def __init__(self, process: asyncio.subprocess.Process, facts: dict[str, str]) -> None:
        self.process = process
        self.facts = facts

    async def ask(self, query: str, token: str = "") -> Any:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        async with httpx.AsyncClient() as client:
            answer = await client.post(self.facts["graphql"], json={"query": query}, headers=headers)
        return answer.json()

    async def stop(self, by: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Exit status, and whatever else was on standard output."""
        self.process.send_signal(by)
        assert self.process.stdout is not None
        async with asyncio.timeout(15):
            rest = await self.process.stdout.read()
            return await self.process.wait(), rest.decode()


@asynccontextmanager
async def demo(folder: Path, *words: str) -> AsyncIterator[Demo]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    process = await asyncio.create_subprocess_exec(
        PARLEY,
        *("demo", "--port", "0", "--data", str(folder), "--json", *words),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            yield Demo(process, json.loads(await process.stdout.readline()))
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_one_line_says_all_that_a_script_needs(tmp_path: Path) -> None:
    async with demo(tmp_path) as running:
        facts = running.facts
        assert set(facts) == KEYS
        signed_in = await running.ask(TODAY, facts["accessToken"])
        program = await running.ask(TODAY, facts["apiToken"])
        schema = await running.ask("{ __schema { queryType { name } } }", facts["accessToken"])
        page = await running.ask(f'{{ schedulingPage(slug: "{facts["slug"]}") {{ nextAvailable {{ startsAt }} }} }}')
        words = f'email: "{facts["email"]}", password: "{facts["password"]}", deviceName: "test"'
        entered = await running.ask(f"mutation {{ signIn(input: {{{words}}}) {{ userErrors {{ code }} }} }}")
        async with httpx.AsyncClient() as client:
            reached = [(await client.get(facts[name])).status_code for name in ("link", "mail")]
        assert await running.stop() == (0, "")
    now = datetime.now(UTC)
    meetings = signed_in["data"]["todayMeetings"]
    assert any(_time(one["endsAt"]) <= now and one["outcome"]["key"] == "SCHEDULED" for one in meetings)
    assert any(_time(one["startsAt"]) > now for one in meetings)
    assert program["data"]["todayMeetings"] == meetings
    assert schema["data"]["__schema"]["queryType"]["name"] == "Query"
    assert (_time(page["data"]["schedulingPage"]["nextAvailable"]["startsAt"]) - now).days < 2
    assert entered["data"]["signIn"]["userErrors"] == []
    assert reached == [200, 200]


async def test_the_same_seed_and_time_tell_the_same_story_and_a_restart_goes_on(tmp_path: Path) -> None:
    words = ("--seed", "7", "--at", "2026-11-24T10:00:00+01:00")
    told = []
    for folder in (tmp_path / "a", tmp_path / "b", tmp_path / "a"):
        async with demo(folder, *words) as running:
            told.append((await running.ask(TODAY, running.facts["accessToken"]), running.facts["password"]))
            assert await running.stop(signal.SIGINT) == (0, "")
    assert told[0] == told[1] == told[2]
    starts = [one["startsAt"][:10] for one in told[0][0]["data"]["todayMeetings"]]
    assert set(starts) == {"2026-11-24"}


async def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    async with demo(tmp_path / "a") as running:
        port = running.facts["url"].rsplit(":", 1)[-1]
        assert await _failing(tmp_path / "b", "--port", port) == (
            1,
            f"parley: cannot listen on localhost:{port} (Address already in use). Choose another with --port.\n",
        )


@pytest.mark.parametrize("text", ["tomorrow", "2026-11-24T10:00:00"])
async def test_a_time_without_an_offset_is_refused(tmp_path: Path, text: str) -> None:
    assert await _failing(tmp_path, "--at", text) == (
        2,
        f"parley: --at {text}: write date, time and offset, such as 2026-11-24T09:00:00+01:00.\n",
    )


async def _failing(folder: Path, *words: str) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        PARLEY,
        *("demo", "--data", str(folder), "--json", *words),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, complaints = await process.communicate()
    assert out == b""
    return process.returncode, complaints.decode()


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
