"""A page to book, the Monday it is booked on, and a way to see that nothing was left behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from server import clock, database
from server.booking.book import Booking
from server.links.pages import SchedulingPage, scheduling_page_of
from server.models import Account, MeetingLink, Rotation, RotationMember, User
from server.models.enums import MeetingLinkKind
from tests.factories import a_link, a_user, an_account

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
"""A Friday noon; the hosts of these tests live in Warsaw (UTC+1), where Monday's hours are 8:00 to 16:00 UTC."""

TABLES = (
    "meeting",
    "busy_span",
    "attendee",
    "contact",
    "reminder",
    "job",
    "change",
    "association",
    "kept_result",
    "hold",
)

QUESTIONS = [
    {"key": "topic", "label": "What is it about?", "kind": "TEXT", "required": True, "options": []},
    {"key": "size", "label": "How many are you?", "kind": "NUMBER", "required": False, "options": []},
    {"key": "tools", "label": "What do you use?", "kind": "MULTI_SELECT", "required": False, "options": ["Pen", "Ink"]},
]


def monday(hour: int, minute: int = 0) -> datetime:
    """The Monday after `NOW`, in UTC."""
    return datetime(2026, 11, 23, hour, minute, tzinfo=UTC)


def a_booking(link: MeetingLink, starts_at: datetime | None = None, **fields: Any) -> Booking:
    """Tomasz takes half an hour at ten in Warsaw."""
    given: dict[str, Any] = {
        "slug": link.slug,
        "starts_at": starts_at or monday(9),
        "email": "tomasz@client.example",
        "first_name": "Tomasz",
        "last_name": "Lis",
        "time_zone": "Europe/London",
    }
    return Booking(**(given | fields))


async def a_host_with_a_link(**fields: Any) -> tuple[Account, User, MeetingLink]:
    """An account, its one user, and a personal link that can be booked at once."""
    account = await an_account()
    host = await a_user(account)
    return account, host, await a_link(host, **fields)


async def a_rotation(account: Account, *users: User, **fields: Any) -> Rotation:
    """These users take turns, in this order."""
    rotation = await Rotation.create(account=account, name="Sales")
    for position, user in enumerate(users):
        await RotationMember.create(rotation=rotation, user=user, position=position, **fields)
    return rotation


async def a_round_robin(count: int = 2, **fields: Any) -> tuple[MeetingLink, list[User]]:
    """A link whose members take turns; its owner is none of them."""
    account = await an_account()
    users = [await a_user(account, f"Member {number}") for number in range(count)]
    rotation = await a_rotation(account, *users)
    owner = await a_user(account, "Ada Owner")
    return await a_link(owner, kind=MeetingLinkKind.ROUND_ROBIN, rotation=rotation, **fields), users


async def turns_of(rotation_id: int | None) -> list[tuple[int, int, int]]:
    """Who has how many meetings, and their last running number, in the order of the rotation."""
    rows = await RotationMember.filter(rotation_id=rotation_id).order_by("position", "id")
    return [(row.user_id, row.assigned, row.last_assigned) for row in rows]


async def page_of_slug(slug: str) -> SchedulingPage:
    page = await scheduling_page_of(slug)
    assert page is not None
    return page


async def counts() -> dict[str, int]:
    """How many rows there are in every table that a verb writes to, and how far the counters are."""
    found = {table: (await _number(f"SELECT COUNT(*) FROM {table}")) for table in TABLES}
    found["last_change_number"] = await _number("SELECT COALESCE(SUM(last_change_number), 0) FROM account")
    found["booking_count"] = await _number("SELECT COALESCE(SUM(booking_count), 0) FROM meeting_link")
    found["assigned"] = await _number("SELECT COALESCE(SUM(assigned), 0) FROM rotation_member")
    return found


@contextmanager
def at(instant: datetime = NOW) -> Iterator[None]:
    with clock.travel(instant):
        yield


async def _number(sql: str) -> int:
    row = await database.fetch_one(sql)
    assert row is not None
    return int(row[0])
