"""Logos of accounts, each under an address that names its content and so may be kept for ever."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.account_settings.logo import logo_named
from server.gateways import files
from server.gateways.files import StorageAway
from server.web.pages.answering import asset_answer

_HEADERS = {
    # Opened by itself it is a picture and nothing else, whatever else somebody hid in it.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    # Mails and apps show it too.
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def routes() -> list[BaseRoute]:
    """`/logos/<name>`, for pages, mails and apps."""
    return [Route("/logos/{name}", logo_file, methods=["GET"])]


async def logo_file(request: Request) -> Response:
    """The picture; 404 for one that was never brought, 503 while files cannot be read."""
    logo = logo_named(request.path_params["name"])
    try:
        kept = await files.fetch(logo.storage_key) if logo is not None else None
        if logo is None or kept is None:
            raise HTTPException(404)
        content = b"".join([piece async for piece in kept.pieces])
    except StorageAway as error:
        raise HTTPException(503, headers={"Retry-After": "30"}) from error
    answer = asset_answer(request, content, logo.media_type, tag=logo.name, forever=True)
    answer.headers.update(_HEADERS)
    return answer
