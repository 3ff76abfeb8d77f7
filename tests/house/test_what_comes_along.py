"""What hangs on the answers that a scope opens, as docs/rights.md says: a way that nobody decided on fails here."""

from __future__ import annotations

import re
from pathlib import Path

from graphql import get_named_type

from resolvers.queries.node import NODES
from tests.house.test_schema import reachable, root_fields, scope_of

PAGE = Path(__file__).parents[2] / "docs" / "rights.md"
HOME = {type_.__name__: scope.partition(":")[0] for scope, type_, _ in NODES.values()}
"""To which kind of scope a thing belongs that can be asked for by itself."""
BY_ID = {"Query.node", "Query.nodes"}
"""What these find asks for its own scope (`NODES`)."""


def promised() -> dict[str, set[str]]:
    """The table of the page, by scope."""
    section = PAGE.read_text().partition("## What comes along")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return {
        scope: {one.strip() for one in along.split(",") if one.strip()}
        for asked, along in rows
        for scope in re.findall(r"`([\w:]+)`", asked.partition("(")[0])
    }


def test_what_comes_along_with_a_scope_is_what_the_page_says() -> None:
    found: dict[str, set[str]] = {}
    for name, field in root_fields():
        scope = scope_of(field)
        homes = {HOME[type_] for type_ in reachable(get_named_type(field.type)) & HOME.keys()}
        found.setdefault(scope, set()).update(set() if name in BY_ID else homes - {scope.partition(":")[0]})
    assert found == promised()
