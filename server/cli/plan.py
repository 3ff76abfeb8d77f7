"""`parley plan`: how an operation would be answered, for whoever writes one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from resolvers.root import schema
from server import settings
from server.accounts.scopes import Scope
from server.accounts.viewer import Viewer
from server.app import PERSISTED
from server.cli.answering import Json, answer, remark
from server.models.enums import Role
from server.web.fastpath.explained import ExplainedField, Sql, explained
from server.web.graphql.asking import Asked
from server.web.graphql.cost import cost_of
from server.web.graphql.documents import Document, Documents
from server.web.graphql.refusals import RequestRefused


class Database(StrEnum):
    """Whose SQL is told."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


_NOBODY_IN_PARTICULAR = Viewer(
    account_id=1,
    user_id=1,
    role=Role.ADMIN,
    has_seat=True,
    time_zone="UTC",
    locale="en",
    scopes=frozenset(Scope),
)


def plan(
    operation: Annotated[
        str, typer.Argument(help="A file, or one of the contract's operations: today_tab, TodayTab or its sha256.")
    ],
    variables: Annotated[
        str | None, typer.Option(help="Variables as JSON; those of the recorded example if left out.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Which operation, where the file holds several.")] = None,
    database: Annotated[Database, typer.Option(help="Whose SQL.")] = Database.SQLITE,
    completion: Annotated[bool, typer.Option("--completion", help="Show the generated functions too.")] = False,
    as_json: Json = False,
) -> None:
    """Tell how an operation is answered: the SQL of each root field, or why the slower way is taken.

    Nothing is asked of a database and no mutation is done; user 1 of account 1, an administrator, asks. An ellipsis
    after WHERE stands for rows that only the field itself will know."""
    text, example = _found(operation)
    own = settings.read(demo=True)
    try:
        document = Documents(schema._schema, own).asked_for(Asked(text), is_trusted=True)
        node = document.operation(name)
    except RequestRefused as refused:
        remark(f"parley: {refused.message}")
        raise typer.Exit(1) from None
    given = _json(variables) if variables is not None else example
    fields = asyncio.run(explained(schema, document, node, given, viewer=_NOBODY_IN_PARTICULAR, dialect=database.value))
    cost = cost_of(schema._schema, document.node, node, given)
    facts = {
        "operation": node.name.value if node.name else None,
        "sha256": document.hash,
        "kind": node.operation.value,
        "cost": cost,
        "mostCost": own.limit_cost,
        "fields": [_facts(one) for one in fields],
    }
    answer(facts, sentence=_sentence(document, facts, fields, completion), as_json=as_json)


def _found(operation: str) -> tuple[str, Mapping[str, Any]]:
    """The document, and the variables of its recorded example if it is one of the contract's."""
    file = Path(operation)
    if file.is_file():
        return file.read_text("utf-8"), {}
    wanted = operation.replace("_", "").removeprefix("sha256:").lower()
    listed = json.loads(PERSISTED.read_text("utf-8"))["operations"] if PERSISTED.is_file() else []
    for one in listed:
        if wanted in (one["name"].lower(), one["id"]):
            return one["body"], _example(one["name"])
    known = ", ".join(sorted(one["name"] for one in listed))
    remark(f"parley: {operation} is no file, and no operation of the contract. Those are: {known}.")
    raise typer.Exit(1)


def _example(name: str) -> Mapping[str, Any]:
    for file in (PERSISTED.parent / "examples").glob("*.json"):
        if file.stem.replace("_", "") == name.lower():
            return dict(json.loads(file.read_text("utf-8"))["variables"])
    return {}


def _json(text: str) -> Mapping[str, Any]:
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        remark('parley: --variables takes a JSON object, such as \'{"id": "mtg_1"}\'.')
        raise typer.Exit(2)
    return given


def _facts(field: ExplainedField) -> dict[str, Any]:
    return {
        "field": field.name,
        "isPlanned": field.fallback is None,
        "fallback": field.fallback,
        "statements": [asdict(one) for one in field.statements],
        "completion": field.completion,
    }


def _sentence(
    document: Document, facts: Mapping[str, Any], fields: Sequence[ExplainedField], shows_completion: bool
) -> str:
    heading = f"{facts['kind']} {facts['operation'] or 'without a name'}: {facts['cost']} of {facts['mostCost']} points"
    return "\n".join([heading, f"sha256 {document.hash}", *(_told(one, shows_completion) for one in fields)])


def _told(field: ExplainedField, shows_completion: bool) -> str:
    if field.fallback is not None:
        return f"\n{field.name}: left to the reference executor ({field.fallback})"
    lines = [f"\n{field.name}: planned, {_count(field.statements)}", *(_shown(one) for one in field.statements)]
    return "\n".join([*lines, "", field.completion.rstrip()] if shows_completion else lines)


def _count(statements: Sequence[Sql]) -> str:
    return "no statement of its own" if not statements else f"statements: {len(statements)}"


def _shown(sql: Sql) -> str:
    return f"  {sql.text}" + (f"\n  -- {json.dumps(list(sql.parameters), default=str)}" if sql.parameters else "")
