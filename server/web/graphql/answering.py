"""How an answer leaves over HTTP: status, media type, cache headers, ETag, compression."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import orjson
from starlette.types import Send

from server.web.etags import is_known
from server.web.graphql.executor import Answer
from server.web.graphql.refusals import RequestRefused

_WORTH_COMPRESSING = 1_200


class Response(NamedTuple):
    """A status, a body and its headers."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    async def send(self, send: Send) -> None:
        """The whole response is on its way."""
        await send({"type": "http.response.start", "status": self.status, "headers": list(self.raw_headers())})
        await send({"type": "http.response.body", "body": self.body})

    def raw_headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """The headers as they go over the wire, with the length of the body."""
        return (*map(_raw, self.headers.items()), (b"content-length", b"%d" % len(self.body)))


# Nearly all of them are said with every answer.
@lru_cache(maxsize=1_000)
def _raw(header: tuple[str, str]) -> tuple[bytes, bytes]:
    return header[0].encode("latin-1"), header[1].encode("latin-1")


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


def revalidated(response: Response, answer: Answer, asked: Mapping[str, str]) -> Response:
    """The answer to a persisted GET: the client may keep it and ask whether it still holds; 304 when it does."""
    headers = {**response.headers, "cache-control": "private, no-cache", "etag": answer.tag}
    if is_known(asked, answer.tag):
        return Response(304, b"", {name: value for name, value in headers.items() if name != "content-type"})
    return Response(response.status, response.body, headers)


def compressed(response: Response, asked: Mapping[str, str], answer: Answer | None = None) -> Response:
    """The response in gzip, when the client takes it and the body is long enough to be worth it. Where the body is all
    of an `answer`, which may be given again, that remembers it."""
    if len(response.body) < _WORTH_COMPRESSING or not takes_gzip(asked.get("accept-encoding", "")):
        return response
    headers = {**response.headers, "content-encoding": "gzip"}
    return Response(response.status, (answer or Answer(response.body)).zipped, headers)


@lru_cache(maxsize=256)
def takes_gzip(accept_encoding: str) -> bool:
    """Whether the header takes gzip, and likes it no less than the bytes as they are (RFC 9110, 12.5.3)."""
    liked: dict[str, float] = {}
    for part in accept_encoding.lower().split(",")[:32]:
        name, *parameters = (piece.strip() for piece in part.split(";"))
        liked[name] = next((_quality(one) for one in parameters if one.startswith("q=")), 1.0)
    gzip = liked.get("gzip", liked.get("x-gzip", liked.get("*", 0.0)))
    return gzip > 0 and gzip >= liked.get("identity", 0.0)


def _quality(text: str) -> float:
    try:
        return float(text.removeprefix("q="))
    except ValueError:
        return 0.0
