from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server import clock, database, settings
from server.accounts.sign_in import sign_in
from server.booking.slots import next_available
from server.database.statements import fetch
from server.demo.seed import Seeded, seed
from server.links.pages import scheduling_page_of
from server.models import (
    Account,
    BusySpan,
    Change,
    Contact,
    Job,
    LinkSlug,
    Meeting,
    MeetingLink,
    Reminder,
    RotationMember,
    User,
)
from server.models.enums import ReminderState

TUESDAY = datetime(2026, 11, 24, 11, 7, 12, tzinfo=UTC)
SATURDAY_NIGHT = datetime(2026, 11, 28, 22, 59, 30, tzinfo=UTC)
TABLES = (
    "account", "app_user", "contact", "record", "meeting_link", "meeting", "attendee", "busy_span", "change",
    "reminder", "job", "rotation_member", "association",
)  # fmt: skip


@pytest.fixture
def another_database(database_url: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A second one of the same kind."""
    make = request.getfixturevalue(f"{database_url.split(':')[0]}_database")
    yield from make()


async def _seeded(at: datetime = TUESDAY, number: int = 7) -> Seeded:
    with clock.travel(at):
        return await seed(password="amber-otter-slate-fern-42", number=number)


async def test_a_company_with_everything_a_first_look_needs(db: str) -> None:
    seeded = await _seeded()
    assert (seeded.account.name, seeded.user.name, seeded.user.time_zone) == (
        "Fernhill Robotics",
        "Ines Almeida",
        "Europe/Warsaw",
    )
    assert set(await User.all().values_list("time_zone", flat=True)) >= {"Europe/Warsaw", "Europe/Berlin", "Asia/Tokyo"}
    assert {link.kind for link in await MeetingLink.all()} == {"PERSONAL", "GROUP", "ROUND_ROBIN"}
    assert await Meeting.all().count() > 100
    await sign_in("jonas.weber@fernhill.example", "amber-otter-slate-fern-42")


async def test_the_same_number_at_the_same_time_makes_the_same_rows(
    database_url: str, another_database: str, in_use: settings.Settings
) -> None:
    told = []
    for url in (database_url, another_database):
        await database.connect(url)
        try:
            await _seeded()
            told.append(await _everything())
        finally:
            await database.disconnect()
    assert told[0] == told[1]


async def test_how_long_the_telling_takes_changes_no_meeting(
    database_url: str, another_database: str, in_use: settings.Settings
) -> None:
    beginning = datetime(2026, 11, 28, 23, 2, tzinfo=UTC)
    told = []
    for url, seconds in ((database_url, 0), (another_database, 3)):
        await database.connect(url)
        try:
            with clock.travel(beginning + timedelta(seconds=seconds)):
                await seed(password="amber-otter-slate-fern-42", number=7, at=beginning)
            told.append(await Meeting.all().order_by("id").values_list("id", "title", "starts_at", "ends_at"))
        finally:
            await database.disconnect()
    assert told[0] == told[1]


async def test_starting_again_keeps_what_is_there(db: str) -> None:
    first = await _seeded()
    before = await _everything()
    assert await _seeded(number=99) == first
    assert await _everything() == before


async def test_the_log_has_no_gap_and_its_order_is_that_of_time(db: str) -> None:
    seeded = await _seeded()
    changes = await Change.filter(account_id=seeded.account.id).order_by("number")
    account = await Account.get(id=seeded.account.id)
    assert [one.number for one in changes] == list(range(1, account.last_change_number + 1))
    assert [one.occurred_at for one in changes] == sorted(one.occurred_at for one in changes)
    assert changes[-1].occurred_at <= TUESDAY
    assert account.data_version == account.last_change_number


async def test_every_meeting_that_stands_takes_its_hosts_time_and_no_other_does(db: str) -> None:
    await _seeded()
    standing = set(await Meeting.filter(canceled_at=None).values_list("id", flat=True))
    assert set(await BusySpan.all().values_list("meeting_id", flat=True)) == standing
    assert await Meeting.exclude(canceled_at=None).count() > 0


async def test_the_counts_are_those_of_the_meetings(db: str) -> None:
    await _seeded()
    for link in await MeetingLink.all():
        assert link.booking_count == await Meeting.filter(link_id=link.id).count()
        assert await LinkSlug.filter(link_id=link.id).values_list("slug", flat=True) == [link.slug]
    places = await RotationMember.all()
    for place in places:
        shared = Meeting.filter(rotation_id=place.rotation_id, host_id=place.user_id)
        assert place.assigned == await shared.count()
    assert sorted(place.last_assigned for place in places)[-1] == sum(place.assigned for place in places)


async def test_every_reminder_to_come_has_a_mail_promised_for_it(db: str) -> None:
    await _seeded()
    planned = await Reminder.filter(state=ReminderState.PLANNED)
    jobs = await Job.all()
    assert {(one.id, one.due_at) for one in planned} == {(one.payload["reminder_id"], one.run_at) for one in jobs}
    assert planned
    assert all(one.due_at > TUESDAY for one in planned)
    assert not await Reminder.filter(state=ReminderState.SENT, due_at__gt=TUESDAY).exists()


async def test_nothing_is_out_of_order_with_the_database(db: str) -> None:
    await _seeded()
    assert await database.check() == []


async def test_contacts_have_addresses_that_lead_nowhere(db: str) -> None:
    await _seeded()
    assert all(address.endswith(".example") for address in await Contact.all().values_list("email", flat=True))


@pytest.mark.parametrize("at", [TUESDAY, SATURDAY_NIGHT, datetime(2027, 3, 27, 23, 0, 5, tzinfo=UTC)])
async def test_the_page_can_be_booked_within_two_days_whenever_it_is(db: str, at: datetime) -> None:
    seeded = await _seeded(at)
    with clock.travel(at):
        page = await scheduling_page_of(seeded.slug)
        assert page is not None
        slot = await next_available(page, duration_minutes=None, viewer_tz="Europe/Warsaw")
    assert slot is not None
    assert slot.starts_at - at < timedelta(days=2)


async def _everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    return {table: [_told(row) for row in await fetch(f"SELECT * FROM {table} ORDER BY id")] for table in TABLES}


def _told(row: Sequence[Any]) -> tuple[Any, ...]:
    """The row without what is no part of the story: the salt of the password, and the second in which it was told."""
    number, created_at, *values = row
    story = [created_at] if created_at < TUESDAY.timestamp() else []
    return (number, *story, *(value for value in values if not str(value).startswith("$argon2")))
