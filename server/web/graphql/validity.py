"""What is wrong with a document, by graphql-core's rules. Most documents are valid and have no fragments: of these
that is known in half of the time.

Leans on how the rules ask for variables, which is not public: pin its version."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, NoReturn

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    FragmentsOnCompositeTypesRule,
    GraphQLError,
    GraphQLSchema,
    KnownDirectivesRule,
    KnownFragmentNamesRule,
    Node,
    NoFragmentCyclesRule,
    NoUnusedFragmentsRule,
    OperationDefinitionNode,
    ParallelVisitor,
    PossibleFragmentSpreadsRule,
    TypeInfo,
    TypeInfoVisitor,
    UniqueDirectivesPerLocationRule,
    UniqueFragmentNamesRule,
    ValidationContext,
    specified_rules,
    validate,
    visit,
)
from graphql.language.ast import QUERY_DOCUMENT_KEYS
from graphql.language.visitor import VisitorAction
from graphql.validation import (
    DeferStreamDirectiveLabel,
    DeferStreamDirectiveOnRootField,
    DeferStreamDirectiveOnValidOperationsRule,
    StreamDirectiveOnListField,
)
from graphql.validation.validation_context import VariableUsage, VariableUsageVisitor
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

Rules = tuple[type[ASTValidationRule], ...]

RULES: Rules = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
MOST_FAULTS = 10
_FRAGMENTS = frozenset({"fragment_definition", "fragment_spread", "inline_fragment"})
_ABOUT_FRAGMENTS = frozenset[type[ASTValidationRule]](
    {
        FragmentsOnCompositeTypesRule,
        KnownFragmentNamesRule,
        NoFragmentCyclesRule,
        NoUnusedFragmentsRule,
        PossibleFragmentSpreadsRule,
        UniqueFragmentNamesRule,
    }
)
_ABOUT_DIRECTIVES = frozenset[type[ASTValidationRule]](
    {
        DeferStreamDirectiveLabel,
        DeferStreamDirectiveOnRootField,
        DeferStreamDirectiveOnValidOperationsRule,
        KnownDirectivesRule,
        StreamDirectiveOnListField,
        UniqueDirectivesPerLocationRule,
    }
)
# Half of the nodes are names. No rule enters one: it looks at the name of what it has entered.
_KEYS = {kind: tuple(key for key in keys if key not in ("alias", "name")) for kind, keys in QUERY_DOCUMENT_KEYS.items()}


def faults_in(
    schema: GraphQLSchema, document: DocumentNode, nodes: Iterable[Node], *, hide_suggestions: bool = False
) -> list[GraphQLError]:
    """The first of the document's faults, ten at most; `nodes` are all that stand in it."""
    kinds = {one.kind for one in nodes}
    if kinds.isdisjoint(_FRAGMENTS) and _is_beyond_doubt(schema, document, _rules("directive" in kinds)):
        return []
    return validate(schema, document, RULES, MOST_FAULTS, hide_suggestions=hide_suggestions)


@cache
def _rules(has_directives: bool) -> Rules:
    """Those that have something to say of a document without fragments: each takes time with every node."""
    left_out = _ABOUT_FRAGMENTS if has_directives else _ABOUT_FRAGMENTS | _ABOUT_DIRECTIVES
    return tuple(rule for rule in RULES if rule not in left_out)


def _is_beyond_doubt(schema: GraphQLSchema, document: DocumentNode, rules: Rules) -> bool:
    type_info = TypeInfo(schema)
    context = _Context(schema, document, type_info, _doubt)
    at_work = ParallelVisitor([rule(context) for rule in rules])
    try:
        visit(document, TypeInfoVisitor(type_info, at_work), _KEYS)
    except (_Doubted, RecursionError):
        return False
    return True


class _Doubted(Exception):
    """A rule had something to say."""


def _doubt(_: GraphQLError) -> NoReturn:
    raise _Doubted


class _Context(ValidationContext):
    """Three rules ask for the variables of an operation. Where there are no fragments, all of them stand in it."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        # By identity: to find a node by what it is, all that is below it would be hashed.
        self._usages: dict[int, list[VariableUsage]] = {}

    def get_recursive_variable_usages(self, operation: OperationDefinitionNode) -> list[VariableUsage]:
        if id(operation) not in self._usages:
            visitor = _Usages(self._type_info)
            visit(operation, TypeInfoVisitor(self._type_info, visitor), _KEYS)
            self._usages[id(operation)] = visitor.usages
        return self._usages[id(operation)]


class _Usages(VariableUsageVisitor):
    def enter_field(self, node: FieldNode, *_: Any) -> VisitorAction:
        return None if node.arguments or node.directives or node.selection_set else self.SKIP
