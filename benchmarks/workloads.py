"""What is asked: the phone's own operations, as bodies of requests of which no two are the same unless wanted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.data import DAYS, FIRST_DAY, HOSTED, LINKS, ZONES, Size, account_of, meetings_of

OPERATIONS = Path(__file__).parent.parent / "mobile_contract" / "operations"
# Shares no factor with the number of meetings, so that every meeting has its turn once.
_STRIDE = 7919


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: who sends it, and the JSON of its body."""

    user: int
    body: str


def document(name: str) -> str:
    """The text of a mobile operation, as phones send it."""
    return (OPERATIONS / f"{name}.graphql").read_text().rstrip("\n")


def today_tab(size: Size, count: int, run: int = 0) -> list[Ask]:
    """W1: as many Today screens, of other users, days and zones each; no two alike, nor like those of another run."""
    ask = _asker("today_tab")
    days = [str(FIRST_DAY + timedelta(days=number)) for number in range(DAYS)]
    asks = []
    for step in range(run * count, (run + 1) * count):
        turn = step // size.all_users
        asks.append(ask(step % size.all_users + 1, date=days[turn % DAYS], timeZone=ZONES[turn // DAYS % len(ZONES)]))
    return asks


def today_tab_again(size: Size) -> list[Ask]:
    """W1, to be answered from the cache: one day's screen of a hundred users, to be asked again and again."""
    ask = _asker("today_tab")
    users = range(1, min(size.all_users, 100) + 1)
    return [ask(user, date=str(FIRST_DAY), timeZone=ZONES[0]) for user in users]


def today_tab_unseen(size: Size, count: int) -> list[Ask]:
    """W1 as documents that no server has seen before: each has a name of its own."""
    text = document("today_tab")
    asks = []
    for number, ask in enumerate(today_tab(size, count)):
        body = json.loads(ask.body) | {"operationName": f"TodayTab{number}"}
        body["query"] = text.replace("query TodayTab(", f"query TodayTab{number}(", 1)
        asks.append(Ask(ask.user, _json(body)))
    return asks


def links_menu(size: Size, count: int, run: int = 0) -> list[Ask]:
    """W2: the twenty links of a colleague, for another pair of viewer and owner or another `first` each time."""
    ask = _asker("meeting_links_menu")
    asks = []
    for step in range(run * count, (run + 1) * count):
        turn, viewer = divmod(step, size.all_users)
        colleagues = (account_of(size, viewer + 1) - 1) * size.users
        owner = colleagues + (turn + viewer) % size.users + 1
        first = LINKS + turn // size.users % (100 - LINKS)
        asks.append(ask(viewer + 1, owner=f"usr_{owner}", first=first))
    return asks


def record_outcome(size: Size, count: int, skip: int = 0) -> list[Ask]:
    """W3: COMPLETED for meeting after meeting, by their hosts; neighbours in time are of several accounts. `skip` that
    many of the meetings first."""
    ask = _asker("record_outcome")
    asks = []
    for turn in range(skip, min(skip + count, meetings_of(size))):
        number = turn * _STRIDE % meetings_of(size) + 1
        host = (number - 1) // HOSTED % size.all_users + 1
        asks.append(ask(host, input={"meeting": f"mtg_{number}", "outcome": "COMPLETED"}))
    return asks


def booked_document() -> str:
    """W4: the subscription."""
    return document("meeting_booked")


def _asker(name: str) -> Any:
    text = document(name)
    operation = "".join(part.capitalize() for part in name.split("_"))

    def ask(user: int, **variables: Any) -> Ask:
        return Ask(user, _json({"query": text, "operationName": operation, "variables": variables}))

    return ask


def _json(body: Any) -> str:
    return json.dumps(body, separators=(",", ":"))
