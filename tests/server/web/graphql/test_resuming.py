import pytest

from schema.context import context_for
from server.settings import Settings
from server.web.graphql.asking import Asked
from server.web.graphql.documents import Documents
from server.web.graphql.executor import Operation, ReferenceExecutor
from server.web.graphql.resuming import resumed
from tests.server.web.graphql.small_schema import schema


def operation(text: str, settings: Settings, **variables: object) -> Operation:
    document = Documents(schema._schema, settings).asked_for(Asked(text))
    return Operation(document, document.operation(None), variables)


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("subscription { steps(to: 5) { number } }", {}),
        ('subscription { steps(to: 5, after: "1") { number } }', {}),
        ("subscription A($a: String) { steps(to: 5, after: $a) { number } }", {"a": "1"}),
        ("subscription A($a: String) { steps(to: 5, after: $a) { number } }", {}),
    ],
)
async def test_resumed_goes_on_after_what_was_seen(chosen: Settings, text: str, variables: dict[str, object]) -> None:
    asked = resumed(operation(text, chosen, **variables), "3")
    answers = [answer.body async for answer in ReferenceExecutor(schema).follow(asked, lambda: context_for(None))]
    assert answers == [b'{"data":{"steps":{"number":4}}}', b'{"data":{"steps":{"number":5}}}']


@pytest.mark.parametrize("last_seen", [None, "", "x" * 201])
def test_resumed_leaves_alone_what_names_no_cursor(chosen: Settings, last_seen: str | None) -> None:
    asked = operation("subscription { steps { number } }", chosen)
    assert resumed(asked, last_seen) is asked


def test_resumed_leaves_queries_alone(chosen: Settings) -> None:
    asked = operation("{ greeting }", chosen)
    assert resumed(asked, "3") is asked
