"""How large a document may be. One pass, each fragment measured once, so the measure is linear in the document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from server.settings import Settings
from server.web.graphql.refusals import document_refused
from server.web.graphql.roots import root_fields

INTROSPECTION = ("__schema", "__type")
MOST_CHARACTERS = 50_000
MOST_FRAGMENTS = 40
MOST_SPREADS = 120
MOST_DIRECTIVES = 50
MOST_REPEATS = 10
MOST_OPERATIONS = 20
MOST_ROOT_FIELDS = 20


@dataclass(slots=True)
class _Measure:
    """What was counted so far, over the whole document."""

    aliases: int = 0
    directives: int = 0
    spreads: int = 0


def refuse_oversized(document: DocumentNode, settings: Settings) -> None:
    """Raise the refusal for the first limit that the document breaks; the time is in proportion to its length."""
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    if len(fragments) > MOST_FRAGMENTS:
        raise document_refused(f"A document may define at most {MOST_FRAGMENTS} fragments.")
    if sum(isinstance(one, OperationDefinitionNode) for one in document.definitions) > MOST_OPERATIONS:
        raise document_refused(f"A document may define at most {MOST_OPERATIONS} operations.")
    measure = _Measure()
    depths = _Depths(fragments, settings.limit_depth)
    for definition in document.definitions:
        if isinstance(definition, (OperationDefinitionNode, FragmentDefinitionNode)):
            measure.directives += len(definition.directives or ())
            _count(definition.selection_set, measure, 1, settings.limit_depth)
    _refuse_counts(measure, settings)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            _refuse_many_roots(document, definition)
            depths.of_selections(definition.selection_set, 1)


def introspects(document: DocumentNode) -> bool:
    """Whether any selection asks for `__schema` or `__type`. The document has passed `refuse_oversized`."""
    found = [one.selection_set for one in document.definitions if hasattr(one, "selection_set")]
    while found:
        for selection in found.pop().selections:
            if isinstance(selection, FieldNode) and selection.name.value in INTROSPECTION:
                return True
            inner = getattr(selection, "selection_set", None)
            if inner is not None:
                found.append(inner)
    return False


def _count(selections: SelectionSetNode, measure: _Measure, depth: int, deepest: int) -> None:
    if depth > 2 * deepest:
        raise _too_deep(deepest)
    _refuse_repeats(selections.selections)
    for selection in selections.selections:
        measure.directives += len(selection.directives or ())
        if isinstance(selection, FieldNode):
            measure.aliases += selection.alias is not None
        elif isinstance(selection, FragmentSpreadNode):
            measure.spreads += 1
        inner = getattr(selection, "selection_set", None)
        if inner is not None:
            _count(inner, measure, depth + 1, deepest)


def _refuse_repeats(selections: Sequence[SelectionNode]) -> None:
    # Merging equal response names is quadratic in graphql-core, so their number is bounded before it validates.
    if len(selections) <= MOST_REPEATS:
        return
    keys = Counter(_response_key(one) for one in selections)
    if max(keys.values()) > MOST_REPEATS:
        raise document_refused(f"One selection may hold the same field or fragment at most {MOST_REPEATS} times.")


def _response_key(selection: SelectionNode) -> str:
    if isinstance(selection, FieldNode):
        return (selection.alias or selection.name).value
    if isinstance(selection, FragmentSpreadNode):
        return f"...{selection.name.value}"
    return "... on"


def _refuse_counts(measure: _Measure, settings: Settings) -> None:
    for found, most, things in (
        (measure.aliases, settings.limit_aliases, "aliases"),
        (measure.directives, MOST_DIRECTIVES, "directives"),
        (measure.spreads, MOST_SPREADS, "fragment spreads"),
    ):
        if found > most:
            raise document_refused(f"A document may hold at most {most} {things}; this one has {found}.")


def _refuse_many_roots(document: DocumentNode, operation: OperationDefinitionNode) -> None:
    if sum(1 for _ in root_fields(document, operation)) > MOST_ROOT_FIELDS:
        raise document_refused(f"An operation may select at most {MOST_ROOT_FIELDS} root fields.")


def _too_deep(deepest: int) -> Exception:
    return document_refused(f"A document may nest fields at most {deepest} deep.")


class _Depths:
    """The depth of every fragment, each measured once; a cycle is refused on sight."""

    def __init__(self, fragments: dict[str, FragmentDefinitionNode], deepest: int) -> None:
        self._fragments = fragments
        self._deepest = deepest
        self._known: dict[str, int] = {}
        self._open: set[str] = set()

    def of_selections(self, selections: SelectionSetNode, depth: int) -> int:
        """The number of field levels in the selections, which begin at `depth`."""
        if depth > self._deepest + 1:
            raise _too_deep(self._deepest)
        levels = max((self._of_selection(one, depth) for one in selections.selections), default=0)
        if depth + levels - 1 > self._deepest:
            raise _too_deep(self._deepest)
        return levels

    def _of_selection(self, selection: SelectionNode, depth: int) -> int:
        if isinstance(selection, FieldNode):
            inner = selection.selection_set
            if selection.name.value in INTROSPECTION:
                # The usual introspection query is deeper than ours may be; graphql-core bounds it by a rule of its own.
                return 1
            return 1 + (self.of_selections(inner, depth + 1) if inner else 0)
        if isinstance(selection, InlineFragmentNode):
            return self.of_selections(selection.selection_set, depth)
        if isinstance(selection, FragmentSpreadNode):
            return self._of_fragment(selection.name.value)
        return 0

    def _of_fragment(self, name: str) -> int:
        if name in self._open:
            raise document_refused(f"The fragment {name!r} contains itself.")
        if name not in self._fragments:
            return 0
        if name not in self._known:
            self._open.add(name)
            self._known[name] = self.of_selections(self._fragments[name].selection_set, 1)
            self._open.discard(name)
        return self._known[name]
