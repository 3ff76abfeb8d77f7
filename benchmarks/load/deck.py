"""Requests on file, in the form that `wrk.lua` reads: written once, sent to every server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.tokens import Senders
from benchmarks.workloads import Ask


@dataclass(frozen=True, slots=True)
class Deck:
    """A file of requests. A line is: authorization, viewer, body, with tabs between them."""

    file: Path
    count: int

    def requests(self) -> list[bytes]:
        """Each request as it goes over the wire."""
        lines = self.file.read_text().splitlines()
        return [written(*line.split("\t", 2)) for line in lines]


def deck(file: Path, asks: Sequence[Ask], senders: Senders) -> Deck:
    """The asks, as their senders send them, stand in the file."""
    with file.open("w") as out:
        for ask in asks:
            out.write(f"{senders.authorization(ask.user)}\t{senders.viewer(ask.user)}\t{ask.body}\n")
    return Deck(file, len(asks))


def written(authorization: str, viewer: str, body: str) -> bytes:
    """One request, with the headers that wrk sends too; a visitor's has no authorization."""
    content = body.encode()
    head = (
        "POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\naccept: application/json\r\n"
        f"content-length: {len(content)}\r\n"
    )
    sender = f"authorization: {authorization}\r\nx-viewer: {viewer}\r\n" if authorization else ""
    return f"{head}{sender}\r\n".encode() + content
