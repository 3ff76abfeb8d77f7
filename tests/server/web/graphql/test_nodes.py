"""Nothing that stands in a document is left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from graphql import Node, Visitor, parse, visit

from server.web.graphql.nodes import within

OPERATIONS = sorted(Path("mobile_contract/operations").glob("*.graphql"))
DOCUMENTS = [
    "{ a }",
    'query Q($a: [Int!]! = [1, 2], $b: In = {x: {y: "z"}} @d) @e(f: 1) { g: a(h: $a, i: [$b, {j: $a}]) @h(if: true) }',
    "{ ...F ... on T { a } ... @include(if: false) { b } } fragment F on T @g { c(d: ENUM, e: null, f: 1.5) }",
    "subscription { a } mutation M { b { c { d { e } } } }",
]


class Entered(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.nodes: list[Node] = []

    def enter(self, node: Node, *_: Any) -> None:
        self.nodes.append(node)


@pytest.mark.parametrize("text", [*DOCUMENTS, *(one.read_text() for one in OPERATIONS)])
def test_the_nodes_are_those_that_a_visitor_enters(text: str) -> None:
    document, entered = parse(text), Entered()
    visit(document, entered)
    found = within(document)
    assert sorted(map(id, found)) == sorted(map(id, entered.nodes))


def test_a_node_comes_after_those_above_it() -> None:
    found = within(parse("{ a { b } }"))
    assert [one.kind for one in found[:4]] == ["document", "operation_definition", "selection_set", "field"]
