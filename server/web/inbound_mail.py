"""Mails that a mail server, or a service that takes mail, hands in: replies to invitations (RFC 6047)."""

from __future__ import annotations

import base64
import binascii
import hmac

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from server import ids, settings
from server.replies.receive import Received, receive

# What services call the mail as it came over the wire: Mailgun, SendGrid, and whoever writes a form by hand.
_FIELDS = ("body-mime", "email", "message", "mail")
_MOST_FIELDS = 100
_NO_STORE = {"cache-control": "no-store"}


def routes() -> list[Route]:
    """The door for mails."""
    return [Route("/hooks/mail", take, methods=["POST"])]


async def take(request: Request) -> Response:
    """What became of a mail that was handed in: 200 also for one that changes nothing, so that nobody sends it again.

    The mail is the body (`message/rfc822`, or any type but a form's), or a field of a form. The token is that of the
    settings, as a bearer token or as the password of a basic sign-in; without one in the settings there is no door."""
    token = settings.current().inbound_mail_token
    if not token:
        return _said(404, "Mail is not taken in here: PARLEY_INBOUND_MAIL_TOKEN is not set.")
    if not hmac.compare_digest(_token_of(request).encode(), token.encode()):
        return Response(status_code=401, headers=_NO_STORE | {"www-authenticate": 'Bearer, Basic realm="mail"'})
    raw = await _mail_of(request)
    if raw is None:
        return _said(400, f"There is no mail in this. Send it as the body, or as a form field: {', '.join(_FIELDS)}.")
    return JSONResponse(_told(await receive(raw)), headers=_NO_STORE)


def _token_of(request: Request) -> str:
    scheme, _, said = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return said.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(said, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


async def _mail_of(request: Request) -> bytes | None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("multipart/form-data", "application/x-www-form-urlencoded"):
        return await request.body() or None
    async with request.form(max_files=_MOST_FIELDS, max_fields=_MOST_FIELDS) as form:
        return await _mail_in(form)


async def _mail_in(form: FormData) -> bytes | None:
    for name, value in form.multi_items():
        is_mail = isinstance(value, UploadFile) and value.content_type == "message/rfc822"
        if is_mail or name in _FIELDS:
            return await value.read() if isinstance(value, UploadFile) else value.encode("utf-8", "surrogateescape")
    return None


def _told(received: Received) -> dict[str, str | None]:
    meeting = None if received.meeting_id is None else ids.public_id("mtg", received.meeting_id)
    return {"outcome": received.outcome.value, "reason": received.reason, "meeting": meeting}


def _said(status: int, sentence: str) -> Response:
    return PlainTextResponse(f"{sentence}\n", status_code=status, headers=_NO_STORE)
