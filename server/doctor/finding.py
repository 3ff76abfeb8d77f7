"""One thing the doctor looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """OK: as it should be. LOOK: works, and deserves a look. WRONG: something will not work."""

    OK = "OK"
    LOOK = "LOOK"
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and the next step where there is one."""

    subject: str
    state: State
    said: str
    mend: str = ""


def ok(subject: str, said: str) -> Finding:
    """As it should be."""
    return Finding(subject, State.OK, said)


def look(subject: str, said: str, mend: str) -> Finding:
    """Works, and deserves a look."""
    return Finding(subject, State.LOOK, said, mend)


def wrong(subject: str, said: str, mend: str) -> Finding:
    """Something will not work."""
    return Finding(subject, State.WRONG, said, mend)
