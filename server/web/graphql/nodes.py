"""All that stands in a document, without a visitor: graphql-core's `visit` takes ten times as long to say it."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import Node

_known: dict[object, tuple[str, ...]] = {}


def within(node: Node) -> Iterator[Node]:
    """The node and all below it, in no order."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        for key in _keys(node.__class__):
            below = getattr(node, key)
            if isinstance(below, Node):
                waiting.append(below)
            elif below.__class__ is tuple or below.__class__ is list:
                waiting.extend(below)


def _keys(kind: type[Node]) -> tuple[str, ...]:
    # graphql-core works them out anew each time they are asked for.
    if kind not in _known:
        _known[kind] = tuple(key for key in kind.keys if key != "loc")
    return _known[kind]
