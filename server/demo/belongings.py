"""What a demo keeps in its folder besides the database: made once, so that a restart opens with the same keys."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random, SystemRandom

WORDS = (
    "amber", "anchor", "birch", "cedar", "chalk", "clover", "copper", "coral", "ember", "fern", "flint", "harbour",
    "hazel", "heron", "ivory", "juniper", "lantern", "linden", "maple", "marble", "meadow", "moss", "otter", "pebble",
    "quartz", "raven", "river", "saffron", "slate", "sparrow", "thistle", "willow",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Belongings:
    """The server's secret, the password of everybody at Fernhill, the secret of the API token, and the number from
    which the story is told."""

    secret_key: str
    password: str
    api_token: str
    seed: int


def belongings(folder: Path, *, seed: int | None) -> Belongings:
    """What lies in the folder, which is made if need be, readable by its owner only.

    A given seed makes the same secrets everywhere, for examples that are recorded and compared; without one they are
    this folder's own."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "secrets.json"
    if file.exists():
        return Belongings(**json.loads(file.read_text()))
    made = _from_seed(seed) if seed is not None else _unguessable()
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as kept:
        json.dump(asdict(made), kept, indent=2)
    return made


def _from_seed(seed: int) -> Belongings:
    def of(purpose: str) -> str:
        return hashlib.sha256(f"parley demo {seed} {purpose}".encode()).hexdigest()

    return Belongings(of("secret key"), _password(Random(of("password"))), f"parley_{of('api token')}", seed)


def _unguessable() -> Belongings:
    password, number = _password(SystemRandom()), secrets.randbelow(2**31)
    return Belongings(secrets.token_hex(32), password, f"parley_{secrets.token_urlsafe(32)}", number)


def _password(dice: Random) -> str:
    words = "-".join(dice.sample(WORDS, 4))
    return f"{words}-{dice.randrange(10, 100)}"
