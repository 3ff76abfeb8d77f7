"""One HTTP request as the endpoint sees it, before it is known what it asks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from starlette.datastructures import QueryParams
from starlette.types import Scope

from server.settings import Settings
from server.web.graphql.asking import Asked, asked_in_address
from server.web.graphql.cross_site import refuse_forgery, sharing_headers
from server.web.graphql.negotiation import (
    EVENT_STREAM,
    GRAPHQL_RESPONSE,
    JSON,
    MULTIPART,
    best_of,
    names,
)
from server.web.graphql.refusals import RequestRefused
from server.web.headers import headers_of
from server.web.known_heads import HEAD, Head

_MEDIA_TYPES = (JSON, GRAPHQL_RESPONSE)
_STREAMS = (EVENT_STREAM, MULTIPART)
_LONGEST_ACCEPT = 1_000


class Negotiated(NamedTuple):
    """What the header `Accept` leads to. `takes_json` is False where it takes streams at most; `wants_events`, where
    every operation is to be answered by events."""

    media_type: str
    takes_json: bool
    wants_events: bool
    names_stream: bool


# A client says the same with every request.
@lru_cache(maxsize=256)
def _negotiated(accept: str) -> Negotiated:
    json_type = best_of(accept, _MEDIA_TYPES)
    # A wildcard never turns an answer into a stream: only a client that names one can read it. Parts are for
    # subscriptions only: Apollo's phone clients name them first with every query, for what might be deferred.
    wants_events = best_of(accept, (*_MEDIA_TYPES, EVENT_STREAM)) == EVENT_STREAM and names(accept, EVENT_STREAM)
    names_stream = any(names(accept, one) for one in _STREAMS)
    return Negotiated(json_type or JSON, json_type is not None, wants_events, names_stream)


class Meaning(NamedTuple):
    """What the headers of a request come to."""

    headers: Mapping[str, str]
    sharing: Mapping[str, str]
    accept: str
    negotiated: Negotiated


def _meaning(scope: Scope, settings: Settings) -> Meaning:
    head: Head | None = scope.get(HEAD)
    if head is not None and head.meaning is not None:
        meaning: Meaning = head.meaning
        return meaning
    headers = headers_of(scope)
    # Of this request only, so no part of what a head means; `BodyLimits`, in front, has looked at it.
    headers.pop("content-length", None)
    accept = headers.get("accept", "")[:_LONGEST_ACCEPT]
    meaning = Meaning(headers, sharing_headers(headers, settings), accept, _negotiated(accept))
    if head is not None:
        head.meaning = meaning
    return meaning


class Visit:
    """A request's headers and what was chosen by them; `said` collects the headers of its answer."""

    def __init__(self, scope: Scope, settings: Settings) -> None:
        self.scope = scope
        self.headers, sharing, self.accept, negotiated = _meaning(scope, settings)
        self.said = dict(sharing)
        self.media_type, self.takes_json, self.wants_events, self._names_stream = negotiated
        self.is_streaming = False

    @property
    def is_get(self) -> bool:
        return bool(self.scope["method"] == "GET")

    @property
    def stream_type(self) -> str:
        """The kind of stream that the client names and prefers; refused when it names none."""
        kind = best_of(self.accept, _STREAMS)
        if kind is None or not names(self.accept, kind):
            raise RequestRefused(
                "A subscription is answered as text/event-stream or multipart/mixed, or over a websocket. "
                "Name one of them in Accept.",
                status=406,
            )
        return kind

    def begin_streaming(self) -> None:
        """From here on the answer is a stream: its duration tells nothing, and it can be no other answer any more."""
        self.is_streaming = self.scope["is_stream"] = True

    def check_form(self) -> None:
        """Refuse a method, media type or Accept that the endpoint does not know, and what may be forged."""
        if self.scope["method"] not in ("GET", "POST"):
            raise RequestRefused("Use GET or POST.", status=405, headers={"allow": "GET, POST"})
        if not self._names_stream:
            self.check_takes_json()
        if self.is_get:
            refuse_forgery(self.headers)
        elif not _is_json(self.headers.get("content-type", "")):
            # A body that is JSON needs no other proof: no page can send one to another site without a preflight.
            takes = {"accept-post": JSON}
            raise RequestRefused("The body must be application/json in UTF-8.", status=415, headers=takes)

    def check_takes_json(self) -> None:
        """Refuse an Accept that does not take what is no stream."""
        if not self.takes_json:
            raise RequestRefused(f"The answer can be {GRAPHQL_RESPONSE} or {JSON}, in UTF-8.", status=406)

    def asked_in_address(self) -> Asked:
        """The operation in the parameters of a GET."""
        try:
            parameters = QueryParams(self.scope["query_string"].decode("ascii"))
        except UnicodeDecodeError:
            raise RequestRefused("The address must be percent-encoded UTF-8.") from None
        return asked_in_address(dict(parameters))


@lru_cache(maxsize=256)
def _is_json(content_type: str) -> bool:
    media_type, _, parameters = content_type.lower().partition(";")
    said = parameters.replace('"', "").replace(" ", "")
    return media_type.strip() == JSON and ("charset=" not in said or "charset=utf-8" in said)
