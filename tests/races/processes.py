"""Two real processes on one database, let loose at the same moment."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from typing import Any

from server import settings
from tests.server.booking.scene import NOW

PROCESSES = 2
LONGEST_SECONDS = 1800


async def race(acts: Sequence[dict[str, Any]], *, clients: int = 0) -> list[str]:
    """What became of each act, in their order, when the processes shared them out and began together: all of them at
    once, or as many at a time as there are clients."""
    shares = [list(acts[index::PROCESSES]) for index in range(PROCESSES)]
    contenders = [await _start(share, clients // PROCESSES) for share in shares]
    for contender in contenders:
        assert await _line(contender) == "ready"
    for contender in contenders:
        _say(contender, "go")
    answers = [json.loads(await _line(contender)) for contender in contenders]
    for contender in contenders:
        assert await asyncio.wait_for(contender.wait(), LONGEST_SECONDS) == 0
    return [answers[index % PROCESSES][index // PROCESSES] for index in range(len(acts))]


async def _start(acts: list[dict[str, Any]], clients: int) -> asyncio.subprocess.Process:
    contender = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.races.contender",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**24,
    )
    used = settings.current()
    task = {
        "database_url": used.database_url,
        "secret_key": used.secret_key,
        "now": NOW.isoformat(),
        "acts": acts,
        "clients": clients,
    }
    _say(contender, json.dumps(task))
    return contender


def _say(contender: asyncio.subprocess.Process, text: str) -> None:
    assert contender.stdin is not None
    contender.stdin.write(f"{text}\n".encode())


async def _line(contender: asyncio.subprocess.Process) -> str:
    assert contender.stdout is not None
    line = await asyncio.wait_for(contender.stdout.readline(), LONGEST_SECONDS)
    return line.decode().strip()
