"""Who is measured: Parley as an operator starts it, its peers in production mode, and the limit."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.tokens import PUBLIC_URL, SECRET
from server.changes.listener import CHANNEL

HERE = Path(__file__).parent
PEERS = HERE / "peers"
_UNLIMITED = "6000000/minute"


@dataclass(frozen=True, slots=True)
class Contestant:
    """One server. `asks` names the workloads that it is measured with, W1C being W1 out of the cache."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    asks: frozenset[str]
    database: str = "postgresql"
    bookings_a_second: int = 0


def parley(name: str, database_url: str) -> Contestant:
    """`parley serve` with everything switched on. Only the number of requests that one sender may make is raised."""
    words = [str(Path(sys.executable).with_name("parley")), "serve", "--host", "127.0.0.1", "--port", "{port}"]
    environment = {
        "PARLEY_DATABASE_URL": database_url,
        "PARLEY_PUBLIC_URL": PUBLIC_URL,
        "PARLEY_SECRET_KEY": SECRET,
        "PARLEY_LIMIT_TOKEN_REQUESTS": _UNLIMITED,
        "PARLEY_LIMIT_VISITOR_REQUESTS": _UNLIMITED,
        "PARLEY_LIMIT_BOOKING": _UNLIMITED,
        "PARLEY_LOG_FORMAT": "JSON",
    }
    if database_url.startswith("sqlite:"):
        return Contestant(name, words, environment, frozenset({"W1", "W1C", "W2", "W3"}), "sqlite")
    asks = frozenset({"W1", "W1C", "W2", "W3", "G13"})
    return Contestant(name, words, environment, asks, bookings_a_second=20)


def peer(name: str, database_url: str, *, bookings_a_second: int = 0) -> Contestant:
    """One of `peers/*.js`."""
    environment = _surroundings(database_url) | {"NODE_ENV": "production"}
    words = ["node", str(PEERS / f"{name}.js")]
    return Contestant(name, words, environment, frozenset({"W1", "W2", "W3"}), bookings_a_second=bookings_a_second)


def naive(database_url: str) -> Contestant:
    """strawberry and Tortoise by the book."""
    words = [sys.executable, "-m", "benchmarks.servers.naive_app"]
    asks = frozenset({"W1", "W2", "W3"})
    return Contestant("naive", words, _surroundings(database_url), asks, bookings_a_second=20)


def raw(body: Path) -> Contestant:
    """uvicorn that sends the bytes in `body` to everybody."""
    words = [sys.executable, "-m", "benchmarks.servers.raw_asgi", str(body)]
    return Contestant("raw", words, {}, frozenset({"W1C"}), "none")


def install_peers() -> None:
    """The packages of `peers/package-lock.json` are there."""
    kept = PEERS / "node_modules" / ".package-lock.json"
    if not kept.is_file() or kept.stat().st_mtime < (PEERS / "package-lock.json").stat().st_mtime:
        subprocess.run(["npm", "ci", "--omit=dev"], cwd=PEERS, check=True, capture_output=True, timeout=300)


def _surroundings(database_url: str) -> dict[str, str]:
    return {"DATABASE_URL": database_url, "PUBLIC_URL": PUBLIC_URL, "CHANNEL": CHANNEL}
