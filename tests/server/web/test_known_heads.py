"""Requests whose head came before, over raw sockets: they are what the parser would have made of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest
from starlette.types import Receive, Scope, Send

from server import settings
from server.web import known_heads
from server.web.known_heads import HEAD, Head
from tests.server.web.graphql.serving import serving

OWN = settings.read(demo=True, public_url="https://meet.example.com")
_OF_THE_CONNECTION = ("state", HEAD, "in_one_piece")


async def mirror(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers what it was asked, and how often a request began so before this one."""
    message = await receive()
    while message["more_body"]:
        rest = await receive()
        message = rest | {"body": message["body"] + rest["body"]}
    head: Head | None = scope.get(HEAD)
    if head is not None:
        head.meaning = (head.meaning or 0) + 1
    seen = {name: value for name, value in scope.items() if name not in _OF_THE_CONNECTION}
    told = {"scope": seen, "body": message["body"].decode(), "more": message["more_body"]}
    body = orjson.dumps({**told, "times": head and head.meaning}, default=repr)
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class Line:
    """A connection to the mirror."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def ask(self, *pieces: bytes) -> Any:
        for piece in pieces:
            self.writer.write(piece)
            await asyncio.sleep(0.02 if len(pieces) > 1 else 0)
        return await self.answer()

    async def answer(self) -> Any:
        async with asyncio.timeout(5):
            head = await self.reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            return orjson.loads(await self.reader.readexactly(length))


@pytest.fixture
async def place() -> AsyncIterator[tuple[str, int]]:
    async with serving(mirror, OWN) as (place, _):
        host, port = place.split(":")
        yield host, int(port)


@pytest.fixture
async def line(place: tuple[str, int]) -> AsyncIterator[Line]:
    reader, writer = await asyncio.open_connection(*place)
    yield Line(reader, writer)
    writer.close()


def asked(body: bytes, *lines: bytes, path: bytes = b"/a?b=c", length: bytes | None = None) -> bytes:
    said = [b"POST %b HTTP/1.1" % path, b"Host: meet", *lines, b"Content-Length: " + (length or b"%d" % len(body))]
    return b"\r\n".join([*said, b"X-Last: end", b"", body])


async def test_a_request_that_begins_as_before_is_read_as_before(line: Line) -> None:
    first, second = await line.ask(asked(b"one")), await line.ask(asked(b"two"))
    assert second == first | {"body": "two", "times": 2}
    longer = await line.ask(asked(b"a longer one"))
    lengths = [value for name, value in longer["scope"].pop("headers") if name == repr(b"content-length")]
    assert (longer["body"], longer["times"], lengths) == ("a longer one", 3, [repr(b"12")])
    first["scope"].pop("headers")
    assert longer["scope"] == first["scope"]


async def test_each_connection_is_told_by_its_own_address(place: tuple[str, int], line: Line) -> None:
    reader, writer = await asyncio.open_connection(*place)
    told = [await line.ask(asked(b"one")), await Line(reader, writer).ask(asked(b"one"))]
    assert [one["times"] for one in told] == [1, 2]
    assert [one["scope"]["client"][1] for one in told] == [
        line.writer.get_extra_info("sockname")[1],
        writer.get_extra_info("sockname")[1],
    ]
    writer.close()


async def test_another_head_is_not_known(line: Line) -> None:
    others = [asked(b"x"), asked(b"x", b"A: 1"), asked(b"x", b"A: 2"), asked(b"x", path=b"/b")]
    assert [(await line.ask(one))["times"] for one in others] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    "request_",
    [
        asked(b"one", b"Connection: keep-alive, close"),
        asked(b"", b"Transfer-Encoding: chunked").replace(b"Content-Length: 0\r\n", b"") + b"3\r\none\r\n0\r\n\r\n",
        asked(b"one", length=b"003"),
        asked(b"one", b"Upgrade: h2c"),
        asked(b"one").replace(b"Content-Length: ", b"Content-Length:"),
        asked(b"one", b"X-Long: " + b"x" * 3_000),
        b"GET / HTTP/1.1\r\nHost: meet\r\n\r\n",
    ],
    ids=["last", "chunked", "zeros", "upgrade", "no-blank", "long", "get"],
)
async def test_what_is_not_said_the_usual_way_is_never_known(place: tuple[str, int], request_: bytes) -> None:
    told = []
    for _ in range(2):
        reader, writer = await asyncio.open_connection(*place)
        told.append((await Line(reader, writer).ask(request_))["times"])
        writer.close()
    assert told == [None, None]


async def test_pieces_and_neighbours_go_through_the_parser_and_keep_their_order(line: Line) -> None:
    await line.ask(asked(b"one"))
    two = asked(b"two")
    assert (await line.ask(two[:-1], two[-1:]))["body"] == "two"
    assert (await line.ask(asked(b"three") + asked(b"four")))["body"] == "three"
    assert (await line.answer())["body"] == "four"
    assert (await line.ask(two[:20], two[20:] + two[:9], two[9:]))["body"] == "two"
    assert (await line.answer())["body"] == "two"
    last = await line.ask(asked(b"five"))
    assert (last["body"], last["more"], last["times"]) == ("five", False, 2)


async def test_only_so_many_heads_are_remembered(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_heads, "_MOST_HEADS", 2)
    numbers = [1, 2, 1, 3, 1, 2]
    times = [(await line.ask(asked(b"x", b"A: %d" % number)))["times"] for number in numbers]
    assert times == [1, 1, 2, 1, 1, 1]
