"""The limit: the bytes of one answer, sent by uvicorn without anything in between.

`python -m benchmarks.servers.raw_asgi FILE`, listening on 127.0.0.1 at $PORT."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import uvicorn


def app_of(body: bytes) -> Any:
    """An ASGI app that has one answer."""
    start = {
        "type": "http.response.start",
        "status": 200,
        "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())],
    }
    end = {"type": "http.response.body", "body": body}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        await send(start)
        await send(end)

    return app


if __name__ == "__main__":
    uvicorn.run(
        app_of(Path(sys.argv[1]).read_bytes()),
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        access_log=False,
        lifespan="off",
        loop="uvloop",
        http="httptools",
    )
