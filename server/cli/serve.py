"""`parley serve` and `parley worker`: the two processes of an installation."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import tempfile
from functools import partial
from typing import Annotated

import structlog
import typer
import uvicorn
from starlette.types import ASGIApp

from server import database, settings
from server.app import build_app
from server.changes import wakeups
from server.cli.answering import Json, answer
from server.cli.listening import open_port, serve_until_stopped, server_of
from server.cli.running import on_database, plainly, speak_as_set
from server.web.protocols import uvicorn_options
from server.worker import run_worker

_log = structlog.get_logger(__name__)
_NEW_OBJECTS_BEFORE_A_LOOK = 10_000

Port = Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")]


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every one.")] = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer.")] = 1,
    as_json: Json = False,
) -> None:
    """Answer requests: the API, the scheduling pages, health and metrics.

    Deliveries are made by `parley worker`; on SQLite, or with PARLEY_WORKER_IN_PROCESS=true, by this process."""
    os.environ.setdefault("PARLEY_PUBLIC_URL", f"http://localhost:{port}")
    own = speak_as_set()
    _refuse_unmigrated(own)
    if workers == 1:
        with plainly():
            app, sockets = application(), open_port(host, port)
            _tell(own, sockets[0].getsockname()[1], as_json)
            serve_until_stopped(server_of(app, own), sockets)
        return
    _tell(own, port, as_json, event="server.starting")
    with tempfile.TemporaryDirectory(prefix="parley-metrics-") as counted:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = counted
        uvicorn.run(
            "server.cli.serve:application",
            factory=True,
            host=host,
            port=port,
            workers=workers,
            **uvicorn_options(own),
        )


def worker(as_json: Json = False) -> None:
    """Make the deliveries: mails, reminders. Several may run, on several machines."""
    speak_as_set()
    on_database(partial(_work, as_json))


def application() -> ASGIApp:
    """The app of one serving process, as the environment wants it."""
    own = speak_as_set()
    app = build_app(own, background=(run_worker,) if own.runs_worker else ())
    _leave_in_peace()
    return app


def _leave_in_peace() -> None:
    """The garbage collector never looks again at what stands now. That lasts as long as the process, and is so much,
    schema, modules and documents, that each look at it would keep every request waiting for some 70 ms."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS_BEFORE_A_LOOK, 10, 10)


async def _work(as_json: bool) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await wakeups.start()
    _log.info("worker.started")
    if as_json:
        answer({"state": "started"}, sentence="", as_json=True)
    try:
        await run_worker(stop)
    finally:
        await wakeups.stop()


def _tell(own: settings.Settings, port: int, as_json: bool, *, event: str = "server.listening") -> None:
    """Where it listens, or is about to: in the log for a person, on standard output for a script."""
    facts = {"url": own.public_url, "graphql": own.address("/graphql"), "port": port}
    _log.info(event, **facts)
    if as_json:
        answer(facts, sentence="", as_json=True)


def _refuse_unmigrated(own: settings.Settings) -> None:
    """The command ends, with the next step, if requests could not be answered anyway."""
    if own.migrate_on_start:
        on_database(database.migrate, migrated=False)
    else:
        on_database(_nothing)


async def _nothing() -> None:
    """Connecting is all that is asked."""
