"""`/dev/mail`: what the mail sink has caught, for the demo and for sandboxes; never there without a sink."""

from __future__ import annotations

from email.message import EmailMessage

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.gateways.mail.sink import KeptMail, MailSink, parsed
from server.web.mail_frame import PRIVATE, STYLE, html_answer, list_answer, not_there, text_answer
from server.wording import when

_LONGEST_LIST = 500


def routes(sink: MailSink) -> list[Route]:
    """The list, and each mail raw, as HTML and as text."""
    page = MailSinkPage(sink)
    return [
        Route("/dev/mail", page.list, methods=["GET"]),
        Route("/dev/mail/sink.css", page.style, methods=["GET"]),
        Route("/dev/mail/{id}.eml", page.raw, methods=["GET"]),
        Route("/dev/mail/{id}.html", page.html, methods=["GET"]),
        Route("/dev/mail/{id}.txt", page.text, methods=["GET"]),
    ]


class MailSinkPage:
    """The pages over one sink."""

    def __init__(self, sink: MailSink) -> None:
        self._sink = sink

    async def list(self, request: Request) -> Response:
        """The newest mails first, at most 500: a page, or `[{"id","to","subject","kind","at"}]` if JSON is accepted."""
        kept = self._sink.messages(_LONGEST_LIST)
        if "application/json" in request.headers.get("accept", ""):
            return JSONResponse([_row(one) for one in kept], headers=PRIVATE | {"vary": "accept"})
        chosen = request.query_params.get("id") or (kept[0].id if kept else "")
        shown = self._mail(chosen)
        return list_answer(
            "mail_sink.html",
            vary="accept",
            mails=kept,
            chosen=next((one for one in kept if one.id == chosen), None),
            text=_part(shown, "plain") if shown is not None else "",
            files=[part.get_filename() or "" for part in shown.iter_attachments()] if shown is not None else [],
            moment=lambda one: when.short(one.at, "UTC", "en"),
        )

    async def style(self, request: Request) -> Response:
        """How the list looks."""
        return Response(STYLE.read_bytes(), media_type="text/css", headers=PRIVATE)

    async def raw(self, request: Request) -> Response:
        """The mail as it came over the wire."""
        raw = self._sink.raw(request.path_params["id"])
        if raw is None:
            return not_there()
        return Response(raw, media_type="message/rfc822", headers=PRIVATE)

    async def html(self, request: Request) -> Response:
        """The HTML of the mail, unable to run or fetch anything."""
        mail = self._mail(request.path_params["id"])
        return not_there() if mail is None else html_answer(_part(mail, "html"))

    async def text(self, request: Request) -> Response:
        """The text of the mail."""
        mail = self._mail(request.path_params["id"])
        return not_there() if mail is None else text_answer(_part(mail, "plain"))

    def _mail(self, id: str) -> EmailMessage | None:
        raw = self._sink.raw(id)
        return parsed(raw) if raw is not None else None


def _row(mail: KeptMail) -> dict[str, str]:
    at = f"{mail.at:%Y-%m-%dT%H:%M:%SZ}"
    return {"id": mail.id, "to": mail.to, "subject": mail.subject, "kind": mail.kind, "at": at}


def _part(mail: EmailMessage, subtype: str) -> str:
    body = mail.get_body((subtype,))
    return str(body.get_content()) if body is not None else ""
