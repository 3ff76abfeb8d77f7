"""One server-side process of a race: it connects, waits for the word, and runs all its acts at once.

Started as `python -m tests.races.contender`; reads a line of JSON with the database, the acts and the number of clients
that share them (each an act of its own if none is given), says `ready`, reads a second line, acts, and writes the
answers as a line of JSON."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from server import clock, database, settings
from server.booking.book import Booking, SlotTaken, book
from server.booking.cancel import cancel
from server.booking.hold import hold_slot
from server.booking.reschedule import reschedule
from server.errors import Refused


async def _book(act: dict[str, Any]) -> str:
    booked = await book(
        Booking(
            slug=act["slug"],
            starts_at=datetime.fromisoformat(act["starts_at"]),
            duration_minutes=act.get("minutes"),
            email=act["email"],
            first_name="Racer",
        )
    )
    return f"booked {booked.meeting_id}"


async def _move(act: dict[str, Any]) -> str:
    return f"moved {await reschedule(act['token'], starts_at=datetime.fromisoformat(act['starts_at']))}"


async def _cancel(act: dict[str, Any]) -> str:
    return f"canceled {await cancel(act['token'])}"


async def _hold(act: dict[str, Any]) -> str:
    await hold_slot(act["slug"], datetime.fromisoformat(act["starts_at"]))
    return "held"


ACTS: dict[str, Callable[[dict[str, Any]], Awaitable[str]]] = {
    "book": _book,
    "move": _move,
    "cancel": _cancel,
    "hold": _hold,
}


async def _answer(act: dict[str, Any]) -> str:
    """What became of one act: done, or the code of the refusal. Anything else would be a fault, and is let through."""
    try:
        return await ACTS[act["act"]](act)
    except SlotTaken as taken:
        offered = len(taken.alternatives)
        return str(taken.complaints[0].code) if offered == 3 else f"SLOT_TAKEN with {offered} alternatives instead of 3"
    except Refused as refused:
        return str(refused.complaints[0].code)


async def _one_client(acts: list[dict[str, Any]]) -> list[str]:
    """The answers to acts that follow one another."""
    return [await _answer(act) for act in acts]


async def _run(task: dict[str, Any]) -> list[str]:
    await database.connect(task["database_url"], pool_size=5)
    try:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)
        clients = task["clients"] or len(task["acts"])
        answers = await asyncio.gather(*(_one_client(task["acts"][client::clients]) for client in range(clients)))
        return [answers[index % clients][index // clients] for index in range(len(task["acts"]))]
    finally:
        await database.disconnect()


def main() -> None:
    """The answers stand on standard output, in the order of the acts."""
    task = json.loads(sys.stdin.readline())
    settings.use(settings.read(database_url=task["database_url"], secret_key=task["secret_key"]))
    clock.set_process_time(datetime.fromisoformat(task["now"]))
    sys.stdout.write(json.dumps(asyncio.run(_run(task))) + "\n")


if __name__ == "__main__":
    main()
