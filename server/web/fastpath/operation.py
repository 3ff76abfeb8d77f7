"""The plans that were made: one for each operation, and for each setting of the variables in its @skip and @include."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from functools import cached_property
from typing import Any

import strawberry
from graphql import OperationDefinitionNode, OperationType
from graphql.execution.values import VariableValues

from server.database.connection import Dialect
from server.web.fastpath.dialects import TONGUES
from server.web.fastpath.kept import KEPT_FIELDS
from server.web.fastpath.plan import Plan, Planner
from server.web.fastpath.selection import Selection, switches_of, variables_below
from server.web.fastpath.telling import Telling
from server.web.fastpath.unusual import Unusual
from server.web.fastpath.variables import Variables
from server.web.graphql.documents import Document
from server.web.graphql.executor import Operation
from server.web.graphql.roots import root_fields

MOST_OPERATIONS = 1_000
MOST_CHARACTERS = 400_000
_MOST_SETTINGS = 16


class PlannedOperation:
    """One operation, and its plans so far. What cannot be planned is remembered too, with its reason."""

    def __init__(self, schema: strawberry.Schema, document: Document, node: OperationDefinitionNode, name: str) -> None:
        self._schema, self._document, self._node, self._name = schema, document.node, node, name
        self._switches = switches_of(document.directives)
        self._variables = Variables(schema._schema, node)
        self.may_be_kept = node.operation is OperationType.QUERY and KEPT_FIELDS.issuperset(
            one.name.value for one in root_fields(document.node, node)
        )
        self._plans: dict[Hashable, Plan | Telling | Unusual] = {}

    @cached_property
    def variables_below(self) -> tuple[str, ...]:
        """The variables that stand anywhere but in the arguments of its root fields."""
        return variables_below(self._document, self._node)

    def variables(self, given: Mapping[str, Any]) -> VariableValues:
        """The variables as the operation declares them; `Unusual` where they do not fit."""
        return self._variables.of(given)

    def plan(self, variables: VariableValues, dialect: Dialect) -> Plan:
        """The plan for these variables; `Unusual` where there can be none."""
        found = self._found(variables, dialect)
        if isinstance(found, Telling):
            raise Unusual("subscription")
        return found

    def telling(self, variables: VariableValues, dialect: Dialect) -> Telling:
        """The plan of a subscription to the log; `Unusual` where there can be none."""
        found = self._found(variables, dialect)
        if isinstance(found, Plan):
            raise Unusual(self._node.operation.value)
        return found

    def _found(self, variables: VariableValues, dialect: Dialect) -> Plan | Telling:
        key = (dialect, *(variables.coerced.get(name) for name in self._switches))
        if key not in self._plans:
            if len(self._plans) >= _MOST_SETTINGS:
                self._plans.clear()
            self._plans[key] = self._made(variables, dialect)
        plan = self._plans[key]
        if isinstance(plan, Unusual):
            raise Unusual(plan.reason, str(plan))
        return plan

    def _made(self, variables: VariableValues, dialect: Dialect) -> Plan | Telling | Unusual:
        selection = Selection(self._schema._schema, self._document, self._node, variables)
        root = self._schema._schema.get_root_type(self._node.operation)
        try:
            if root is None:
                raise Unusual(self._node.operation.value)
            planner = Planner(self._schema, selection, TONGUES[dialect], self._name)
            is_stream = self._node.operation is OperationType.SUBSCRIPTION
            return planner.telling(root) if is_stream else planner.plan(root)
        except Unusual as unusual:
            return unusual


class PlannedOperations:
    """The registry: those asked for longest ago go first, for the texts come from strangers."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self._schema = schema
        self._known: OrderedDict[tuple[str, str | None], tuple[PlannedOperation, int]] = OrderedDict()
        self._characters = 0

    def of(self, operation: Operation) -> PlannedOperation:
        """The operation, from here on known."""
        key = (operation.document.hash, operation.name)
        known = self._known.get(key)
        if known is None:
            known = (
                PlannedOperation(self._schema, operation.document, operation.node, "/".join(map(str, key))),
                len(operation.document.text),
            )
            self._known[key] = known
            self._characters += known[1]
            self._forget()
        else:
            self._known.move_to_end(key)
        return known[0]

    def _forget(self) -> None:
        while len(self._known) > MOST_OPERATIONS or self._characters > MOST_CHARACTERS:
            _, (_, characters) = self._known.popitem(last=False)
            self._characters -= characters
