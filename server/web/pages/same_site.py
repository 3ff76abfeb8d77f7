"""A button on another site must not press ours."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request

from server import settings


def is_from_elsewhere(request: Request) -> bool:
    """Whether a POST was started by a page of another origin. Browsers say so in `Sec-Fetch-Site`, older ones in
    `Origin`; our pages send no referrer, which makes their `Origin` the word "null"."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin", "null")
    ours = {urlsplit(settings.current().public_url).netloc, request.headers.get("host", "")}
    return origin != "null" and urlsplit(origin).netloc not in ours
