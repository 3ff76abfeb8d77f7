"""`parley export-schema`"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from resolvers.root import schema
from server.cli.answering import Json, answer
from server.cli.running import plainly


def export_schema(
    out: Annotated[Path | None, typer.Option("--out", help="File to write; standard output if left out.")] = None,
    as_json: Json = False,
) -> None:
    """Print the GraphQL schema of this version as SDL, for code generation."""
    text = schema.as_str().rstrip() + "\n"
    if out is None:
        answer({"schema": text}, sentence=text.rstrip(), as_json=as_json)
        return
    with plainly():
        out.write_text(text)
    answer({"written": str(out)}, sentence=f"Written to {out}.", as_json=as_json)
