"""`/files/<token>`: the one address of a file. PUT brings its bytes, GET fetches them; the token is all the proof.

Whatever a file holds, a browser only ever saves it: it is sent as an attachment, of a type that is not guessed, and
into a sandbox. A download that broke off goes on where it was: one span of bytes can be asked for (RFC 9110, 14)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from functools import partial
from urllib.parse import quote

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from server import ids, settings
from server.account_settings.bring_logo import is_for_a_logo, receive_logo
from server.attachments.hand_out import HandedOut, entity_tag, hand_out
from server.attachments.receive import receive_file
from server.errors import ErrorCode, Refused
from server.gateways.files import Span, StorageAway
from server.models import Attachment
from server.web.body_limits import discard
from server.web.byte_ranges import OutOfRange, asked_span
from server.web.graphql.cross_site import preflight_headers, sharing_headers
from server.web.headers import SANDBOXED, headers_of

PREFIX = "/files/"
_SAFE = {**SANDBOXED, "cache-control": "private, no-store"}
_STATUS = {
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.TOKEN_EXPIRED: 410,
    ErrorCode.CONFLICT: 409,
    ErrorCode.FILE_REFUSED: 422,
}

_log = structlog.get_logger(__name__)


class _TooSlow(Exception):
    """The bytes stopped coming."""


def routes() -> list[Route]:
    """The address of every file."""
    return [
        Route("/files/{token}", bring, methods=["PUT"]),
        Route("/files/{token}", fetch, methods=["GET"]),
        Route("/files/{token}", before, methods=["OPTIONS"]),
    ]


async def bring(request: Request) -> Response:
    """201 once the bytes are kept; 404, 409, 410 and 422 say why not, 408 that they stopped coming, 503 that they
    cannot be kept at the moment."""
    body, token = _Body(request), request.path_params["token"]
    receive = _logo if is_for_a_logo(token) else _attachment
    try:
        told = await receive(token, body.pieces())
    except Refused as refused:
        await body.let_pass()
        return _refused(request, refused)
    except (ClientDisconnect, _TooSlow):
        return _told(request, 408, "The bytes stopped coming. Send the file again.")
    except StorageAway as error:
        return _away(request, error)
    return JSONResponse(told, status_code=201, headers={**_SAFE, **_shared(request)})


async def fetch(request: Request) -> Response:
    """The file, to be saved, or with 206 the span of it that was asked for; 404, 410 and 416 say why not, 503 that it
    cannot be read at the moment."""
    try:
        found = await hand_out(request.path_params["token"], span_of=partial(_span_of, request))
    except Refused as refused:
        return _refused(request, refused)
    except OutOfRange as nothing:
        told = {"content-range": f"bytes */{nothing.size_bytes}"}
        return _told(request, 416, f"This file has {nothing.size_bytes} bytes.", told)
    except StorageAway as error:
        return _away(request, error)
    body = found.kept.pieces if request.method == "GET" else _nothing()
    status = 200 if found.span is None else 206
    return StreamingResponse(body, status, headers={**_headers_of(found), **_SAFE, **_shared(request)})


async def before(request: Request) -> Response:
    """What a browser asks before it brings a file from a page of an allowed origin."""
    return Response(status_code=204, headers=dict(preflight_headers(headers_of(request.scope), settings.current())))


async def _attachment(token: str, pieces: AsyncIterator[bytes]) -> Mapping[str, object]:
    kept = await receive_file(token, pieces)
    return {"id": ids.public_id("fil", kept.id), "name": kept.name, "sizeBytes": kept.size_bytes}


async def _logo(token: str, pieces: AsyncIterator[bytes]) -> Mapping[str, object]:
    return {"logoUrl": await receive_logo(token, pieces)}


class _Body:
    """The bytes of a request as they come; whoever stops for too long is given up."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._patience = settings.current().limit_request_seconds
        self._is_over = False

    async def pieces(self) -> AsyncIterator[bytes]:
        """Piece by piece. `_TooSlow`, `ClientDisconnect`."""
        while not self._is_over:
            try:
                async with asyncio.timeout(self._patience):
                    message = await self._request.receive()
            except TimeoutError:
                raise _TooSlow from None
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            self._is_over = not message.get("more_body", False)
            yield message.get("body", b"")

    async def let_pass(self) -> None:
        """What is still on its way has come and is dropped, so that the sender lives to read the answer."""
        if not self._is_over:
            await discard(self._request.receive, self._patience)


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""


def _span_of(request: Request, attachment: Attachment) -> Span | None:
    """Only GET has ranges; and whoever holds some bytes gets others of the very same file, or all of them."""
    holds = request.headers.get("if-range", entity_tag(attachment))
    if request.method != "GET" or holds != entity_tag(attachment):
        return None
    return asked_span(request.headers.get("range"), attachment.size_bytes)


def _headers_of(found: HandedOut) -> dict[str, str]:
    """RFC 6266: a name in ASCII for the old, the whole name for everybody else."""
    name = found.attachment.name
    plain = "".join(sign if " " <= sign <= "~" and sign not in '"\\%' else "_" for sign in name)
    size = found.kept.size_bytes
    first, end = found.span or (0, size)
    part = {"content-range": f"bytes {first}-{end - 1}/{size}"} if found.span is not None else {}
    return {
        "content-type": found.attachment.content_type,
        "content-length": str(end - first),
        "accept-ranges": "bytes",
        "etag": entity_tag(found.attachment),
        **part,
        "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
    }


def _refused(request: Request, refused: Refused) -> Response:
    complaint = refused.complaints[0]
    return _told(request, _STATUS.get(complaint.code, 400), complaint.message)


def _away(request: Request, error: StorageAway) -> Response:
    _log.error("files.away", reason=str(error))
    return _told(request, 503, "Files can be neither kept nor read at the moment. Try again in a while.")


def _told(request: Request, status: int, message: str, more: Mapping[str, str] | None = None) -> Response:
    retry = {"retry-after": "30"} if status == 503 else {}
    # What is left of a body that was refused must not be read as the next request.
    ending = {"connection": "close"} if request.method == "PUT" else {}
    return JSONResponse(
        {"message": message},
        status_code=status,
        headers={**_SAFE, **(more or {}), **retry, **ending, **_shared(request)},
    )


def _shared(request: Request) -> Mapping[str, str]:
    return sharing_headers(headers_of(request.scope), settings.current())
