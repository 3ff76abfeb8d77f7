"""Asking the schema as a client would, and counting what the database was asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.types import ExecutionResult

from resolvers.root import build_schema
from schema import reference_rows
from schema.context import context_for
from server import database
from server.accounts.viewer import Viewer, viewer_of_user
from server.models import User
from server.models.enums import Role

# The same document is asked over and over with other ids; to read and check it takes twenty times as long as to answer.
schema = build_schema(ParserCache, ValidationCache)


def viewer_for(user: User, **fields: Any) -> Viewer:
    """The user as they are after signing in."""
    return replace(viewer_of_user(user), **fields)


def program_of(account_id: int, *scopes: str) -> Viewer:
    """A program with a token of the account and these scopes only."""
    return Viewer(
        account_id=account_id,
        user_id=None,
        role=Role.MEMBER,
        has_seat=False,
        time_zone="UTC",
        locale="en",
        scopes=frozenset(scopes),
        token_id=1,
    )


async def asked(document: str, viewer: Viewer | None = None, **variables: Any) -> ExecutionResult:
    """The whole answer, errors included."""
    result = await schema.execute(document, variable_values=variables, context_value=context_for(viewer))
    assert isinstance(result, ExecutionResult)
    return result


async def answer(document: str, viewer: Viewer | None = None, **variables: Any) -> Any:
    """The data of an answer in which nothing went wrong."""
    result = await asked(document, viewer, **variables)
    assert result.errors is None, result.errors
    return result.data


async def problem(document: str, viewer: Viewer | None = None, **variables: Any) -> tuple[str | None, str]:
    """Code and message of the one error of an answer."""
    result = await asked(document, viewer, **variables)
    assert result.errors is not None, result.data
    (error,) = result.errors
    return (error.extensions or {}).get("code"), error.message


@contextmanager
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The SQL that readers send inside the block."""
    sent: list[str] = []
    fetch = database.fetch

    async def noted(sql: str, *parameters: Any) -> Any:
        sent.append(sql)
        return await fetch(sql, *parameters)

    with monkeypatch.context() as patch:
        patch.setattr(reference_rows.database, "fetch", noted)
        yield sent
