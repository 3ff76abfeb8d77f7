"""How a command speaks: its answer on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import Console

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON on standard output.")]


def answer(facts: Mapping[str, Any] | list[Any], *, sentence: str, as_json: bool) -> None:
    """One line of JSON, or the same said to a person."""
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False, separators=(",", ":")))
    else:
        typer.echo(sentence)


def remark(sentence: str) -> None:
    """Something that is not the answer."""
    typer.echo(sentence, err=True)


def on_terminal() -> bool:
    """Whether a person is there who could be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def console() -> Console:
    """Where panels and progress are drawn: standard error, so that standard output holds nothing but the answer."""
    return Console(stderr=True)
