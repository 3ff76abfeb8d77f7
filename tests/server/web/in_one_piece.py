"""A client that sends head and body together, as phones do; httpx itself sends them one after the other."""

from __future__ import annotations

import asyncio

import httpx


class InOnePiece(httpx.AsyncBaseTransport):
    """One connection, one request at a time."""

    def __init__(self, place: str) -> None:
        self._host, port = place.split(":")
        self._port = int(port)
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request and read its answer."""
        if self._line is None:
            self._line = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._line
        lines = [b"%b %b HTTP/1.1" % (request.method.encode(), request.url.raw_path)]
        lines += [b"%b: %b" % pair for pair in request.headers.raw]
        writer.write(b"\r\n".join([*lines, b"", await request.aread()]))
        first, *rest = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = httpx.Headers([tuple(one.split(": ", 1)) for one in rest if one])
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        return httpx.Response(int(first.split(" ")[1]), headers=headers, content=body)

    async def aclose(self) -> None:
        """The connection is closed."""
        if self._line is not None:
            self._line[1].close()
