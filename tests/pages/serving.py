"""The real server as a process, at a Monday morning of its own, with pages to visit."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from server import clock, database, settings
from server.app import build_app
from server.models.enums import LocationKind
from tests.factories import a_link, a_user, an_account

MONDAY = datetime(2026, 11, 23, 7, 2, tzinfo=UTC)
PAGES = 60
QUESTION = {"key": "look", "label": "What should we look at?", "kind": "LONG_TEXT", "required": True}
DESCRIPTION = (
    "Half an hour to see the sorting arm at work and to talk through your line. Bring questions, drawings and whoever "
    "will stand beside it."
)


async def seed(url: str) -> None:
    """Sixty hosts of one company, each with a page of their own, so that tests do not meet."""
    await database.connect(url)
    await database.migrate()
    account = await an_account(
        "Fernhill Robotics",
        website_url="https://fernhill.example",
        postal_address="Fernhill Robotics, 12 Mill Lane, Leeds",
        privacy_url="https://fernhill.example/privacy",
        contact_email="hello@fernhill.example",
    )
    for number in range(PAGES):
        host = await a_user(account, "Ines Almeida", job_title="Product specialist")
        await a_link(
            host,
            "Product walkthrough",
            slug=f"walk-{number}",
            description=DESCRIPTION,
            durations_minutes=[30, 45, 60],
            increment_minutes=30,
            location_kind=LocationKind.VIDEO,
            guests_max=2,
            questions=[QUESTION],
        )
    await database.disconnect()


def main(folder: Path, port: int) -> None:
    """Serves on loopback until it is stopped."""
    url = f"sqlite:///{folder / 'pages.sqlite3'}"
    clock.set_process_time(MONDAY)
    chosen = settings.read(
        database_url=url,
        public_url=f"http://127.0.0.1:{port}",
        secret_key="for-tests-only-" + "k" * 32,
        limit_booking="1000/minute",
        limit_visitor_requests="100000/minute",
    )
    settings.use(chosen)
    asyncio.run(seed(url))
    uvicorn.run(build_app(chosen), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
