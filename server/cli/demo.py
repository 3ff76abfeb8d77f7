"""`parley demo`: a server with believable data, in one process, from nothing."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.panel import Panel

from server import clock, database, logs, settings
from server.app import build_app
from server.cli.answering import Json, remark
from server.cli.listening import open_port, server_of, serving
from server.cli.running import plainly
from server.cli.serve import Port
from server.demo.belongings import Belongings, belongings
from server.demo.cast import DOMAIN
from server.demo.keys import hand_out_keys
from server.demo.seed import seed as tell_story
from server.demo.today import keep_lively_until
from server.gateways.mail.sink import MailSink
from server.worker import run_worker

PATIENCE_SECONDS = 30.0
# Whoever plays with a demo does so from one address, and sometimes by script.
GENEROUS: dict[str, str | int] = {
    "limit_sign_in": "6000/minute",
    "limit_booking": "60000/minute",
    "limit_visitor_requests": "600000/minute",
    "limit_token_requests": "600000/minute",
    "limit_form_seconds": 0,
}


def demo(
    port: Port = 8000,
    data: Annotated[Path, typer.Option(help="Folder that keeps the demo's data.")] = Path("demo-data"),
    seed: Annotated[int | None, typer.Option(help="Tell the story from this number: same ids, same texts.")] = None,
    at: Annotated[str | None, typer.Option(help="Begin at this time, such as 2026-11-24T09:00:00+01:00.")] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "localhost",
    as_json: Json = False,
) -> None:
    """Try it: a company with meetings, links and mails, on one machine, with nothing else to run.

    Started again on the same folder it goes on where it was."""
    beginning = _instant(at) if at is not None else None
    if beginning is not None:
        clock.set_process_time(beginning)
    with plainly():
        sockets = open_port(host, port)
        own = belongings(data, seed=seed)
        with asyncio.Runner() as runner:
            runner.run(_demo(sockets, data.resolve(), own, beginning, as_json))


async def _demo(
    sockets: list[socket.socket], data: Path, own: Belongings, beginning: datetime | None, as_json: bool
) -> None:
    sink = MailSink(data / "mail")
    try:
        given = _settings(data, own, smtp_url=await sink.start(), port=sockets[0].getsockname()[1])
        settings.use(given)
        logs.speak(given.log_level, as_json={"JSON": True, "TEXT": False}.get(given.log_format))
        facts = await _prepared(given, own, beginning)
        app = build_app(
            given,
            background=(run_worker, keep_lively_until),
            front=f"/m/{facts['slug']}",
            known={"token": facts["accessToken"], **{name: facts[name] for name in ("email", "password", "slug")}},
        )
        server = server_of(app, given)
        answering = asyncio.create_task(serving(server, sockets))
        if await _is_ready(sockets[0].getsockname(), answering):
            _tell(facts, as_json)
        await answering
    finally:
        await sink.stop()


def _settings(data: Path, own: Belongings, *, smtp_url: str, port: int) -> settings.Settings:
    """A demo is set by its folder; what the environment says of it is not asked, save the address, log and limits."""
    wished: dict[str, Any] = {"public_url": f"http://localhost:{port}", **GENEROUS}
    return settings.read(
        demo=True,
        database_url=f"sqlite:///{data / 'parley.sqlite3'}",
        secret_key=own.secret_key,
        smtp_url=smtp_url,
        mail_from=f"meetings@{DOMAIN}",
        mail_sink=True,
        graphiql=True,
        files_url=(data / "files").as_uri(),
        **{name: value for name, value in wished.items() if f"PARLEY_{name.upper()}" not in os.environ},
    )


async def _prepared(given: settings.Settings, own: Belongings, beginning: datetime | None) -> dict[str, str]:
    """The database is there, with its story and something to do today; what a script needs to begin."""
    await database.connect(given.database_url)
    try:
        await database.migrate()
        seeded = await tell_story(password=own.password, number=own.seed, at=beginning)
        keys = await hand_out_keys(seeded, api_token=own.api_token)
    finally:
        await database.disconnect()
    return {
        "url": given.public_url,
        "graphql": given.address("/graphql"),
        "email": seeded.user.email,
        "password": own.password,
        "accessToken": keys.session.access_token,
        "refreshToken": keys.session.refresh_token,
        "apiToken": keys.api_token,
        "link": given.address(f"/m/{seeded.slug}"),
        "mail": given.address("/dev/mail"),
        "graphiql": given.address("/dev/graphiql"),
        "slug": seeded.slug,
    }


async def _is_ready(address: tuple[Any, ...], answering: asyncio.Task[None]) -> bool:
    """Whether `/health/ready` answers 200 before the server ends or patience does."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not answering.done():
            if await _status(address[0], address[1], "/health/ready") == 200:
                return True
            await asyncio.sleep(0.05)
    return False


async def _status(host: str, port: int, path: str) -> int:
    """The status of a GET; 0 if the server hung up."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        words = (await reader.readline()).split()
        return int(words[1]) if len(words) > 1 else 0
    finally:
        writer.close()


def _tell(facts: dict[str, str], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False, separators=(",", ":")))
        return
    body = json.dumps({"query": "{ todayMeetings { title startsAt } }"})
    console = Console()
    console.print(
        Panel(
            f"Book a meeting    {facts['link']}\n"
            f"Read the mails    {facts['mail']}\n"
            f"Ask the API       {facts['graphql']}\n"
            f"... in a browser  {facts['graphiql']}\n\n"
            f"Sign in as        {facts['email']}\n"
            f"with password     {facts['password']}",
            title="Parley is ready",
            expand=False,
            padding=(1, 2),
        )
    )
    console.print(
        "Today's meetings:\n"
        f"curl -s {facts['graphql']} -H 'content-type: application/json' "
        f"-H 'authorization: Bearer {facts['apiToken']}' -d '{body}'\n\nCtrl-C ends it.",
        soft_wrap=True,
        highlight=False,
        markup=False,
    )


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        remark(f"parley: --at {text}: write date, time and offset, such as 2026-11-24T09:00:00+01:00.")
        raise typer.Exit(2)
    return instant.astimezone(UTC).replace(microsecond=0)
