"""Opening the door: sockets, and the one way in which uvicorn is run."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Sequence
from types import FrameType

import typer
import uvicorn
from starlette.types import ASGIApp

from server.cli.answering import remark
from server.settings import Settings
from server.web.protocols import uvicorn_options


def server_of(app: ASGIApp, settings: Settings) -> uvicorn.Server:
    """A server of this app that leaves its sockets and its log to whoever starts it."""
    return uvicorn.Server(uvicorn.Config(app, **uvicorn_options(settings)))


def open_port(host: str, port: int) -> list[socket.socket]:
    """Sockets that listen at the address, the first free port for 0; the command ends if it is taken.

    `localhost` means both its addresses where the machine has both, because some clients try only one."""
    hosts = ("127.0.0.1", "::1") if host == "localhost" else (host,)
    try:
        first = _listening(hosts[0], port)
    except OSError as error:
        remark(f"parley: cannot listen on {host}:{port} ({error.strerror}). Choose another with --port.")
        raise typer.Exit(1) from error
    return [first, *_others(hosts[1:], first.getsockname()[1])]


def _others(hosts: Sequence[str], port: int) -> list[socket.socket]:
    opened = []
    for host in hosts:
        try:
            opened.append(_listening(host, port))
        except OSError:
            continue
    return opened


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        opened.bind((host, port))
        opened.listen(2048)
        opened.set_inheritable(True)
    except OSError:
        opened.close()
        raise
    return opened


def serve_until_stopped(server: uvicorn.Server, sockets: list[socket.socket]) -> None:
    """The server has answered at these sockets until it was told to end, and ended in order."""
    with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
        runner.run(serving(server, sockets))


async def serving(server: uvicorn.Server, sockets: list[socket.socket]) -> None:
    """The same inside a running loop. SIGTERM and SIGINT end it, and nothing else: uvicorn raises them once more when
    it is done, which would cut off whoever has something to put away after it."""
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, _already_heard)
    await server.serve(sockets=sockets)
    if not server.started:
        raise typer.Exit(1)


def _already_heard(number: int, frame: FrameType | None) -> None:
    """The signal has done its work."""
