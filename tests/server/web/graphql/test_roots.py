from graphql import OperationDefinitionNode, parse

from server.web.graphql.roots import root_fields


def names(text: str) -> list[str]:
    document = parse(text)
    operation = next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    return [one.name.value for one in root_fields(document, operation)]


def test_root_fields_are_found_wherever_they_stand() -> None:
    text = """
        query { a { inner } ...A ... on Query { b ...A ... { c } } ...Unknown }
        fragment A on Query { d ...B e: d { inner } }
        fragment B on Query { f ...A }
    """
    assert names(text) == ["a", "d", "f", "d", "b", "c"]
