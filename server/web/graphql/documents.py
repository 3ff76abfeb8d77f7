"""Every document this server knows, by text and by sha256: parsed once, measured once, validated once."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
from graphql import DirectiveNode, DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode, parse

from server.settings import Settings
from server.web.graphql.asking import Asked
from server.web.graphql.cost import sizes_of
from server.web.graphql.limits import MOST_CHARACTERS, introspects, refuse_oversized
from server.web.graphql.nodes import within
from server.web.graphql.refusals import RequestRefused, document_refused
from server.web.graphql.roots import root_fields
from server.web.graphql.validity import faults_in

_log = structlog.get_logger("parley.graphql")

MOST_DOCUMENTS = 1_000
# Counted in characters: a parsed document takes about 110 bytes of memory for each, so this is some 40 MB.
MOST_KEPT = 400_000


@dataclass(frozen=True, slots=True)
class Document:
    """A document that parsed, kept to the limits and is valid for our schema.

    `directives` are all that stand in it, `roots` the root fields of each operation, `sizes` the variables that say how
    long a list is, `costs` what was added up so far."""

    text: str
    hash: str
    node: DocumentNode
    operations: Mapping[str, OperationDefinitionNode]
    introspects: bool
    directives: tuple[DirectiveNode, ...]
    roots: Mapping[str, tuple[str, ...]]
    sizes: tuple[str, ...]
    costs: dict[Hashable, int] = field(default_factory=dict, compare=False)

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation of that name, or the only one there is (GraphQL, 6.1 GetOperation)."""
        if name is not None and name in self.operations:
            return self.operations[name]
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        known = ", ".join(sorted(filter(None, self.operations))) or "one without a name"
        fault = f"has no operation {name!r}" if name is not None else "has several operations; send operationName"
        raise document_refused(f"The document {fault}. It defines: {known}.", code="BAD_USER_INPUT")


class Documents:
    """The registry. Persisted documents stay for good; others go when they were not asked for in a long time."""

    def __init__(self, schema: GraphQLSchema, settings: Settings) -> None:
        self._schema = schema
        self._settings = settings
        self._persisted: dict[str, Document] = {}
        self._recent: OrderedDict[str, Document] = OrderedDict()
        self._hash_of: dict[str, str] = {}
        self._kept = 0

    def preload(self, manifest: Path) -> int:
        """The documents of Apollo's persisted-query manifest are known from here on; returns how many.

        One that does not fit the schema is left out and said so in the log: the others must be served all the same.
        """
        listed = json.loads(manifest.read_text("utf-8"))["operations"] if manifest.is_file() else []
        for operation in listed:
            try:
                self.persist([operation["body"]])
            except RequestRefused as refused:
                _log.error("documents.left_out", name=operation["name"], reason=refused.message)
        return len(self._persisted)

    def persist(self, texts: Iterable[str]) -> None:
        """These documents are known for good, by their sha256. A broken one is refused."""
        for text in texts:
            document = self._read(text, hide_suggestions=False)
            self._persisted[document.hash] = document
            self._hash_of[text] = document.hash

    def asked_for(self, asked: Asked, *, is_trusted: bool = False) -> Document:
        """The document a request means; refused when it is unknown, too large, or not valid.

        `is_trusted` callers may see what the schema holds, so messages may suggest names to them.
        """
        if asked.query is None:
            return self._by_hash(asked.hash or "")
        if asked.hash is not None and asked.hash != sha256_of(asked.query):
            raise RequestRefused("The sha256 does not belong to the document that came with it.")
        known = self._by_text(asked.query)
        if known is not None:
            return known
        if self._settings.persisted_only:
            raise document_refused(
                "This server runs registered documents only. Send the documentId of one.",
                code="PERSISTED_QUERY_NOT_SUPPORTED",
            )
        return self._keep(self._read(asked.query, hide_suggestions=not is_trusted))

    def _by_hash(self, asked_hash: str) -> Document:
        found = self._persisted.get(asked_hash) or self._recent.get(asked_hash)
        if found is None:
            code = "PERSISTED_QUERY_NOT_SUPPORTED" if self._settings.persisted_only else "PERSISTED_QUERY_NOT_FOUND"
            # Apollo's clients look for these very words before they send the text.
            words = "".join(part.capitalize() for part in code.split("_"))
            raise document_refused(words, code=code)
        self._refresh(found)
        return found

    def _by_text(self, text: str) -> Document | None:
        known = self._hash_of.get(text)
        if known is None:
            return None
        document = self._persisted.get(known) or self._recent[known]
        self._refresh(document)
        return document

    def _refresh(self, document: Document) -> None:
        if document.hash in self._recent:
            self._recent.move_to_end(document.hash)

    def _keep(self, document: Document) -> Document:
        self._recent[document.hash] = document
        self._hash_of[document.text] = document.hash
        self._kept += len(document.text)
        while len(self._recent) > MOST_DOCUMENTS or self._kept > MOST_KEPT:
            _, oldest = self._recent.popitem(last=False)
            self._hash_of.pop(oldest.text, None)
            self._kept -= len(oldest.text)
        return document

    def _read(self, text: str, *, hide_suggestions: bool) -> Document:
        node = _parsed(text, self._settings.limit_tokens)
        refuse_oversized(node, self._settings)
        errors = faults_in(self._schema, node, hide_suggestions=hide_suggestions)
        if errors:
            raise _refusals(errors, "GRAPHQL_VALIDATION_FAILED")
        nodes = within(node)
        operations = [one for one in node.definitions if isinstance(one, OperationDefinitionNode)]
        by_name = {one.name.value if one.name else "": one for one in operations}
        roots = {name: tuple(root.name.value for root in root_fields(node, one)) for name, one in by_name.items()}
        directives = tuple(one for one in nodes if isinstance(one, DirectiveNode))
        return Document(text, sha256_of(text), node, by_name, introspects(node), directives, roots, sizes_of(nodes))


def sha256_of(text: str) -> str:
    """The lower-case hex sha256 of a document as it was sent."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _parsed(text: str, most_tokens: int) -> DocumentNode:
    if len(text) > MOST_CHARACTERS:
        raise document_refused(f"A document may have at most {MOST_CHARACTERS} characters.")
    try:
        return parse(text, max_lexical_tokens=most_tokens, max_comments=most_tokens)
    except GraphQLError as error:
        raise _refusals([error], "GRAPHQL_PARSE_FAILED") from None


def _refusals(errors: list[GraphQLError], code: str) -> RequestRefused:
    first, *rest = (_refusal(one, code) for one in errors)
    first.others = tuple(rest)
    return first


def _refusal(error: GraphQLError, code: str) -> RequestRefused:
    places: list[dict[str, Any]] = [dict(location.formatted) for location in error.locations or ()]
    return RequestRefused(error.message, code=code, locations=places, was_understood=True)
