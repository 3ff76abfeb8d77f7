"""How an answer leaves over HTTP: status, media type, cache headers, ETag, compression."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from starlette.datastructures import Headers
from starlette.types import Send

from server.web.graphql.executor import Answer
from server.web.graphql.refusals import RequestRefused

_WORTH_COMPRESSING = 1_200


@dataclass(frozen=True, slots=True)
class Response:
    """A status, a body and its headers."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    async def send(self, send: Send) -> None:
        """The whole response is on its way."""
        headers = {**self.headers, "content-length": str(len(self.body))}
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": raw})
        await send({"type": "http.response.body", "body": self.body})


def status_of(answer: Answer, media_type: str) -> int:
    """200 for whatever was executed; a refusal before that is 400, but 200 for clients of the older media type."""
    return 200 if answer.was_run or media_type == "application/json" else 400


def answered(answer: Answer, media_type: str, headers: Mapping[str, str]) -> Response:
    """The answer to a single operation, not to be kept by anybody."""
    return Response(status_of(answer, media_type), answer.body, {**json_headers(media_type), **headers})


def refused(refusal: RequestRefused, media_type: str, headers: Mapping[str, str]) -> Response:
    """A refusal as a GraphQL response of errors only."""
    body = orjson.dumps({"errors": refusal.errors()})
    return Response(refusal.status_for(media_type), body, {**json_headers(media_type), **headers, **refusal.headers})


def json_headers(media_type: str) -> dict[str, str]:
    """What every answer of the endpoint says about itself."""
    return {
        "content-type": f"{media_type}; charset=utf-8",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "vary": "Accept, Accept-Encoding, Authorization, Origin",
    }


def revalidated(response: Response, asked: Headers) -> Response:
    """The answer to a persisted GET: the client may keep it and ask whether it still holds; 304 when it does."""
    tag = f'W/"{hashlib.sha256(response.body).hexdigest()[:32]}"'
    headers = {**response.headers, "cache-control": "private, no-cache", "etag": tag}
    kept = [one.strip() for one in asked.get("if-none-match", "").split(",")]
    if tag in kept:
        return Response(304, b"", {name: value for name, value in headers.items() if name != "content-type"})
    return Response(response.status, response.body, headers)


def compressed(response: Response, asked: Headers) -> Response:
    """The response in gzip, when the client takes it and the body is long enough to be worth it."""
    if len(response.body) < _WORTH_COMPRESSING or not takes_gzip(asked.get("accept-encoding", "")):
        return response
    headers = {**response.headers, "content-encoding": "gzip"}
    return Response(response.status, gzip.compress(response.body, compresslevel=1, mtime=0), headers)


def takes_gzip(accept_encoding: str) -> bool:
    """Whether the header accepts gzip with a quality above zero."""
    for part in accept_encoding.lower().split(","):
        name, _, quality = part.strip().partition(";")
        if name.strip() in ("gzip", "*"):
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
