"""Requests that came before, over raw sockets: who answers them, in which order, and what ends meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from server import settings
from server.web import protocols
from server.web.repeated import IN_ONE_PIECE, MOST_BYTES, Piece, Write
from tests.server.web.graphql.serving import serving

OWN = settings.read(demo=True, public_url="https://meet.example.com")
ASKED = b"POST /a HTTP/1.1\r\nHost: meet\r\nContent-Length: 2\r\n\r\nhi"
OTHER = ASKED.replace(b"/a", b"/b")


class App:
    """Answers `long` and the path; a request that came in one piece it would answer `short` from then on."""

    def __init__(self) -> None:
        self.known: set[bytes] = set()
        self.is_still_so = True
        self.fails: Exception | None = None
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()
        self.is_asked = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        piece: Piece | None = scope.get(IN_ONE_PIECE)
        if piece is not None:
            self.known.add(piece.request)
            piece.is_known_by(self)
        body = b"long" + scope["path"].encode()
        headers = [(b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def given(self, request: bytes) -> bytes | None:
        return b"short" if request in self.known else None

    async def again(self, given: bytes, write: Write) -> None:
        self.is_asked.set()
        await self.may_go_on.wait()
        if self.is_still_so:
            write(200, b"content-length: %d\r\n" % len(given), given)
        if self.fails is not None:
            raise self.fails


class Line:
    """One connection to the server of an `App`."""

    def __init__(self, app: App, server: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.app, self.server, self.reader, self.writer = app, server, reader, writer

    async def ask(self, request: bytes) -> bytes:
        """The body of the answer."""
        self.writer.write(request)
        return (await self.answer())[1]

    async def answer(self) -> tuple[bytes, bytes]:
        """Head and body of the next answer."""
        async with asyncio.timeout(5):
            head = await self.reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            return head, await self.reader.readexactly(length)


@asynccontextmanager
async def a_line() -> AsyncIterator[Line]:
    app = App()
    async with serving(app, OWN) as (place, server):
        host, port = place.split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            yield Line(app, server, reader, writer)
        finally:
            app.may_go_on.set()
            writer.close()


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with a_line() as line:
        yield line


async def test_the_same_bytes_are_answered_the_short_way(line: Line) -> None:
    told = [await line.ask(one) for one in (ASKED, ASKED, OTHER, ASKED, OTHER)]
    assert told == [b"long/a", b"short", b"long/b", b"short", b"short"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (ASKED[:-1], ASKED[-1:]),
        (ASKED + b"P", OTHER[1:]),
        (ASKED + OTHER, b""),
        (ASKED.replace(b"Host", b"Connection: keep-alive\r\nExpect: 100-continue\r\nHost"), b""),
        (ASKED.replace(b"Host", b"X-Long: " + b"x" * MOST_BYTES + b"\r\nHost"), b""),
    ],
    ids=["in-two-pieces", "with-the-beginning-of-the-next", "two-at-once", "that-waits-to-be-told-to", "long"],
)
async def test_a_request_that_is_not_one_plain_piece_goes_the_long_way(line: Line, before: bytes, after: bytes) -> None:
    for _ in range(2):
        line.writer.write(before)
        await asyncio.sleep(0.05)
        line.writer.write(after)
        await asyncio.sleep(0.05)
    assert line.app.known == set()
    async with asyncio.timeout(5):
        assert b"short" not in await line.reader.read(4_000)


@pytest.mark.parametrize(
    "request_", [ASKED.replace(b"1.1", b"1.0"), ASKED.replace(b"Host", b"Connection: close\r\nHost")]
)
async def test_a_request_that_ends_its_connection_is_not_remembered(line: Line, request_: bytes) -> None:
    assert await line.ask(request_) == b"long/a"
    assert await line.reader.read() == b""
    assert line.app.known == set()


async def test_an_answer_to_head_is_not_remembered(line: Line) -> None:
    line.writer.write(b"HEAD /a HTTP/1.1\r\nHost: meet\r\n\r\n")
    await line.reader.readuntil(b"\r\n\r\n")
    assert (await line.ask(ASKED), line.app.known) == (b"long/a", {ASKED})


@pytest.mark.parametrize("fails", [None, ValueError("the database is away")])
async def test_what_does_not_hold_any_more_goes_the_long_way(line: Line, fails: Exception | None) -> None:
    await line.ask(ASKED)
    line.app.is_still_so, line.app.fails = False, fails
    assert [await line.ask(ASKED) for _ in range(2)] == [b"long/a"] * 2
    line.app.is_still_so, line.app.fails = True, None
    assert await line.ask(ASKED) == b"short"


async def test_a_failure_after_the_answer_does_not_give_another(line: Line) -> None:
    await line.ask(ASKED)
    line.app.fails = ValueError("the log is full")
    assert [await line.ask(one) for one in (ASKED, OTHER, ASKED)] == [b"short", b"long/b", b"short"]


@pytest.mark.parametrize("is_still_so", [True, False])
async def test_answers_keep_the_order_of_their_questions(line: Line, is_still_so: bool) -> None:
    await line.ask(ASKED)
    line.app.is_still_so = is_still_so
    line.app.may_go_on.clear()
    for one in (ASKED, OTHER[:20], OTHER[20:] + ASKED, ASKED):
        line.writer.write(one)
        await asyncio.sleep(0.02)
    line.app.may_go_on.set()
    first = b"short" if is_still_so else b"long/a"
    told = [(await line.answer())[1] for _ in range(4)]
    assert told in ([first, b"long/b", b"long/a", b"long/a"], [first, b"long/b", b"long/a", first])


async def test_a_server_that_stops_answers_first(line: Line) -> None:
    await line.ask(ASKED)
    line.app.may_go_on.clear()
    line.app.is_asked.clear()
    line.writer.write(ASKED)
    await line.app.is_asked.wait()
    line.server.should_exit = True
    await asyncio.sleep(0.3)
    line.app.may_go_on.set()
    head, body = await line.answer()
    assert (b"\r\nconnection: close\r\n" in head, body, await line.reader.read()) == (True, b"short", b"")


async def test_somebody_who_leaves_meanwhile_disturbs_nobody(caplog: pytest.LogCaptureFixture) -> None:
    async with a_line() as line:
        await line.ask(ASKED)
        line.app.may_go_on.clear()
        line.app.is_asked.clear()
        line.writer.write(ASKED)
        await line.app.is_asked.wait()
        line.writer.transport.abort()
        await asyncio.sleep(0.05)
        line.app.may_go_on.set()
        await asyncio.sleep(0.05)
        assert not line.server.server_state.connections
    assert caplog.records == []


async def test_nobody_waits_for_headers_after_a_short_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocols, "HEADER_SECONDS", 0.3)
    async with a_line() as line:
        await line.ask(ASKED)
        host, port = line.writer.get_extra_info("peername")
        reader, writer = await asyncio.open_connection(host, port)
        second = Line(line.app, line.server, reader, writer)
        assert await second.ask(ASKED) == b"short"
        await asyncio.sleep(0.5)
        assert [await second.ask(one) for one in (ASKED, OTHER)] == [b"short", b"long/b"]
        writer.close()
