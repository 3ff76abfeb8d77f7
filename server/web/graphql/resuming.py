"""A subscription that goes on where an event stream broke off: Last-Event-ID becomes its argument `after`."""

from __future__ import annotations

from dataclasses import replace

from graphql import ArgumentNode, FieldNode, NameNode, StringValueNode, VariableNode

from server.web.graphql.executor import Operation

ARGUMENT = "after"
_LONGEST_CURSOR = 200


def resumed(operation: Operation, last_seen: str | None) -> Operation:
    """The operation as if the client had asked for what follows `last_seen`; unchanged when it names no cursor."""
    if not last_seen or len(last_seen) > _LONGEST_CURSOR or operation.kind != "subscription":
        return operation
    root = operation.node.selection_set.selections[0]
    if not isinstance(root, FieldNode):
        return operation
    given = next((one.value for one in root.arguments or () if one.name.value == ARGUMENT), None)
    if isinstance(given, VariableNode):
        return replace(operation, variables={**operation.variables, given.name.value: last_seen})
    return _with_argument(operation, root, last_seen)


def _with_argument(operation: Operation, root: FieldNode, last_seen: str) -> Operation:
    kept = [one for one in root.arguments or () if one.name.value != ARGUMENT]
    after = ArgumentNode(name=NameNode(value=ARGUMENT), value=StringValueNode(value=last_seen))
    field = replace(root, arguments=(*kept, after))
    node = replace(operation.node, selection_set=replace(operation.node.selection_set, selections=(field,)))
    whole = operation.document.node
    definitions = tuple(node if one is operation.node else one for one in whole.definitions)
    document = replace(operation.document, node=replace(whole, definitions=definitions))
    return replace(operation, document=document, node=node)
