"""How every page leaves the house: never kept by others, framed only by whom it may be, compressed if the reader takes
it."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from server.web.etags import is_known

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action {forms}; base-uri 'none'; frame-ancestors {frames}"
)
SECURITY = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_SMALL = 700


def page_answer(
    request: Request,
    html: str,
    *,
    status: int = 200,
    retry_after: int | None = None,
    frames: Iterable[str] = ("'self'",),
    leads_to: Iterable[str] = (),
) -> Response:
    """The page as a response: private, never stored, without an address for the next site to see. `frames` may show it
    inside of them, and its forms may lead on to the sites of the addresses `leads_to`, and to nobody else's."""
    forms = " ".join(["'self'", *(origin for url in leads_to if (origin := _origin(url)))])
    headers = {
        **SECURITY,
        "Content-Security-Policy": _POLICY.format(forms=forms, frames=" ".join(frames) or "'none'"),
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
    if is_known(request.headers, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return _packed(request, content, media_type, headers, 200)


def _origin(url: str) -> str | None:
    """The site of an address, fit to stand in a policy; None for what is no address of the web."""
    parts = urlsplit(url)
    is_plain = parts.netloc.isascii() and not any(mark in parts.netloc for mark in " ;,'\"@")
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and is_plain else None


def _packed(request: Request, content: bytes, media_type: str, headers: dict[str, str], status: int) -> Response:
    if len(content) > _SMALL and media_type.startswith("text/") and _takes_gzip(request):
        content = gzip.compress(content, compresslevel=6, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(content, status_code=status, media_type=media_type, headers=headers)


def _takes_gzip(request: Request) -> bool:
    offers = [part.replace(" ", "").lower() for part in request.headers.get("accept-encoding", "").split(",")]
    return any(one.split(";")[0] in ("gzip", "*") and not one.endswith(";q=0") for one in offers)
