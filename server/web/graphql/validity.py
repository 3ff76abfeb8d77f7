"""What is wrong with a document, by graphql-core's rules. Most documents are plain and valid: of these that is known in
a twentieth of the time."""

from __future__ import annotations

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    specified_rules,
    validate,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from server.web.graphql.plainness import is_plain_and_valid

RULES: tuple[type[ASTValidationRule], ...] = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
MOST_FAULTS = 10


def faults_in(schema: GraphQLSchema, document: DocumentNode, *, hide_suggestions: bool = False) -> list[GraphQLError]:
    """The first of the document's faults, ten at most."""
    if is_plain_and_valid(schema, document):
        return []
    return validate(schema, document, RULES, MOST_FAULTS, hide_suggestions=hide_suggestions)
