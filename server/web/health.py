"""Is it alive, and can it answer? For whoever watches the process."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from tortoise.exceptions import OperationalError

from server import database

# Longer than a busy database needs, shorter than a watcher waits.
PATIENCE_SECONDS = 2.0
_NEVER_KEPT = {"cache-control": "no-store"}


def routes() -> list[Route]:
    """`/health/live` and `/health/ready`."""
    return [Route("/health/live", live), Route("/health/ready", ready)]


async def live(request: Request) -> JSONResponse:
    """200 as long as the process turns over; asks nobody else, so that a database that is away restarts nothing."""
    return JSONResponse({"status": "live"}, headers=_NEVER_KEPT)


async def ready(request: Request) -> JSONResponse:
    """200 when the database answers and its tables are those of this version; 503 with what is wrong otherwise."""
    wrong = await complaints()
    body = {"status": "not ready", "complaints": wrong} if wrong else {"status": "ready"}
    return JSONResponse(body, status_code=503 if wrong else 200, headers=_NEVER_KEPT)


async def complaints() -> list[str]:
    """Why requests cannot be answered at the moment; empty when they can."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await database.fetch_one("SELECT 1")
            pending = await database.pending_migrations()
    except TimeoutError:
        return ["The database does not answer in time."]
    except database.DatabaseTooNew as error:
        return [str(error)]
    except (OperationalError, OSError, RuntimeError):
        # The reason may hold a host name or a user; it is in the log and in `parley doctor`, not for everybody.
        return ["The database cannot be reached. `parley doctor` on the server says why."]
    return [f"The database lacks {len(pending)} migrations. Run `parley migrate`."] if pending else []
