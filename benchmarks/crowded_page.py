"""The page of size L in a database: fifty hosts who take turns, sixty days, a thousand busy spans each."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from server import clock, database, settings
from server.models import (
    Account,
    BusySpan,
    CalendarAccount,
    LinkSlug,
    MeetingLink,
    Outcome,
    Rotation,
    RotationMember,
    User,
)
from server.models.enums import BusySource, MeetingLinkKind, WindowKind

HOSTS, DAYS, BUSY_EACH = 50, 60, 1_000
CROWDED, QUIET = "crowded", "quiet"
SECRET = "benchmarks-run-with-this-key-and-nothing-else"
_SPLIT_DAY = {str(weekday): [[540, 720], [780, 1020]] for weekday in range(5)}
_AT_ONCE = 500
_TIDY = {"sqlite": "ANALYZE", "postgresql": "VACUUM ANALYZE"}
"""What a server does by itself in the hours after so much was written."""


async def make(database_url: str) -> None:
    """The database is migrated and holds the crowded page, and beside it a quiet one of a single host."""
    settings.use(settings.read(database_url=database_url, secret_key=SECRET))
    await database.connect(database_url)
    try:
        await database.migrate()
        async with database.transaction():
            await _fill(Random("slots through GraphQL"))
        await database.execute(_TIDY[database.dialect()])
    finally:
        await database.disconnect()


async def _fill(dice: Random) -> None:
    today = clock.now().date()
    account = await Account.create(name="Crowded", time_zone="Europe/Warsaw")
    await Outcome.create(account=account, key="SCHEDULED", label="Scheduled", is_default=True)
    rotation = await Rotation.create(account=account, name="Everybody")
    hosts = [await _host(account, number, today, dice) for number in range(HOSTS)]
    for position, host in enumerate(hosts):
        await RotationMember.create(rotation=rotation, user=host, position=position)
    await _link(hosts[0], CROWDED, kind=MeetingLinkKind.ROUND_ROBIN, rotation=rotation)
    await _link(await _host(account, HOSTS, today, dice, busy=0), QUIET)


async def _host(account: Account, number: int, today: date, dice: Random, *, busy: int = BUSY_EACH) -> User:
    days = [today + timedelta(days=count) for count in range(DAYS)]
    host = await User.create(
        account=account,
        name=f"Host {number}",
        email=f"host{number}@crowded.example",
        time_zone="Europe/Warsaw",
        weekly_hours=_SPLIT_DAY,
        date_overrides={day.isoformat(): [[600, 840]] for day in days if dice.random() < 0.06},
    )
    calendar = await CalendarAccount.create(account=account, user=host, name="Calendar")
    spans = [_span(account, host, calendar, dice) for _ in range(busy)]
    await BusySpan.bulk_create(spans, batch_size=_AT_ONCE)
    return host


def _span(account: Account, host: User, calendar: CalendarAccount, dice: Random) -> BusySpan:
    starts = clock.now_epoch() + dice.randrange(DAYS * 1440) * 60
    return BusySpan(
        account_id=account.id,
        host_id=host.id,
        source=BusySource.CALENDAR,
        starts=starts,
        ends=starts + dice.randint(15, 90) * 60,
        calendar_account_id=calendar.id,
    )


async def _link(owner: User, slug: str, **fields: Any) -> None:
    link = await MeetingLink.create(
        account_id=owner.account_id,
        owner=owner,
        slug=slug,
        name=slug,
        title=slug,
        durations_minutes=[15, 30, 60],
        buffer_before_minutes=10,
        buffer_after_minutes=5,
        notice_minutes=240,
        window_kind=WindowKind.DATE_RANGE,
        **fields,
    )
    await LinkSlug.create(link=link, slug=slug)
