"""What waits for a client: in order, bounded, and not for ever."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from server.web.graphql import line
from server.web.graphql.line import Line
from server.web.websocket_frames import EXTENSION, text_frame, text_in


class Peer:
    """The other end of a line: takes frames at once, or message by message when it is let."""

    def __init__(self, *, takes_now: bool) -> None:
        self.got: list[str] = []
        self.complaints = 0
        self.reads = asyncio.Event()
        self.takes_now = takes_now
        scope = {"extensions": {EXTENSION: {"send_now": self._now}}}
        self.line = Line(scope, self._send, self._too_slow)

    def _now(self, frame: bytes) -> bool:
        if self.takes_now:
            self.got.append(text_in(frame))
        return self.takes_now

    async def _send(self, message: Any) -> None:
        await self.reads.wait()
        self.got.append(message["text"])

    def _too_slow(self) -> None:
        self.complaints += 1


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 70_000])
def test_a_frame_holds_its_text(size: int) -> None:
    assert text_in(text_frame(b"z" * size)) == "z" * size


async def test_while_the_client_reads_nothing_waits() -> None:
    peer = Peer(takes_now=True)
    assert peer.line.put_text("one")
    assert peer.got == ["one"]


async def test_what_waits_keeps_its_order() -> None:
    peer = Peer(takes_now=False)
    for text in ("one", "two"):
        assert peer.line.put_text(text)
    peer.takes_now = True
    assert peer.line.put_text("three")
    peer.reads.set()
    await peer.line.cleared()
    assert (peer.got, peer.complaints) == (["one", "two", "three"], 0)
    peer.line.put_text("four")
    assert peer.got[-1] == "four"


@pytest.mark.parametrize(("bound", "value"), [("MOST_WAITING", 3), ("MOST_BYTES", 40)])
async def test_more_than_may_wait_is_too_slow(monkeypatch: pytest.MonkeyPatch, bound: str, value: int) -> None:
    monkeypatch.setattr(line, bound, value)
    peer = Peer(takes_now=False)
    assert [peer.line.put_text("x" * 10) for _ in range(5)] == [True, True, True, False, False]
    assert peer.complaints == 1
    peer.line.close()
    await peer.line.cleared()
    assert peer.got == []


async def test_a_client_that_never_reads_is_too_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "PATIENCE_SECONDS", 0.05)
    peer = Peer(takes_now=False)
    await peer.line.say("one")
    assert (peer.got, peer.complaints) == ([], 1)


async def test_without_frames_messages_are_sent_one_by_one() -> None:
    got: list[Any] = []

    async def send(message: Any) -> None:
        got.append(message)

    plain = Line({"type": "websocket"}, send, lambda: None)
    await plain.say("one")
    assert got == [{"type": "websocket.send", "text": "one"}]
