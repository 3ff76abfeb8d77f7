from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse

from server.web.graphql.cost import cost_of
from tests.server.web.graphql.small_schema import schema


def cost(text: str, **variables: Any) -> int:
    document = parse(text)
    operation = next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    return cost_of(schema._schema, document, operation, variables)


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("{ greeting }", 0),
        ("{ branch { name } }", 1),
        ("{ branch { branches { name } } }", 1 + 10),
        ("{ branch { branches(first: 3) { name branches(first: 5) { name } } } }", 1 + 3 * (1 + 5)),
        ("{ branch { ...A } } fragment A on Branch { branches(first: 7) { name } }", 1 + 7),
        ("{ a: branch { ...A } b: branch { ...A } } fragment A on Branch { branches(first: 7) { name } }", 16),
        ("{ branch { ... { branches(first: -4) { name } } } }", 1 + 1),
        ("mutation { run }", 10),
        ("{ __schema { types { fields { name } } } }", 0),
    ],
)
def test_cost_of(text: str, points: int) -> None:
    assert cost(text) == points


def test_cost_of_counts_variables_and_their_defaults() -> None:
    text = "query($n: Int = 4) { branch { branches(first: $n) { name } } }"
    assert (cost(text), cost(text, n=50), cost(text, n=None)) == (1 + 4, 1 + 50, 1 + 1)


def test_cost_of_doubling_fragments_is_told_without_walking_them_twice() -> None:
    halves = " ".join(f"fragment F{n} on Branch {{ a: branches(first: 2) {{ ...F{n + 1} }} }}" for n in range(30))
    text = f"{{ branch {{ ...F0 }} }} {halves} fragment F30 on Branch {{ name }}"
    assert cost(text) == 2**31 - 1


def test_cost_of_an_absurd_number_stays_a_number() -> None:
    assert cost("{ branch { branches(first: " + "9" * 4_000 + ") { name } } }") == 1 + 10**9
    assert cost("query($n: Int) { branch { branches(first: $n) { name } } }", n=1e300) == 1 + 10**9
