"""`/metrics` in Prometheus' text form: for the machine itself, or for whoever has the metrics token."""

from __future__ import annotations

import hmac
import os

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from server import clock, database, metrics, settings
from server.web.at_this_machine import is_at_this_machine
from server.webhooks import lag

_DUE = "SELECT COUNT(*), MIN(run_at) FROM job WHERE state = 'WAITING' AND run_at <= $1"
_DEAD = "SELECT COUNT(*) FROM job WHERE state = 'DEAD'"


def routes() -> list[Route]:
    """`/metrics`."""
    return [Route("/metrics", show)]


async def show(request: Request) -> Response:
    """Every counter of `server/metrics.py`, of all worker processes together; 404 for strangers."""
    if not _is_allowed(request):
        return PlainTextResponse("Not found\n", status_code=404)
    await _look_at_jobs()
    metrics.WEBHOOK_LAG_SECONDS.set(await lag.lag_seconds())
    metrics.WEBHOOKS_FAILING.set(await lag.failing_count())
    return Response(generate_latest(_registry()), media_type=CONTENT_TYPE_LATEST, headers={"cache-control": "no-store"})


def _is_allowed(request: Request) -> bool:
    wanted = settings.current().metrics_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if wanted:
        return hmac.compare_digest(given.encode(), wanted.encode())
    return is_at_this_machine(request)


async def _look_at_jobs() -> None:
    now = clock.now_epoch()
    due, dead = await database.fetch_one(_DUE, now), await database.fetch_one(_DEAD)
    if due is not None and dead is not None:
        metrics.JOBS_WAITING.set(due[0])
        metrics.JOB_LAG_SECONDS.set(now - due[1] if due[1] is not None else 0)
        metrics.JOBS_DEAD.set(dead[0])


def _registry() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library types its arguments only
    return registry
