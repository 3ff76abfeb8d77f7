"""The database itself refuses what must not be, whatever the code does; the same on both databases."""

import asyncio
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import pytest
from tortoise import Tortoise
from tortoise.exceptions import IntegrityError

from server import database
from server.database.checks import integrity_names
from server.database.integrity import CHECKS, UNIQUE_INDEXES, expected_names
from server.models import (
    Association,
    BusySpan,
    CalendarAccount,
    Change,
    Contact,
    Meeting,
    Record,
    enums,
)
from tests.factories import a_contact, a_link, a_meeting, a_user, an_account

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.mark.parametrize("minutes", [-29, -1, 0, 1, 29])
async def test_overlapping_meetings_of_one_host_are_refused(db: str, minutes: int) -> None:
    host = await a_user(await an_account())
    await a_meeting(host, NOON)

    with pytest.raises(database.Overlap):
        async with database.transaction():
            await a_meeting(host, NOON + timedelta(minutes=minutes))

    assert await Meeting.all().count() == 1


async def test_meetings_that_only_touch_are_accepted(db: str) -> None:
    host = await a_user(await an_account())
    for starts_at in (NOON, NOON + HALF_AN_HOUR, NOON - HALF_AN_HOUR):
        await a_meeting(host, starts_at)

    assert await BusySpan.all().count() == 3


async def test_meetings_of_two_hosts_may_overlap(db: str) -> None:
    account = await an_account()
    for _ in range(2):
        await a_meeting(await a_user(account), NOON)

    assert await BusySpan.all().count() == 2


async def test_meeting_that_may_overlap_is_accepted(db: str) -> None:
    host = await a_user(await an_account())
    await a_meeting(host, NOON)
    other = await a_meeting(host, NOON + timedelta(days=1))
    await BusySpan.filter(meeting_id=other.id).update(is_overlap_allowed=True)
    await BusySpan.filter(meeting_id=other.id).update(starts=int(NOON.timestamp()))

    with pytest.raises(database.Overlap):
        await BusySpan.filter(meeting_id=other.id).update(is_overlap_allowed=False)


async def test_moving_a_meeting_onto_another_is_refused(db: str) -> None:
    host = await a_user(await an_account())
    await a_meeting(host, NOON)
    later = await a_meeting(host, NOON + timedelta(hours=2))
    starts = int(NOON.timestamp())

    with pytest.raises(database.Overlap):
        await BusySpan.filter(meeting_id=later.id).update(starts=starts, ends=starts + 60)
    await BusySpan.filter(meeting_id=later.id).update(starts=starts + 1800, ends=starts + 3600)


async def test_simultaneous_meetings_have_one_winner(db: str) -> None:
    host = await a_user(await an_account())

    async def attempt(number: int) -> str:
        try:
            async with database.transaction():
                await database.lock_hosts([host.id])
                await a_meeting(host, NOON + timedelta(minutes=number % 20))
        except database.Overlap:
            return "refused"
        return "won"

    results = await asyncio.gather(*(attempt(number) for number in range(40)))

    assert sorted(results) == ["refused"] * 39 + ["won"]
    assert await Meeting.all().count() == 1


async def test_simultaneous_meetings_without_a_lock_have_one_winner(db: str) -> None:
    host = await a_user(await an_account())
    meetings = [await a_meeting(host, NOON + timedelta(days=1 + number)) for number in range(12)]
    starts = int(NOON.timestamp())

    async def move(meeting: Meeting) -> None:
        async with database.transaction():
            await BusySpan.filter(meeting_id=meeting.id).update(starts=starts, ends=starts + 1800)

    results = await asyncio.gather(*(move(meeting) for meeting in meetings), return_exceptions=True)

    assert results.count(None) == 1
    assert all(isinstance(result, database.Overlap | database.TryAgain) for result in results if result is not None)
    assert await BusySpan.filter(starts=starts).count() == 1


async def wrong_rows() -> dict[str, Any]:
    """For each rule one write that breaks it and nothing else."""
    account = await an_account()
    user = await a_user(account, email="ines@linden.example")
    contact = await a_contact(account, email="tomasz@client.example")
    meeting = await a_meeting(user, NOON)
    record = await Record.create(account=account, kind=enums.RecordKind.DEAL, name="Renewal")
    link = await a_link(user, is_default=True)
    rows = (account, user, contact, meeting, record, link)
    a, u, c, m, r, _ = (row.id for row in rows)
    return {
        "account_kind": f"UPDATE account SET kind = 'OTHER' WHERE id = {a}",
        "account_counters": f"UPDATE account SET last_change_number = -1 WHERE id = {a}",
        "app_user_role": f"UPDATE app_user SET role = 'OWNER' WHERE id = {u}",
        "app_user_email": f"UPDATE app_user SET email = '' WHERE id = {u}",
        "app_user_email_folded": lambda: a_user(account, email="INES@linden.example"),
        "contact_email": f"UPDATE contact SET email = '' WHERE id = {c}",
        "contact_email_folded": lambda: a_contact(account, email="Tomasz@client.example"),
        "association_one_end": lambda: Association.create(account=account, meeting_id=m, record_id=r, contact_id=c),
        "meeting_times": f"UPDATE meeting SET ends_at = starts_at WHERE id = {m}",
        "meeting_source": f"UPDATE meeting SET source = 'FAX' WHERE id = {m}",
        "meeting_versions": f"UPDATE meeting SET version = 0 WHERE id = {m}",
        "busy_span_times": f"UPDATE busy_span SET ends = starts WHERE meeting_id = {m}",
        "busy_span_source": f"UPDATE busy_span SET source = 'HOLD' WHERE meeting_id = {m}",
        "meeting_link_minutes": "UPDATE meeting_link SET increment_minutes = 0",
        "meeting_link_counts": "UPDATE meeting_link SET daily_limit = 0",
        "meeting_link_window": "UPDATE meeting_link SET window_starts_on = '2026-12-02', window_ends_on = '2026-12-01'",
        "meeting_link_one_default": lambda: a_link(user, is_default=True),
        "calendar_account_one_default": lambda: CalendarAccount.create(account=account, user=user),
        "attendee_reply": f"UPDATE attendee SET reply = 'MAYBE' WHERE meeting_id = {m}",
        "change_number": lambda: Change.create(
            account=account, number=0, kind=enums.ChangeKind.NOTE_ADDED, occurred_at=NOON, actor="system"
        ),
    }


async def test_values_that_cannot_be_are_refused(db: str) -> None:
    for rule, write in (await wrong_rows()).items():
        with pytest.raises(IntegrityError) as caught:
            async with database.transaction():
                await (database.execute(write) if isinstance(write, str) else write())
        assert rule.removesuffix("_folded") in str(caught.value) or "UNIQUE" in str(caught.value), rule


async def test_association_needs_an_end(db: str) -> None:
    account = await an_account()
    meeting = await a_meeting(await a_user(account), NOON)
    contact = await a_contact(account)
    await Association.create(account=account, meeting_id=meeting.id, contact=contact)

    with pytest.raises(IntegrityError):
        await Association.create(account=account, meeting_id=meeting.id)


async def test_retired_default_link_makes_room_for_another(db: str) -> None:
    user = await a_user(await an_account())
    first = await a_link(user, is_default=True)
    first.retired_at = NOON
    await first.save()

    await a_link(user, is_default=True)


async def test_two_accounts_may_know_the_same_contact(db: str) -> None:
    for _ in range(2):
        await a_contact(await an_account(), email="tomasz@client.example")

    assert await Contact.all().count() == 2


async def test_every_rule_is_in_the_database(db: str) -> None:
    assert expected_names(database.dialect()) - await integrity_names() == frozenset()


async def test_every_key_and_index_of_the_models_is_in_the_database(db: str) -> None:
    for model in Tortoise.apps["models"].values():
        table = model._meta.db_table
        unique, indexed = await columns_of_indexes(table)
        assert {(c.source_field or n,) for n, c in model._meta.fields_map.items() if c.unique and not c.pk} <= unique
        assert {tuple(one) for one in model._meta.unique_together} <= unique
        assert {tuple(one) for one in model._meta.indexes} <= indexed, table
        assert await foreign_keys(table) == declared_foreign_keys(model), table


def declared_foreign_keys(model: Any) -> set[tuple[str, str, str]]:
    keys = [model._meta.fields_map[name] for name in model._meta.fk_fields]
    return {(one.source_field, one.related_model._meta.db_table, str(one.on_delete.value)) for one in keys}


async def foreign_keys(table: str) -> set[tuple[str, str, str]]:
    if database.dialect() == "sqlite":
        rows = await database.fetch(f'SELECT "from", "table", on_delete FROM pragma_foreign_key_list(\'{table}\')')
        return {(row[0], row[1], row[2]) for row in rows}
    rows = await database.fetch(
        "SELECT a.attname, c.confrelid::regclass::text, c.confdeltype::text FROM pg_constraint c"
        " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
        f" WHERE c.contype = 'f' AND c.conrelid = '{table}'::regclass"
    )
    words = {"c": "CASCADE", "n": "SET NULL", "r": "RESTRICT"}
    return {(row[0], row[1], words[row[2]]) for row in rows}


async def columns_of_indexes(table: str) -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
    if database.dialect() == "sqlite":
        found = await database.fetch(f"SELECT name, \"unique\" FROM pragma_index_list('{table}')")
        rows = [(row[1], await sqlite_columns(row[0])) for row in found]
    else:
        sql = (
            "SELECT i.indisunique, array_agg(a.attname::text ORDER BY k.place) FROM pg_index i"
            " JOIN unnest(i.indkey) WITH ORDINALITY k(number, place) ON true"
            " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number"
            f" WHERE i.indrelid = '{table}'::regclass GROUP BY i.indexrelid, i.indisunique"
        )
        rows = [(row[0], tuple(row[1])) for row in await database.fetch(sql)]
    return {columns for is_unique, columns in rows if is_unique}, {columns for _, columns in rows}


async def sqlite_columns(index: str) -> tuple[str, ...]:
    return tuple(row[0] for row in await database.fetch(f"SELECT name FROM pragma_index_info('{index}')"))


CHOICES = {
    "account_kind": enums.AccountKind,
    "app_user_role": enums.Role,
    "device_platform": enums.DevicePlatform,
    "record_kind": enums.RecordKind,
    "meeting_link_kind": enums.MeetingLinkKind,
    "meeting_link_location": enums.LocationKind,
    "meeting_link_window": enums.WindowKind,
    "calendar_account_provider": enums.CalendarProvider,
    "meeting_location": enums.LocationKind,
    "meeting_source": enums.MeetingSource,
    "attendee_kind": enums.AttendeeKind,
    "attendee_reply": enums.Reply,
    "reminder_lead_time": enums.LeadTimeUnit,
    "reminder_zone_rule": enums.ReminderZoneRule,
    "reminder_state": enums.ReminderState,
    "change_kind": enums.ChangeKind,
    "job_kind": enums.JobKind,
    "job_state": enums.JobState,
}


@pytest.mark.parametrize(("rule", "choice"), CHOICES.items(), ids=CHOICES)
def test_choices_in_the_database_are_those_in_the_code(rule: str, choice: type[StrEnum]) -> None:
    condition = next(one.condition for one in CHECKS if one.name == rule)
    listed = condition[condition.index("(") + 1 : condition.index(")")]
    assert [word.strip(" '") for word in listed.split(",")] == [str(member) for member in choice]


def test_names_of_rules_are_unique() -> None:
    names = [one.name for one in (*CHECKS, *UNIQUE_INDEXES)]
    assert sorted(names) == sorted(set(names))
