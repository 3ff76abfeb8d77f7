"""The authorization matrix (SEC4): every root field times everybody who may come, against a table that is reviewed.

A root field without a row fails; `PARLEY_RIGHTS=write` writes the table anew, for the reviewer to read."""

from __future__ import annotations

import os
from itertools import count
from typing import Any

import pytest

from schema.access import PUBLIC
from tests.house.test_schema import root_fields, scope_of
from tests.resolvers import rights
from tests.resolvers.world import FOREIGN, World, a_world


async def the_matrix() -> dict[str, dict[str, str]]:
    """What everybody meets everywhere, as it is."""
    numbers = count(1)

    async def another() -> World:
        return await a_world(f"Heimer{next(numbers)}")

    scene = rights.Scene(another, await a_world(FOREIGN))
    return {name: await rights.row_of(name, scene) for name in rights.fields()}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_everybody_gets_as_far_as_the_table_says(db: str) -> None:
    found = await the_matrix()
    if os.environ.get("PARLEY_RIGHTS") == "write":
        rights.TABLE.write_text(rights.written(found))
    expected = rights.table()
    assert set(found) == set(expected)
    deviations = {
        f"{name} for {who}": (expected[name][who], word)
        for name, row in found.items()
        for who, word in row.items()
        if expected[name][who] != word
    }
    assert deviations == {}


def test_the_table_agrees_with_the_scopes_of_the_schema() -> None:
    """What is public opens to visitors, and nothing else does; a token without the scope is turned away."""
    expected: dict[str, Any] = rights.table()
    for place, field in root_fields():
        name = place.rpartition(".")[2]
        is_public = scope_of(field) == str(PUBLIC)
        assert (expected[name]["visitor"] == "UNAUTHENTICATED") == (not is_public), name
        if not is_public and scope_of(field) != "SIGNED_IN":
            assert expected[name]["narrow"] == "FORBIDDEN", name


@pytest.mark.parametrize("who", ["foreign", "member"])
def test_nobody_else_reaches_more_than_an_administrator(who: str) -> None:
    for name, row in rights.table().items():
        assert not (row[who] == "opens" and row["admin"] in ("FORBIDDEN", "UNAUTHENTICATED")), name
