"""A server that people reach below a path, such as https://example.com/meetings, because PARLEY_PUBLIC_URL says so."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send


class SubPath:
    """Wraps an app that knows nothing of the path: a proxy may take it off or leave it on."""

    def __init__(self, app: ASGIApp, *, path: str) -> None:
        self._app = app
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, as if it had asked for the address without the path."""
        if scope["type"] in ("http", "websocket") and scope["path"].startswith(f"{self._path}/"):
            scope = {**scope, "path": scope["path"].removeprefix(self._path)}
        await self._app(scope, receive, send)
