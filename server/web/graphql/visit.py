"""One HTTP request as the endpoint sees it, before it is known what it asks."""

from __future__ import annotations

from starlette.datastructures import Headers, QueryParams
from starlette.types import Scope

from server.settings import Settings
from server.web.graphql.asking import Asked, asked_in_address
from server.web.graphql.cross_site import media_type_of, refuse_forgery, sharing_headers
from server.web.graphql.negotiation import (
    EVENT_STREAM,
    GRAPHQL_RESPONSE,
    JSON,
    MULTIPART,
    best_of,
    names,
    utf8_is_acceptable,
)
from server.web.graphql.refusals import RequestRefused

_MEDIA_TYPES = (JSON, GRAPHQL_RESPONSE)
_STREAMS = (EVENT_STREAM, MULTIPART)
_LONGEST_ACCEPT = 1_000


class Visit:
    """A request's headers and what was chosen by them; `said` collects the headers of its answer."""

    def __init__(self, scope: Scope, settings: Settings) -> None:
        self.scope = scope
        self.headers = Headers(scope=scope)
        self.said = dict(sharing_headers(self.headers, settings))
        self.accept = self.headers.get("accept", "")[:_LONGEST_ACCEPT]
        chosen = best_of(self.accept, (*_MEDIA_TYPES, *_STREAMS))
        # A wildcard never turns an answer into a stream: only a client that names one can read it.
        self.wants_stream = chosen in _STREAMS and names(self.accept, str(chosen))
        json_type = best_of(self.accept, _MEDIA_TYPES)
        self._is_acceptable = self.wants_stream or (json_type is not None and utf8_is_acceptable(self.accept))
        self.media_type = json_type or JSON
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
        if not self._is_acceptable:
            raise RequestRefused(f"The answer can be {GRAPHQL_RESPONSE} or {JSON}, in UTF-8.", status=406)
        if not self.is_get and not _is_json(self.headers):
            takes = {"accept-post": JSON}
            raise RequestRefused("The body must be application/json in UTF-8.", status=415, headers=takes)
        refuse_forgery(self.headers)

    def asked_in_address(self) -> Asked:
        """The operation in the parameters of a GET."""
        try:
            parameters = QueryParams(self.scope["query_string"].decode("ascii"))
        except UnicodeDecodeError:
            raise RequestRefused("The address must be percent-encoded UTF-8.") from None
        return asked_in_address(dict(parameters))


def _is_json(headers: Headers) -> bool:
    if media_type_of(headers) != JSON:
        return False
    parameters = headers.get("content-type", "").lower().partition(";")[2].replace('"', "").replace(" ", "")
    return "charset=" not in parameters or "charset=utf-8" in parameters
