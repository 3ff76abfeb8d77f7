"""A company on a database of its own, with the processes of an installation around it."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.faults.forked import ForkedParley, parley_forked
from tests.journeys.conftest import a_link
from tests.journeys.processes import GraphQL, Parley, parley
from tests.postgresql import DatabaseServer, sibling

MINUTES = 15
"""What every slot of the scenes' links lasts, and how far apart they are."""

PUBLIC_URL = "https://meet.fernhill.example"
SCOPES = ("meetings:read", "meetings:write", "links:read", "links:write", "contacts:read", "bookings:read")
UNLIMITED: dict[str, Any] = {
    "limit_booking": "1000000/minute",
    "limit_visitor_requests": "1000000/minute",
    "limit_token_requests": "1000000/minute",
    "log_level": "WARNING",
}
_FREE = """query($slug: String!, $from: Date!, $to: Date!) {
  schedulingPage(slug: $slug) { slots(from: $from, to: $to) { slots { startsAt } } } }"""


class NotHeld(Exception):
    """A promise was broken; the sentence says which, and how."""


def hold(is_so: bool, promise: str) -> None:
    """The promise holds, or the run says that it does not."""
    if not is_so:
        raise NotHeld(promise)


@dataclass(frozen=True, slots=True)
class Scene:
    """One scenario's own company: where its data is, whose token is used, and how large to play it."""

    kind: str
    database_url: str
    server: DatabaseServer | None
    token: str
    slug: str
    seed: int
    is_quick: bool
    folder: Path = field(default_factory=Path)

    def size(self, *, quick: int, full: int) -> int:
        """The figure of the issue, or the smaller one of a quick run."""
        return quick if self.is_quick else full

    def serve(self, *, port: int | None = None, smtp_port: int | None = None, **settings: Any) -> Parley:
        """`parley serve` on the company's data, not yet started; without a worker unless it says so."""
        chosen = {"worker_in_process": "false", "public_url": PUBLIC_URL, **UNLIMITED} | settings
        program = ForkedParley if self.is_quick else Parley
        return program("serve", database_url=self.database_url, port=port, smtp_port=smtp_port, **chosen)

    def work(self, *, smtp_port: int | None = None, **settings: Any) -> Parley:
        """`parley worker` on the company's data, not yet started."""
        chosen = {"public_url": PUBLIC_URL, "log_level": "WARNING"} | settings
        program = ForkedParley if self.is_quick else Parley
        return program("worker", database_url=self.database_url, smtp_port=smtp_port, **chosen)

    def client(self, url: str) -> GraphQL:
        """The company's program, with its token."""
        return GraphQL(url, self.token)

    async def free(self, url: str, count: int) -> list[str]:
        """The starts of the first `count` slots that can be booked from tomorrow on."""
        found: list[str] = []
        day = datetime.now(UTC).date() + timedelta(days=1)
        while len(found) < count:
            days = {"from": str(day), "to": str(day + timedelta(days=30))}
            page = (await GraphQL(url).ask(_FREE, slug=self.slug, **days))["schedulingPage"]
            more = [slot["startsAt"] for one in page["slots"] for slot in one["slots"]]
            hold(bool(more), f"only {len(found)} slots of {count} are free")
            found += more
            day += timedelta(days=31)
        return found[:count]


class Stage:
    """Where scenes are set: one migrated database with a company in it, copied for each of them."""

    def __init__(self, kind: str, server: DatabaseServer | None, folder: Path, *, is_quick: bool) -> None:
        self.kind = kind
        self._is_quick = is_quick
        self._server = server
        self._folder = folder
        self._scenes = 0
        self._token = ""
        self._slug = ""

    async def build(self) -> None:
        """The company is there: an account, its admin, a program's token, a link that is open around the clock."""
        url = self._new("template")
        tell, program = (parley_forked, ForkedParley) if self._is_quick else (parley, Parley)
        await tell("migrate", database_url=url)
        await tell("create-account", "Fernhill Robotics", "--time-zone", "Europe/Warsaw", database_url=url)
        made = await tell("create-user", "ines@fernhill.example", "--name", "Ines Almeida", "--admin", database_url=url)
        scopes = [word for scope in SCOPES for word in ("--scope", scope)]
        named = ("Fault scripts", "--user", made["email"], *scopes)
        self._token = (await tell("create-token", *named, database_url=url))["token"]
        async with program("serve", database_url=url, worker_in_process="false", **UNLIMITED) as server:
            client = GraphQL(server.url, self._token)
            self._slug = await a_link(
                client, durationsMinutes=[MINUTES], incrementMinutes=MINUTES, windowDays=300, guestsMax=3
            )

    @contextmanager
    def scene(self, *, seed: int) -> Iterator[Scene]:
        """A copy of the company, gone afterwards."""
        self._scenes += 1
        name = f"scene_{self._scenes}"
        url = self._copy(name)
        folder = Path(tempfile.mkdtemp(prefix="parley-fault-", dir=self._folder))
        try:
            yield Scene(self.kind, url, self._server, self._token, self._slug, seed, self._is_quick, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            self._drop(name)

    def _new(self, name: str) -> str:
        if self._server is None:
            return f"sqlite:///{self._folder / name}.sqlite3"
        self._server.run(f"CREATE DATABASE {name}")
        return sibling(self._server.url, name)

    def _copy(self, name: str) -> str:
        if self._server is None:
            for suffix in ("", "-wal"):
                source = self._folder / f"template.sqlite3{suffix}"
                if source.exists():
                    shutil.copyfile(source, self._folder / f"{name}.sqlite3{suffix}")
            return f"sqlite:///{self._folder / name}.sqlite3"
        # Without the checkpoint a crash would set the copied sequences back to where the template's stood.
        self._server.run(f"CREATE DATABASE {name} TEMPLATE template", "CHECKPOINT")
        return sibling(self._server.url, name)

    def _drop(self, name: str) -> None:
        if self._server is None:
            for path in self._folder.glob(f"{name}.sqlite3*"):
                path.unlink()
        else:
            self._server.run(f"DROP DATABASE {name} WITH (FORCE)")


@asynccontextmanager
async def until_over(*works: Any) -> AsyncIterator[list[asyncio.Task[Any]]]:
    """The works run beside the block and have ended with it; what one of them raised is raised."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        yield tasks
    finally:
        for task in tasks:
            if not task.done():
                task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for one in ended:
        if isinstance(one, BaseException) and not isinstance(one, asyncio.CancelledError):
            raise one


def as_json(value: object) -> str:
    """A value as one line, its keys in order."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
