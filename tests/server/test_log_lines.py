from __future__ import annotations

import asyncio
import io
import json
import logging

from server.log_lines import MOST_WAITING, WAITS_SECONDS, Lines


async def test_lines_wait_for_each_other_and_are_whole() -> None:
    stream = io.StringIO()
    lines = Lines("parley.access", logging.StreamHandler(stream))
    for number in range(3):
        lines.add({"event": "request", "status": 200, "request_id": str(number)}, 1_795_512_600.25)
    assert stream.getvalue() == ""
    await asyncio.sleep(2 * WAITS_SECONDS)
    assert [json.loads(line) for line in stream.getvalue().splitlines()] == [
        {
            "event": "request",
            "status": 200,
            "request_id": str(number),
            "logger": "parley.access",
            "level": "info",
            "timestamp": "2026-11-24T09:30:00.250000Z",
        }
        for number in range(3)
    ]


async def test_many_lines_do_not_wait() -> None:
    stream = io.StringIO()
    lines = Lines("parley.access", logging.StreamHandler(stream))
    for _ in range(MOST_WAITING):
        lines.add({"event": "request"}, 0.0)
    assert len(stream.getvalue().splitlines()) == MOST_WAITING


async def test_a_closed_stream_ends_nothing() -> None:
    stream = io.StringIO()
    lines = Lines("parley.access", logging.StreamHandler(stream))
    lines.add({"event": "request"}, 0.0)
    stream.close()
    lines.write()
