"""Which meetings somebody sees."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from server import database
from server.database.rows import Rows
from server.errors import Refused
from server.meetings.queries import LONGEST, MeetingFilter, meeting, meetings, today, upcoming
from server.models import Attendee, User
from server.models.enums import AttendeeKind, MeetingSource
from tests.factories import a_contact, a_link, a_meeting, a_user, an_account
from tests.server.booking.scene import NOW, at, monday
from tests.server.meetings.scene import viewer_of

MONDAY = date(2026, 11, 23)


async def ids_of(rows: Rows) -> list[int]:
    sql = f"SELECT t.id FROM {rows.table} t WHERE {rows.condition} ORDER BY {rows.order_sql} LIMIT {rows.limit}"
    return [row[0] for row in await database.fetch(sql, *rows.parameters)]


@pytest.mark.capability("S1-40")
async def test_today_is_what_the_viewer_hosts_organizes_or_attends(db: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima")
    with at():
        attended = await a_meeting(piotr, monday(13))
        await Attendee.create(account=account, meeting=attended, kind=AttendeeKind.USER, user=ines, email="i@x.example")
        organized = await a_meeting(piotr, monday(11), organizer_id=ines.id)
        hosted = await a_meeting(ines, monday(9))
        await a_meeting(piotr, monday(9))
        await a_meeting(ines, monday(10), canceled_at=NOW)
        await a_meeting(ines, monday(12), deleted_at=NOW)
        await a_meeting(await a_user(await an_account()), monday(9))
        found = await ids_of(today(viewer_of(ines), MONDAY))
        assert found == [hosted.id, organized.id, attended.id]
        assert await ids_of(today(viewer_of(ines))) == []


@pytest.mark.parametrize(
    ("tz", "first", "last"),
    [
        ("Europe/Warsaw", datetime(2026, 11, 22, 23, tzinfo=UTC), datetime(2026, 11, 23, 22, 59, 59, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2026, 11, 22, 10, tzinfo=UTC), datetime(2026, 11, 23, 9, 59, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 23, 5, tzinfo=UTC), datetime(2026, 11, 24, 4, 59, tzinfo=UTC)),
    ],
)
async def test_today_is_the_day_of_the_asked_zone(db: str, tz: str, first: datetime, last: datetime) -> None:
    ines = await a_user(await an_account())
    with at():
        before = await a_meeting(ines, first - timedelta(minutes=30))
        inside = [await a_meeting(ines, first), await a_meeting(ines, last)]
        await a_meeting(ines, last + timedelta(hours=1))
        found = await ids_of(today(viewer_of(ines), MONDAY, tz))
    assert found == [one.id for one in inside]
    assert before.id not in found


async def test_today_has_what_began_before_midnight_and_is_still_under_way(db: str) -> None:
    ines = await a_user(await an_account(time_zone="UTC"))
    with at():
        long_one = await a_meeting(ines, monday(1) - LONGEST, minutes=int(LONGEST.total_seconds()) // 60)
        piotr = await a_user(await ines.account, "Piotr Zima")
        late = await a_meeting(piotr, monday(0) - timedelta(minutes=30), minutes=60, organizer_id=ines.id)
        await a_meeting(piotr, monday(0) - timedelta(minutes=60), minutes=30, organizer_id=ines.id)
        assert await ids_of(today(viewer_of(ines), MONDAY)) == [long_one.id, late.id]


async def test_today_on_a_day_that_clocks_change_has_all_of_it(db: str) -> None:
    ines = await a_user(await an_account())
    with at():
        autumn = [
            await a_meeting(ines, datetime(2026, 10, 24, 22, tzinfo=UTC)),
            await a_meeting(ines, datetime(2026, 10, 25, 22, 45, tzinfo=UTC)),
        ]
        assert await ids_of(today(viewer_of(ines), date(2026, 10, 25))) == [one.id for one in autumn]


async def test_today_is_one_statement_that_uses_indexes(db: str) -> None:
    ines = await a_user(await an_account())
    with at():
        rows = today(viewer_of(ines), MONDAY)
    sql = f"SELECT t.id, t.title FROM meeting t WHERE {rows.condition} ORDER BY {rows.order_sql} LIMIT 200"
    if database.dialect() == "sqlite":
        steps = [row[3] for row in await database.fetch(f"EXPLAIN QUERY PLAN {sql}", *rows.parameters)]
        assert not [step for step in steps if step.startswith("SCAN")], steps
        return
    await _fill(ines)
    plan = [row[0] for row in await database.fetch(f"EXPLAIN {sql}", *rows.parameters)]
    assert not [step for step in plan if "Seq Scan" in step], "\n".join(plan)


async def test_the_rows_of_an_attending_user_have_the_meetings_times(db: str) -> None:
    account = await an_account()
    ines, jan = await a_user(account), await a_user(account, "Jan")
    meeting_of_jan = await a_meeting(jan, monday(9))
    of_ines = {"account": account, "meeting": meeting_of_jan, "kind": AttendeeKind.USER, "user": ines}
    attendee = await Attendee.create(email="i@x.example", **of_ines)
    guest = await Attendee.create(account=account, meeting=meeting_of_jan, kind=AttendeeKind.GUEST, email="g@x.example")
    await attendee.refresh_from_db()
    await guest.refresh_from_db()
    assert (attendee.starts_at, attendee.ends_at) == (meeting_of_jan.starts_at, meeting_of_jan.ends_at)
    assert (guest.starts_at, guest.ends_at) == (None, None)
    meeting_of_jan.starts_at, meeting_of_jan.ends_at = monday(15), monday(16)
    await meeting_of_jan.save()
    await attendee.refresh_from_db()
    assert (attendee.starts_at, attendee.ends_at) == (monday(15), monday(16))
    with at():
        assert await ids_of(today(viewer_of(ines), MONDAY)) == [meeting_of_jan.id]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_today_looks_at_a_day_of_a_user_who_has_attended_for_years(db: str) -> None:
    ines = await a_user(await an_account())
    await _fill(ines)
    busiest = await User.get(name="Somebody Else")
    with at():
        rows = today(viewer_of(busiest), MONDAY)
    sql = f"SELECT t.id FROM meeting t WHERE {rows.condition} ORDER BY {rows.order_sql} LIMIT 200"
    plan = await database.fetch(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", *rows.parameters)
    counts = [node["Actual Rows"] * node["Actual Loops"] for node in _nodes(json.loads(plan[0][0])[0]["Plan"])]
    assert 0 < max(counts) < 500


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", ()) for node in _nodes(child))]


async def _fill(user: User) -> None:
    """Enough meetings of other people that reading them all would be dearer than looking them up."""
    other = await a_user(await user.account, "Somebody Else")
    seed = await a_meeting(other, monday(9))
    await database.execute(
        """
        INSERT INTO meeting (created_at, account_id, title, starts_at, ends_at, time_zone, host_id, organizer_id,
            location_kind, location_text, attendee_description, internal_notes, outcome_id, source, locale, tracking,
            answers, consents, version, ical_uid, ical_sequence, cancel_reason)
        SELECT created_at, account_id, title, starts_at + n * 3600, ends_at + n * 3600, time_zone, host_id,
            organizer_id, location_kind, location_text, attendee_description, internal_notes, outcome_id, source,
            locale, tracking, answers, consents, version, 'uid-' || n, 0, ''
        FROM meeting, generate_series(1, 20000) n WHERE id = $1
        """,
        seed.id,
    )
    await database.execute(
        """
        INSERT INTO attendee (created_at, account_id, meeting_id, kind, user_id, name, email, reply)
        SELECT created_at, account_id, id, 'USER', host_id, '', 'a@x.example', 'ACCEPTED' FROM meeting WHERE id > $1
        """,
        seed.id,
    )
    await database.execute("ANALYZE meeting")
    await database.execute("ANALYZE attendee")


async def test_upcoming_is_what_has_not_ended(db: str) -> None:
    ines = await a_user(await an_account())
    with at():
        await a_meeting(ines, NOW - timedelta(minutes=30))
        under_way = await a_meeting(ines, NOW)
        later = await a_meeting(ines, monday(9))
        await a_meeting(ines, monday(11), canceled_at=NOW)
    with at(NOW + timedelta(minutes=15)):
        assert await ids_of(upcoming(viewer_of(ines))) == [under_way.id, later.id]


async def test_meeting_is_the_accounts_own_and_not_deleted(db: str) -> None:
    ines, stranger = await a_user(await an_account()), await a_user(await an_account())
    own, gone = await a_meeting(ines, monday(9)), await a_meeting(ines, monday(11), deleted_at=NOW)
    assert await ids_of(meeting(viewer_of(ines), own.id)) == [own.id]
    assert await ids_of(meeting(viewer_of(ines), gone.id)) == []
    assert await ids_of(meeting(viewer_of(stranger), own.id)) == []


@pytest.mark.capability("S2-52")
async def test_meetings_are_narrowed_by_what_is_asked(db: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima")
    contact, link = await a_contact(account), await a_link(ines)
    first = await a_meeting(ines, monday(9), contact=contact, link=link, outcome="NO_SHOW")
    second = await a_meeting(piotr, monday(11), organizer_id=ines.id, source=MeetingSource.API)
    third = await a_meeting(piotr, monday(13), canceled_at=NOW)
    await a_meeting(await a_user(await an_account()), monday(9))
    everything = MeetingFilter()
    asked = {
        "all": everything,
        "host": replace(everything, host=piotr.id),
        "organizer": replace(everything, organizer=ines.id),
        "contact": replace(everything, contact=contact.id),
        "link": replace(everything, link=link.id),
        "outcomes": replace(everything, outcomes=["NO_SHOW", "COMPLETED"]),
        "no outcome": replace(everything, outcomes=[]),
        "sources": replace(everything, sources=[MeetingSource.API]),
        "times": replace(everything, starts_from=monday(11), starts_before=monday(13)),
        "standing": replace(everything, is_canceled=False),
        "canceled": replace(everything, is_canceled=True),
    }
    found = {name: await ids_of(meetings(viewer_of(ines), wanted)) for name, wanted in asked.items()}
    assert found == {
        "all": [first.id, second.id, third.id],
        "host": [second.id, third.id],
        "organizer": [first.id, second.id],
        "contact": [first.id],
        "link": [first.id],
        "outcomes": [first.id],
        "no outcome": [],
        "sources": [second.id],
        "times": [second.id],
        "standing": [first.id, second.id],
        "canceled": [third.id],
    }
    assert await ids_of(meetings(viewer_of(ines), latest_first=True)) == [third.id, second.id, first.id]


@pytest.mark.parametrize("day", [date.min, date.max])
async def test_today_where_the_calendar_ends_is_refused(db: str, day: date) -> None:
    viewer = viewer_of(await a_user(await an_account()))
    for tz in ("Asia/Taipei", "America/New_York"):
        with pytest.raises(Refused):
            today(viewer, day, tz)
