"""Meetings counted."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from server.accounts.viewer import Viewer
from server.errors import ErrorCode, Refused
from server.meetings.queries import MeetingFilter
from server.models import Meeting, MeetingLink, MeetingType, Outcome, User
from server.models.enums import MeetingSource
from server.reports.meetings import NONE, Counts, GroupBy, meeting_report
from server.wording import say
from tests.factories import OUTCOMES, a_link, a_meeting, a_user, an_account
from tests.resolvers.asking import answer, problem, program_of, viewer_for

pytestmark = pytest.mark.capability("S2-52")

FIRST, LAST = date(2026, 10, 1), date(2027, 1, 10)
WARSAW = ZoneInfo("Europe/Warsaw")


@dataclass
class Scene:
    """An account in Warsaw with a hundred meetings of every sort, and what each of them is counted as."""

    viewer: Viewer
    users: list[User]
    link: MeetingLink
    meetings: list[Meeting]
    names: dict[GroupBy, dict[Any, tuple[str, str]]]

    def expected(self, by: GroupBy, first: date = FIRST, last: date = LAST) -> dict[str, tuple[str, Counts]]:
        """The same counted one by one."""
        found: dict[str, tuple[str, Counts]] = defaultdict(lambda: ("", Counts()))
        for meeting in self.meetings:
            day = meeting.starts_at.astimezone(WARSAW).date()
            if meeting.deleted_at is None and first <= day <= last:
                key, label = self._group(by, meeting, day)
                found[key] = label, self._with(found[key][1], meeting)
        return dict(found)

    def _group(self, by: GroupBy, meeting: Meeting, day: date) -> tuple[str, str]:
        names = {user.id: user.name for user in self.users}
        match by:
            case GroupBy.WEEK:
                key = f"{day.isocalendar().year}-W{day.isocalendar().week:02}"
                return key, key
            case GroupBy.HOST:
                return f"usr_{meeting.host_id}", names[meeting.host_id]
            case GroupBy.ORGANIZER:
                return f"usr_{meeting.organizer_id}", names[meeting.organizer_id]
            case GroupBy.ORGANIZER_AND_HOST:
                key = f"usr_{meeting.organizer_id},usr_{meeting.host_id}"
                return key, f"{names[meeting.organizer_id]} for {names[meeting.host_id]}"
            case GroupBy.SOURCE:
                return meeting.source.value, say("en", f"report.source.{meeting.source.value}")
            case GroupBy.OUTCOME:
                return self.names[by][meeting.outcome_id]
            case GroupBy.LINK:
                return (f"lnk_{self.link.id}", self.link.name) if meeting.link_id else (NONE, "None")
            case GroupBy.MEETING_TYPE:
                return self.names[by].get(meeting.meeting_type_id, (NONE, "None"))

    def _with(self, before: Counts, meeting: Meeting) -> Counts:
        key = self.names[GroupBy.OUTCOME][meeting.outcome_id][0]
        is_off = meeting.canceled_at is not None or key == "CANCELED"
        minutes = int((meeting.ends_at - meeting.starts_at).total_seconds()) // 60
        return Counts(
            before.count + 1,
            before.completed + (key == "COMPLETED" and not is_off),
            before.no_show + (key == "NO_SHOW" and not is_off),
            before.canceled + is_off,
            before.minutes + (0 if is_off else minutes),
            before.organized_by_host + (meeting.organizer_id == meeting.host_id),
        )


async def a_scene() -> Scene:
    dice = random.Random(11)
    account = await an_account()
    users = [await a_user(account, name) for name in ("Ines", "Karol", "Ewa")]
    link = await a_link(users[0], "Intro")
    types = [await MeetingType.create(account=account, key=key, label=key.title()) for key in ("demo", "review")]
    meetings = []
    for number in range(100):
        # Around each midnight of Warsaw, so that days and weeks of UTC would be others.
        midnight = datetime.combine(FIRST + timedelta(days=dice.randrange(-3, 106)), datetime.min.time(), WARSAW)
        starts_at = (midnight + timedelta(minutes=dice.randrange(-90, 90))).astimezone(UTC)
        off = {"deleted_at": starts_at} if number % 17 == 0 else {"canceled_at": starts_at} if number % 9 == 0 else {}
        meeting = await a_meeting(
            users[number % 3],
            starts_at,
            minutes=dice.choice([15, 30, 60]),
            outcome=dice.choice(list(OUTCOMES)),
            organizer_id=dice.choice(users).id,
            link=link if number % 4 == 0 else None,
            meeting_type=dice.choice([*types, None]),
            source=dice.choice(list(MeetingSource)),
            **({"canceled_at": starts_at} | off),
        )
        if not off:
            await Meeting.filter(id=meeting.id).update(canceled_at=None)
        meetings.append(await Meeting.get(id=meeting.id))
    names: dict[GroupBy, dict[Any, tuple[str, str]]] = {
        GroupBy.OUTCOME: {one.id: (one.key, one.label) for one in await Outcome.filter(account=account)},
        GroupBy.MEETING_TYPE: {one.id: (one.key, one.label) for one in types},
    }
    return Scene(viewer_for(users[0]), users, link, meetings, names)


async def test_every_way_of_grouping_agrees_with_counting_one_by_one(db: str) -> None:
    scene = await a_scene()
    await a_meeting(await a_user(await an_account("Ash")), datetime(2026, 11, 1, 12, tzinfo=UTC))
    for by in GroupBy:
        for first, last in ((FIRST, LAST), (date(2026, 10, 25), date(2026, 10, 25)), (date(2026, 12, 28), LAST)):
            found = await meeting_report(scene.viewer, first, last, by)
            expected = scene.expected(by, first, last)
            assert {row.key: (row.label, row.counts) for row in found.rows if row.counts.count} == expected, by
            total = [counts for _, counts in expected.values()]
            assert found.totals.count == sum(one.count for one in total)
            assert found.totals.minutes == sum(one.minutes for one in total)
            assert found.time_zone == "Europe/Warsaw"


async def test_rows_come_with_the_largest_first_and_weeks_in_their_order(db: str) -> None:
    scene = await a_scene()
    hosts = await meeting_report(scene.viewer, FIRST, LAST, GroupBy.HOST)
    counts = [row.counts.count for row in hosts.rows]
    assert counts == sorted(counts, reverse=True)
    weeks = await meeting_report(scene.viewer, date(2026, 12, 14), LAST, GroupBy.WEEK)
    assert [row.key for row in weeks.rows] == ["2026-W51", "2026-W52", "2026-W53", "2027-W01"]


async def test_a_filter_narrows_the_report(db: str) -> None:
    scene = await a_scene()
    host = scene.users[1].id
    found = await meeting_report(
        scene.viewer, FIRST, LAST, GroupBy.ORGANIZER, MeetingFilter(host=host, outcomes=["NO_SHOW"])
    )
    scene.meetings = [
        one
        for one in scene.meetings
        if one.host_id == host and scene.names[GroupBy.OUTCOME][one.outcome_id][0] == "NO_SHOW"
    ]
    expected = scene.expected(GroupBy.ORGANIZER)
    assert {row.key: (row.label, row.counts) for row in found.rows} == expected
    weeks = await meeting_report(
        scene.viewer, FIRST, LAST, GroupBy.WEEK, MeetingFilter(host=host, outcomes=["NO_SHOW"])
    )
    assert weeks.totals == found.totals


REPORT = """query ($range: ReportRange!, $by: GroupBy!, $filter: MeetingFilter) {
  meetingReport(range: $range, groupBy: $by, filter: $filter) { timeZone groupBy
    rows { key label count completed noShow canceled completionRate noShowRate minutes organizedByHost }
    totals { count completed canceled completionRate noShowRate } } }"""


async def test_created_by_stands_against_assigned_to(db: str) -> None:
    """Karol arranges three meetings for Ines, who holds them and arranges one of her own (S2-52)."""
    account = await an_account()
    ines, karol = await a_user(account, "Ines"), await a_user(account, "Karol")
    for hour, organizer, outcome in (
        (9, karol, "COMPLETED"),
        (10, karol, "NO_SHOW"),
        (11, karol, "CANCELED"),
        (12, ines, "COMPLETED"),
    ):
        starts_at = datetime(2026, 11, 24, hour, tzinfo=UTC)
        await a_meeting(ines, starts_at, organizer_id=organizer.id, outcome=outcome)
    days = {"from": "2026-11-24", "to": "2026-11-24"}
    told = {
        by: (await answer(REPORT, viewer_for(karol), range=days, by=by))["meetingReport"]
        for by in ("HOST", "ORGANIZER", "ORGANIZER_AND_HOST")
    }
    row = {"count": 4, "completed": 2, "noShow": 1, "canceled": 1, "minutes": 90, "organizedByHost": 1}
    rates = {"completionRate": 0.6667, "noShowRate": 0.3333}
    assert told["HOST"]["rows"] == [{"key": f"usr_{ines.id}", "label": "Ines"} | row | rates]
    created = [(one["label"], one["count"], one["completionRate"]) for one in told["ORGANIZER"]["rows"]]
    assert created == [("Karol", 3, 0.5), ("Ines", 1, 1.0)]
    pairs = [(one["label"], one["count"]) for one in told["ORGANIZER_AND_HOST"]["rows"]]
    assert pairs == [("Karol for Ines", 3), ("Ines for Ines", 1)]
    totals = {"count": 4, "completed": 2, "canceled": 1} | rates
    assert [one["totals"] for one in told.values()] == [totals] * 3


async def test_groups_are_called_as_the_reader_speaks(db: str) -> None:
    account = await an_account()
    ola, ines = await a_user(account, "Ola", locale="pl"), await a_user(account, "Ines")
    for hour, source in enumerate(MeetingSource):
        await a_meeting(ines, datetime(2026, 11, 24, hour, tzinfo=UTC), source=source, organizer_id=ola.id)
    days = {"from": "2026-11-24", "to": "2026-11-24"}
    told = {
        (user.locale, by): [
            (row["key"], row["label"])
            for row in (await answer(REPORT, viewer_for(user), range=days, by=by))["meetingReport"]["rows"]
        ]
        for user in (ola, ines)
        for by in ("SOURCE", "LINK", "ORGANIZER_AND_HOST")
    }
    pair = f"usr_{ola.id},usr_{ines.id}"
    assert told == {
        ("en", "SOURCE"): [
            ("API", "Another program"),
            ("CALENDAR", "Calendar"),
            ("CRM", "Record"),
            ("MEETING_LINK", "Meeting link"),
            ("MOBILE_ANDROID", "Android"),
            ("MOBILE_IOS", "iPhone or iPad"),
            ("WEB", "Browser"),
        ],
        ("pl", "SOURCE"): [
            ("API", "Inny program"),
            ("CALENDAR", "Kalendarz"),
            ("CRM", "Rekord"),
            ("MEETING_LINK", "Link do spotkań"),
            ("MOBILE_ANDROID", "Android"),
            ("MOBILE_IOS", "iPhone lub iPad"),
            ("WEB", "Przeglądarka"),
        ],
        ("en", "LINK"): [("NONE", "None")],
        ("pl", "LINK"): [("NONE", "Brak")],
        ("en", "ORGANIZER_AND_HOST"): [(pair, "Ola for Ines")],
        ("pl", "ORGANIZER_AND_HOST"): [(pair, "Ola dla Ines")],
    }


async def test_no_meetings_have_no_rates(db: str) -> None:
    viewer = viewer_for(await a_user(await an_account()))
    days = {"from": "2026-11-24", "to": "2026-11-24"}
    told = (await answer(REPORT, viewer, range=days, by="HOST"))["meetingReport"]
    nothing = {"count": 0, "completed": 0, "canceled": 0, "completionRate": None, "noShowRate": None}
    assert (told["rows"], told["totals"], told["timeZone"]) == ([], nothing, "Europe/Warsaw")


@pytest.mark.parametrize(("first", "last"), [("2026-11-24", "2026-11-23"), ("2026-01-01", "2027-02-05")])
async def test_days_that_are_none_or_too_many_are_refused(db: str, first: str, last: str) -> None:
    viewer = viewer_for(await a_user(await an_account()))
    code, _ = await problem(REPORT, viewer, range={"from": first, "to": last}, by="WEEK")
    assert code == "BAD_USER_INPUT"


async def test_a_token_that_may_not_read_meetings_counts_none(db: str) -> None:
    account = await an_account()
    program = program_of(account.id, "contacts:read")
    days = {"from": "2026-11-24", "to": "2026-11-24"}
    assert (await problem(REPORT, program, range=days, by="HOST"))[0] == "FORBIDDEN"
    with pytest.raises(Refused) as refused:
        await meeting_report(replace(program), FIRST, LAST, GroupBy.HOST)
    assert [one.code for one in refused.value.complaints] == [ErrorCode.FORBIDDEN]
