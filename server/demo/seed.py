"""Fernhill Robotics, made in one transaction: the same from the same seed at the same time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random

from server import clock, database
from server.accounts.passwords import hash_password
from server.demo.cast import COLLEAGUES
from server.demo.diary import diary
from server.demo.history import count_bookings, make_changes
from server.demo.meetings import Company, make_meetings
from server.demo.pages import FIRST, make_pages
from server.demo.people import make_account, make_contacts, make_users, matters_of
from server.demo.snippets import make_snippets
from server.demo.today import keep_today_lively
from server.models import Account, Outcome, User


@dataclass(frozen=True, slots=True)
class Seeded:
    """Whom to sign in as, and which page to book: the same row objects every verb reads."""

    account: Account
    user: User
    slug: str


async def seed(*, password: str, number: int, at: datetime | None = None) -> Seeded:
    """The database holds Fernhill Robotics around `at`, the present instant if left out: the same number and instant
    tell the same story, however long that takes. Whatever was there before stays; if Fernhill is there already,
    nothing is made but what is missing today."""
    now = at or clock.now()
    found = await already_seeded()
    if found is None:
        hashed = await hash_password(password)
        async with database.transaction():
            found = await _make(hashed, Random(number), now)
    with clock.travel(now):
        await keep_today_lively(found.user)
    return found


async def already_seeded() -> Seeded | None:
    """Fernhill as an earlier start made it; None if none did."""
    user = await User.get_or_none(email=COLLEAGUES[0].email).select_related("account")
    return Seeded(user.account, user, FIRST) if user is not None else None


async def _make(password_hash: str, dice: Random, now: datetime) -> Seeded:
    account = await make_account()
    await make_snippets(account)
    users = await make_users(account, password_hash)
    company = Company(
        account=account,
        users=users,
        contacts=await make_contacts(account, [user for user in users.values() if user.has_seat]),
        links=await make_pages(account.id, users),
        outcomes={outcome.key: outcome for outcome in await Outcome.filter(account_id=account.id)},
        matters=await matters_of(account),
    )
    entries = diary(dice, now, contacts=len(company.contacts))
    meetings = await make_meetings(company, entries, dice, now)
    await count_bookings(company, entries)
    await make_changes(company, entries, meetings)
    return Seeded(account, users[COLLEAGUES[0].key], FIRST)
