"""The web application put together: which address leads where, what starts with it and what stops with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import structlog
from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from resolvers.root import schema
from server import database
from server.changes import wakeups
from server.gateways.mail.sink import MailSink, sink_in_use
from server.settings import Settings
from server.web import calendar_feed, files, health, hooks, inbound_mail, mail_preview_page, mail_sink_page, metrics
from server.web.access_log import AccessLog
from server.web.body_limits import BodyLimits
from server.web.graphiql import page as graphiql
from server.web.graphql.asked_again import AskedAgain
from server.web.graphql.endpoint import GraphqlEndpoint
from server.web.graphql.operations import Operations
from server.web.pages import routes as public_pages
from server.web.request_ids import RequestIds
from server.web.sub_path import SubPath

Background = Callable[[asyncio.Event], Awaitable[None]]

PERSISTED = Path(__file__).parent.parent / "mobile_contract" / "persisted.json"
SINK_FOLDER = Path("mail-sink")
STOPPING_SECONDS = 10.0

_log = structlog.get_logger(__name__)


def build_app(
    settings: Settings,
    *,
    background: Sequence[Background] = (),
    front: str = "",
    known: Mapping[str, str] | None = None,
) -> ASGIApp:
    """The whole server as one ASGI app. Its lifespan opens the database and starts the `background` tasks.

    Each background task is given an event; when that is set it has ten seconds to come to an end. Whoever opens the
    bare address is led to `front`, if there is one. `known` is what GraphiQL begins with, where it is switched on.
    """
    operations = Operations(schema, settings)
    operations.documents.preload(PERSISTED)
    sink = (sink_in_use() or MailSink(SINK_FOLDER)) if settings.mail_sink else None
    routes = _routes(settings, sink, front, known or {})
    pages = Starlette(routes=routes, lifespan=_lifespan(settings, operations, sink, background))
    # Whoever floods the pages has used up the API's patience too.
    pages.state.rate_limits = operations.rates
    doors = Doors(GraphqlEndpoint(operations), pages)
    bounded = BodyLimits(
        doors,
        most_bytes=settings.limit_body_bytes,
        seconds=settings.limit_request_seconds,
        streamed=files.PREFIX,
        most_streamed_bytes=settings.limit_file_bytes,
    )
    served = AskedAgain(RequestIds(AccessLog(bounded)), operations.rates)
    return SubPath(served, path=settings.sub_path) if settings.sub_path else served


class Doors:
    """`/graphql` is answered without a router in between; everything else is a page of Starlette."""

    def __init__(self, endpoint: GraphqlEndpoint, pages: Starlette) -> None:
        self._endpoint = endpoint
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the connection to whoever answers its address."""
        door: ASGIApp = self._endpoint if self._endpoint.serves(scope) else self._pages
        await door(scope, receive, send)


def _routes(settings: Settings, sink: MailSink | None, front: str, known: Mapping[str, str]) -> list[BaseRoute]:
    own = [*mail_preview_page.routes(), *mail_sink_page.routes(sink)] if sink is not None else []
    if settings.graphiql:
        own.extend(graphiql.routes(PERSISTED, known))
    if front:
        own.append(Route("/", lambda _: RedirectResponse(f"{settings.sub_path}{front}", 302)))
    return [
        *health.routes(),
        *metrics.routes(),
        *files.routes(),
        *calendar_feed.routes(),
        *hooks.routes(),
        *inbound_mail.routes(),
        *own,
        *public_pages(),
    ]


def _lifespan(
    settings: Settings, operations: Operations, sink: MailSink | None, background: Sequence[Background]
) -> Callable[[Starlette], AbstractAsyncContextManager[dict[str, object]]]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[dict[str, object]]:
        seconds = settings.limit_query_seconds
        await database.connect(settings.database_url, pool_size=settings.database_pool, read_seconds=seconds)
        try:
            if settings.migrate_on_start:
                await database.migrate()
            async with _catching(sink), _running(background):
                # The protocols of server/web/protocols.py set the event before they close their connections.
                yield {"going_away": operations.going_away}
                operations.going_away.set()
        finally:
            await database.disconnect()

    return lifespan


@asynccontextmanager
async def _catching(sink: MailSink | None) -> AsyncIterator[None]:
    """Inside the block the sink takes mail, if there is one; a sink that somebody else runs is left to them."""
    if sink is None or sink is sink_in_use():
        yield
        return
    await sink.start()
    try:
        yield
    finally:
        await sink.stop()


@asynccontextmanager
async def _running(background: Sequence[Background]) -> AsyncIterator[None]:
    """Inside the block this process hears of changes and its background tasks run."""
    stop = asyncio.Event()
    await wakeups.start()
    tasks = [asyncio.ensure_future(begin(stop)) for begin in background]
    try:
        yield
    finally:
        stop.set()
        await _finished(tasks)
        await wakeups.stop()


async def _finished(tasks: Sequence[asyncio.Future[None]]) -> None:
    if not tasks:
        return
    done, late = await asyncio.wait(tasks, timeout=STOPPING_SECONDS)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    for task in done:
        if (error := task.exception()) is not None:
            _log.error("background.failed", exc_info=error)
