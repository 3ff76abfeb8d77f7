"""`parley doctor`"""

from __future__ import annotations

import asyncio
import os
from dataclasses import asdict

import typer

from server.cli.answering import Json, answer
from server.doctor import Finding, State, examine

_MARKS = {State.OK: "ok   ", State.LOOK: "look ", State.WRONG: "WRONG"}


def doctor(as_json: Json = False) -> None:
    """Look everything over and say what is missing, each with the next step. Ends with 1 if something is wrong."""
    found = asyncio.run(examine(os.environ))
    is_well = all(one.state is not State.WRONG for one in found)
    answer(
        {"ok": is_well, "findings": [asdict(one) for one in found]},
        sentence="\n".join(_line(one) for one in found),
        as_json=as_json,
    )
    if not is_well:
        raise typer.Exit(1)


def _line(one: Finding) -> str:
    step = f"\n       -> {one.mend}" if one.mend else ""
    return f"{_MARKS[one.state]}  {one.subject:<8}  {one.said}{step}"
