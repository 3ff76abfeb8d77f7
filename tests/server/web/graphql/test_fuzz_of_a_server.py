"""Sixteen clients send whatever comes to mind to a server with data, and it answers all of it (SEC3).

`PARLEY_TEST_FULL=1`: 80,000 documents and bodies, and 20,000 websocket messages."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from resolvers.root import schema
from tests.server.web.fastpath.world import PAGED, World
from tests.server.web.graphql.fuzzing import INIT, Fuzz
from tests.server.web.graphql.serving import close_code_of, socket_to

IS_FULL = os.environ.get("PARLEY_TEST_FULL") == "1"
CLIENTS = 16
BODIES = 80_000 if IS_FULL else 1_600
MESSAGES = 20_000 if IS_FULL else 400
PARLEY = str(Path(sys.executable).with_name("parley"))
PREFIXES = ("acc", "usr", "con", "rec", "lnk", "rot", "mtg", "att", "ses", "tok")
STATUSES = {200, 400, 401, 406, 413, 429}
SIGN_IN = "mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } } }"
CODES = {1000, 1007, 1009, 4400, 4401, 4403, 4409, 4429}


@dataclass
class Heard:
    """What the server said to all of it."""

    statuses: Counter[int] = field(default_factory=Counter)
    codes: Counter[int | None] = field(default_factory=Counter)
    wrong: list[bytes] = field(default_factory=list)
    messages: int = 0


@asynccontextmanager
async def a_demo(folder: Path) -> AsyncIterator[dict[str, str]]:
    """A demo as a process: what it printed. What it logs of warnings and errors is in `folder/log`."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(PARLEY, "demo", "--json", "--port", "0", "--seed", "7", "--data", str(folder / "data")),
            env=environment | {"PARLEY_LOG_LEVEL": "WARNING", "PARLEY_LOG_FORMAT": "JSON"},
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
        assert process.stdout is not None
        try:
            async with asyncio.timeout(60):
                line = await process.stdout.readline()
            yield json.loads(line)
            assert process.returncode is None
        finally:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            await process.wait()


@pytest.mark.parametrize("seed", [int(os.environ.get("PARLEY_TEST_SEED", "11"))])
async def test_whatever_is_sent_is_answered(tmp_path: Path, seed: int) -> None:
    heard = Heard()
    async with a_demo(tmp_path) as facts:
        world = World(
            viewers=[],
            ids=[f"{prefix}_{number}" for prefix in PREFIXES for number in (1, 2, 3, 999_999)] + ["mtg_", "x"],
            slugs=[facts["slug"], "nowhere"],
            tokens=["1-x", ""],
            cursors=dict.fromkeys((*PAGED, "todaySync"), ["1-x"]),
        )
        fuzzes = [Fuzz(schema._schema, world, Random(seed * 1_000 + number)) for number in range(CLIENTS)]
        tokens = [facts["accessToken"], facts["apiToken"], ""]
        for act in (_send_bodies, _say):
            async with asyncio.TaskGroup() as clients:
                for number, fuzz in enumerate(fuzzes):
                    clients.create_task(act(facts, tokens[number % len(tokens)], fuzz, heard))
    print(heard.statuses, heard.codes, heard.messages)  # noqa: T201  # the figures of the full size
    assert heard.wrong == []
    assert set(heard.statuses) <= STATUSES
    assert set(heard.codes) <= CODES
    # Otherwise all of it was refused at the door, and the test would prove little.
    assert heard.statuses[200] > BODIES * 0.2
    log = (tmp_path / "log").read_text()
    assert [line for line in log.splitlines() if '"level": "error"' in line or "Traceback" in line] == []
    # Nor does Python complain of anything that was left lying about.
    assert [line for line in log.splitlines() if "Warning" in line] == []


async def _send_bodies(facts: dict[str, str], token: str, fuzz: Fuzz, heard: Heard) -> None:
    """One client's share of the bodies, over one connection for as long as the server keeps it."""
    place = facts["url"].removeprefix("http://")
    reader, writer = await _connected(place)
    for _ in range(BODIES // CLIENTS):
        body = fuzz.body()
        writer.write(_head(place, token, len(body)) + body)
        async with asyncio.timeout(30):
            status, headers, answer = await _answer(reader)
        heard.statuses[status] += 1
        if status not in STATUSES or b'"INTERNAL"' in answer:
            heard.wrong.append(body)
        if headers.get("connection") == "close":
            writer.close()
            reader, writer = await _connected(place)
        if status == 401:
            # Signing out is among what is sent.
            token = await asyncio.to_thread(_signed_in, facts)
    writer.close()


async def _say(facts: dict[str, str], token: str, fuzz: Fuzz, heard: Heard) -> None:
    """One client's share of the messages, some to each socket."""
    left = MESSAGES // CLIENTS
    greeting = json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"} if token else {}})
    while left > 0:
        async with socket_to(facts["url"].removeprefix("http://")) as socket:
            with suppress(ConnectionClosed):
                for message in fuzz.messages():
                    await socket.send(greeting if message == INIT else message)
                    left -= 1
                    heard.messages += 1
                await asyncio.sleep(0)
                await socket.close()
            code = await close_code_of(socket, within=30)
        heard.codes[code] += 1


def _signed_in(facts: dict[str, str]) -> str:
    """A new access token of the demo's user; none once that user may not sign in any more."""
    asked = {"email": facts["email"], "password": facts["password"], "deviceName": "fuzz"}
    answer = httpx.post(facts["graphql"], json={"query": SIGN_IN, "variables": {"input": asked}}, timeout=30)
    session = answer.json()["data"]["signIn"]["session"]
    return str(session["accessToken"]) if session else ""


async def _connected(place: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, _, port = place.rpartition(":")
    return await asyncio.open_connection(host, int(port))


def _head(place: str, token: str, length: int) -> bytes:
    said = {"host": place, "content-type": "application/json", "content-length": str(length)}
    said |= {"accept": "application/graphql-response+json"} | ({"authorization": f"Bearer {token}"} if token else {})
    lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return f"POST /graphql HTTP/1.1\r\n{lines}\r\n".encode()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers: dict[str, Any] = dict(line.lower().split(": ", 1) for line in head[1:] if line)
    return int(head[0].split()[1]), headers, await reader.readexactly(int(headers["content-length"]))
