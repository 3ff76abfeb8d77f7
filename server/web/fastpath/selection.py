"""What an operation asks for, after fragments, merging, aliases, @skip and @include: graphql-core's own rules.

The one file that reaches into graphql-core's collection of fields, which is not public: pin its version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    VariableNode,
)
from graphql.execution.collect_fields import (
    CollectedFields,
    FieldDetailsList,
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues

from server.web.fastpath.unusual import Unusual
from server.web.graphql.nodes import within

_SWITCHES = ("skip", "include")


@dataclass(frozen=True, slots=True)
class Chosen:
    """One entry of an answer: its key, the name of its field, and every place of the document that asks for it."""

    key: str
    name: str
    places: FieldDetailsList

    @property
    def node(self) -> FieldNode:
        """The first place; the arguments of the others are the same, or the document would be invalid."""
        return self.places[0].node


class Selection:
    """The entries of one operation, for one setting of the variables in its @skip and @include."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, given: VariableValues
    ) -> None:
        self._schema, self._operation, self._given = schema, operation, given
        found = (one for one in document.definitions if isinstance(one, FragmentDefinitionNode))
        self._fragments = {one.name.value: FragmentDetails(one) for one in found}

    def of_root(self, type_: GraphQLObjectType) -> list[Chosen]:
        """The root fields."""
        return _chosen(collect_fields(self._schema, self._fragments, self._given, type_, self._operation))

    def below(self, chosen: Chosen, type_: GraphQLObjectType) -> list[Chosen]:
        """The entries of an object of `type_` that stands at `chosen`."""
        return _chosen(
            collect_subfields(self._schema, self._fragments, self._given, self._operation, type_, chosen.places)
        )


def switches_of(directives: Iterable[DirectiveNode]) -> tuple[str, ...]:
    """The variables that decide what a document asks for. `Unusual` for a directive other than @skip and @include."""
    names: set[str] = set()
    for node in directives:
        if node.name.value not in _SWITCHES:
            raise Unusual("directive", node.name.value)
        names.update(one.value.name.value for one in node.arguments or () if isinstance(one.value, VariableNode))
    return tuple(sorted(names))


def has_variables(node: Node) -> bool:
    """Whether a variable stands in a value, or in the arguments of a field, inside lists and objects too."""
    places = node.arguments or () if isinstance(node, FieldNode) else (node,)
    return any(isinstance(one, VariableNode) for place in places for one in within(place))


def variables_below(document: DocumentNode, operation: OperationDefinitionNode) -> tuple[str, ...]:
    """The variables of an operation that stand anywhere but in the arguments of its root fields."""
    places: list[Node] = [one for one in document.definitions if isinstance(one, FragmentDefinitionNode)]
    for root in operation.selection_set.selections:
        below = [*(root.directives or ()), root.selection_set] if isinstance(root, FieldNode) else [root]
        places += filter(None, below)
    found = (one for place in places for one in within(place) if isinstance(one, VariableNode))
    return tuple(sorted({one.name.value for one in found}))


def _chosen(collected: CollectedFields) -> list[Chosen]:
    if collected.new_defer_usages:
        raise Unusual("defer")
    return [Chosen(key, places[0].node.name.value, places) for key, places in collected.grouped_field_set.items()]
