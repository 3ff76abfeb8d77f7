"""One operation as a client asks for it, whatever transport brought it (GraphQL over HTTP, 4.2 and 4.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from server.web.graphql.refusals import RequestRefused

_HASH = re.compile(r"(?:sha256:)?([0-9a-fA-F]{64})")
_LONGEST_NAME = 200
_NO_VARIABLES: Mapping[str, Any] = {}
# U+0000 as a document may write it, besides the way of JSON.
_NOTHING = re.compile(rb"u\{0+\}")


class Asked(NamedTuple):
    """What to run: a document by text, by hash, or by both (which registers it), and its variables."""

    query: str | None
    hash: str | None = None
    operation_name: str | None = None
    variables: Mapping[str, Any] = _NO_VARIABLES


def json_of(body: bytes | str) -> Any:
    """The JSON value in `body`; refused when it is not UTF-8, not JSON, too deep, or holds a number beyond all use."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise RequestRefused(f"The body is not JSON that can be read: {error.msg}.") from None


def asked_of(given: Any) -> Asked:
    """The operation a decoded body asks for; refused with a sentence for the first member that has a wrong form."""
    if not isinstance(given, dict):
        raise RequestRefused("The body must be a JSON object with `query` or `documentId`.")
    _require_storable(given)
    query = _text(given, "query")
    extensions = _object(given, "extensions")
    asked_hash = _document_id(given) or _persisted_hash(extensions)
    if not query and asked_hash is None:
        raise RequestRefused("There is nothing to run: send `query` (a document) or `documentId` (its sha256).")
    return Asked(query or None, asked_hash, _operation_name(given), _object(given, "variables"))


def asked_in_address(parameters: Mapping[str, str]) -> Asked:
    """The operation that the parameters of a GET ask for; `variables` and `extensions` are JSON there."""
    given: dict[str, Any] = dict(parameters)
    for name in ("variables", "extensions"):
        if given.get(name):
            given[name] = json_of(parameters[name])
        else:
            given.pop(name, None)
    return asked_of(given)


def _require_storable(given: Mapping[str, Any]) -> None:
    """No text in the request holds U+0000, which PostgreSQL stores in none; nothing is nested beyond all use."""
    try:
        written = orjson.dumps(given)
    except orjson.JSONEncodeError:
        raise RequestRefused("The request is nested too deep.") from None
    if rb"\u0000" in written or _NOTHING.search(written):
        raise RequestRefused("The request holds the character U+0000, which no text here can hold; leave it out.")


def _text(given: Mapping[str, Any], name: str) -> str | None:
    value = given.get(name)
    if value is not None and not isinstance(value, str):
        raise RequestRefused(f"`{name}` must be a string.")
    return value


def _object(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = given.get(name)
    if value is not None and not isinstance(value, dict):
        raise RequestRefused(f"`{name}` must be a JSON object.")
    return value or {}


def _operation_name(given: Mapping[str, Any]) -> str | None:
    name = _text(given, "operationName")
    if name is not None and len(name) > _LONGEST_NAME:
        raise RequestRefused(f"`operationName` must have at most {_LONGEST_NAME} characters.")
    return name or None


def _document_id(given: Mapping[str, Any]) -> str | None:
    # Relay's own network layer calls it doc_id or id; the specification says documentId.
    for name in ("documentId", "doc_id", "id"):
        value = given.get(name) if name == "documentId" or "query" not in given else None
        if value is not None:
            return _hash(value, name)
    return None


def _persisted_hash(extensions: Mapping[str, Any]) -> str | None:
    persisted = extensions.get("persistedQuery")
    if persisted is None:
        return None
    if not isinstance(persisted, dict) or persisted.get("version") != 1:
        raise RequestRefused("`extensions.persistedQuery` must be {version: 1, sha256Hash}.")
    return _hash(persisted.get("sha256Hash"), "extensions.persistedQuery.sha256Hash")


def _hash(value: Any, name: str) -> str:
    found = _HASH.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise RequestRefused(f"`{name}` must be the sha256 of the document in hex, 64 characters.")
    return found[1].lower()
