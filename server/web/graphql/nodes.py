"""All that stands in a document, without a visitor: graphql-core's `visit` takes ten times as long to say it."""

from __future__ import annotations

from graphql import Node

_known: dict[type[Node], tuple[str, ...]] = {}


def within(node: Node) -> list[Node]:
    """The node and all below it, each after those above it."""
    found = [node]
    for one in found:  # which grows meanwhile
        for key in _keys(one.__class__):
            below = getattr(one, key)
            if below.__class__ is tuple or below.__class__ is list:
                found += below
            elif isinstance(below, Node):
                found.append(below)
    return found


def _keys(kind: type[Node]) -> tuple[str, ...]:
    # graphql-core works them out anew each time they are asked for.
    keys = _known.get(kind)
    if keys is None:
        keys = _known[kind] = tuple(key for key in kind.keys if key != "loc")
    return keys
