"""What people look for among many: searches, timelines and reports, each by the room that answers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from server import database
from server.accounts.scopes import READ_SCOPES
from server.accounts.viewer import Viewer
from server.contacts import queries, records
from server.contacts.search import search
from server.database.rows import Rows
from server.models.enums import Role
from server.records.timeline import timeline
from server.reports.meetings import GroupBy, meeting_report

GROUPS = ("search", "timeline", "report")
REPORTED = date(2026, 3, 1), date(2026, 3, 31)

_VIEWER = Viewer(
    account_id=1,
    user_id=1,
    role=Role.ADMIN,
    has_seat=True,
    time_zone="Europe/Warsaw",
    locale="en",
    scopes=READ_SCOPES,
)
_OF_A_SMALL_ACCOUNT = replace(_VIEWER, account_id=2)
_TEXTS = ("a", "ma", "mar", "marek", "anna cor", "sel ma", "rosski", "linwal", "corrosez", "corosez", "grazyna", "zz")


@dataclass(frozen=True)
class Question:
    """One of a group, and the room's own work."""

    group: str
    name: str
    work: Callable[[], Awaitable[Any]]


def questions() -> list[Question]:
    """All that is asked."""
    contacts, few = queries.contacts(_VIEWER), queries.contacts(_OF_A_SMALL_ACCOUNT)
    companies, told = records.records(_VIEWER), partial(timeline, _VIEWER, first=50, after=None)
    return [
        *(Question("search", f"contacts {text!r}", partial(_searched, contacts, 1, text)) for text in _TEXTS),
        Question("search", "contacts 'mar' of a small account", partial(_searched, few, 2, "mar")),
        Question("search", "companies 'cor'", partial(_searched, companies, 1, "cor")),
        Question("search", "the whole list", partial(_listed, contacts)),
        Question("timeline", "a contact", partial(told, contact_id=7)),
        Question("timeline", "a company", partial(told, record_id=17)),
        Question("timeline", "a company of many", partial(told, record_id=1)),
        *(Question("report", f"a month by {by}", partial(meeting_report, _VIEWER, *REPORTED, by)) for by in GroupBy),
    ]


async def _searched(rows: Rows, account_id: int, text: str) -> None:
    hits = await search(rows, account_id, text, first=50, after=None)
    if hits is not None and hits.places:
        await _listed(hits.named)


async def _listed(rows: Rows) -> None:
    sql = f'SELECT t.id, t.owner_id FROM "{rows.table}" t WHERE {rows.condition} ORDER BY {rows.order_sql} LIMIT 51'
    await database.fetch(sql, *rows.parameters)
