"""What every test may ask for: a migrated database of its own, on each of the two kinds, and settings to go with it."""

from __future__ import annotations

import ipaddress
import itertools
import os
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from server import database, settings
from tests.emptied import Databases
from tests.house.graphiql import fetch
from tests.postgresql import at_once, run_sql, running_server, sibling

# How long a case takes says more about what else the machine does than about the rule.
hypothesis.settings.register_profile("parley", deadline=None)
hypothesis.settings.load_profile("parley")

DIALECTS = ("sqlite", "postgresql")
_numbers = itertools.count(1)


@pytest.fixture
async def db(database_url: str, in_use: settings.Settings) -> AsyncIterator[str]:
    """A migrated, empty database to which this process is connected; its address."""
    await database.connect(database_url, pool_size=in_use.database_pool)
    yield database_url
    await database.disconnect()


@pytest.fixture
def in_use(database_url: str, tmp_path: Path) -> Iterator[settings.Settings]:
    """The settings of this test, with its database in them."""
    before = settings.current() if settings._in_use else None
    chosen = settings.read(
        database_url=database_url,
        public_url="https://meet.example.com",
        secret_key="for-tests-only-" + "k" * 32,
        mail_from="meetings@meet.example.com",
        smtp_url="",
        files_url=(tmp_path / "files").as_uri(),
    )
    settings.use(chosen)
    yield chosen
    settings._in_use[:] = [before] if before else []


@pytest.fixture(params=DIALECTS)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a migrated, empty database that nobody is connected to."""
    make = request.getfixturevalue(f"{request.param}_database")
    yield from make()


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Any:
    """Makes a database out of a file."""

    def make() -> Iterator[str]:
        path = tmp_path / f"parley-{next(_numbers)}.sqlite3"
        shutil.copyfile(sqlite_template, path)
        yield f"sqlite:///{path}"

    return make


@pytest.fixture
def postgresql_database(postgresql_databases: Databases) -> Any:
    """Gives a database on the server of this run."""

    def make() -> Iterator[str]:
        with postgresql_databases.one() as url:
            yield url

    return make


@pytest.fixture(scope="session")
def postgresql_databases(postgresql_server: str, postgresql_template: str) -> Databases:
    """The databases of this run, emptied after each test."""
    return Databases(postgresql_server, postgresql_template)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    path = tmp_path_factory.mktemp("template") / "parley.sqlite3"
    at_once(_migrated(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """The name of a migrated database to copy."""
    run_sql(postgresql_server, "CREATE DATABASE template_parley")
    at_once(_migrated(sibling(postgresql_server, "template_parley")))
    return "template_parley"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of the PostgreSQL server of this run, started when first asked for."""
    with running_server() as url:
        yield url


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test talks to the world: a connection to anything but this machine is refused."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            raise ConnectionRefusedError(f"tests stay on this machine, but one wanted {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


def _is_here(host: str) -> bool:
    return host == "localhost" or ipaddress.ip_address(host).is_loopback


async def _migrated(url: str) -> None:
    await database.connect(url)
    try:
        await database.migrate()
    finally:
        await database.disconnect()


@pytest.fixture(scope="session")
def graphiql_files() -> None:
    """GraphiQL lies beside its page. Without npm the last lines of the run say that this was not tried."""
    if not fetch():
        assert os.environ.get("CI") != "true", "GraphiQL comes from npm, which was not found"
        pytest.skip("GraphiQL comes from npm, which was not found")
