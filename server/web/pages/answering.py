"""How every page leaves the house: never kept by others, framed by nobody else, compressed if the reader takes it."""

from __future__ import annotations

import gzip

from starlette.requests import Request
from starlette.responses import Response

SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_SMALL = 700


def page_answer(request: Request, html: str, *, status: int = 200, retry_after: int | None = None) -> Response:
    """The page as a response: private, never stored, without an address for the next site to see."""
    headers = {
        **SECURITY,
        "Cache-Control": "private, no-store",
        "Referrer-Policy": "no-referrer",
        "Vary": "Accept-Encoding, Accept-Language",
    }
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return _packed(request, html.encode(), "text/html; charset=utf-8", headers, status)


def asset_answer(request: Request, content: bytes, media_type: str, *, tag: str, forever: bool) -> Response:
    """A part that pages share, with its ETag; kept for a year where its address names its content. 304 if known."""
    age = "public, max-age=31536000, immutable" if forever else "public, max-age=300"
    headers = {"ETag": f'"{tag}"', "Cache-Control": age, "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
    if headers["ETag"] in [
        one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")
    ]:
        return Response(status_code=304, headers=headers)
    return _packed(request, content, media_type, headers, 200)


def _packed(request: Request, content: bytes, media_type: str, headers: dict[str, str], status: int) -> Response:
    if len(content) > _SMALL and _takes_gzip(request):
        content = gzip.compress(content, compresslevel=6, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(content, status_code=status, media_type=media_type, headers=headers)


def _takes_gzip(request: Request) -> bool:
    offers = [part.replace(" ", "").lower() for part in request.headers.get("accept-encoding", "").split(",")]
    return any(one.split(";")[0] in ("gzip", "*") and not one.endswith(";q=0") for one in offers)
