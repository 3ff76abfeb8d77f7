"""The page of a link for visitors, and why a time is not on it for colleagues."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from server import clock
from server.models import BusySpan, CalendarAccount
from server.models.enums import BusySource, CalendarProvider
from tests.factories import a_link, a_meeting, a_user, an_account
from tests.resolvers.asking import answer, asked, problem, viewer_for

SUNDAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EXPLAIN = """query ($slug: String!, $at: DateTime!, $minutes: Int) {
  explainSlot(slug: $slug, startsAt: $at, durationMinutes: $minutes) {
    offered reasons { code until message host { name } } } }"""


async def test_a_visitor_reads_what_the_page_is_about(db: str) -> None:
    account = await an_account("Linden & Co", sender_name="Linden")
    question = {"key": "size", "label": "How many are you?", "kind": "SELECT", "required": True, "options": ["1", "2+"]}
    await a_link(await a_user(account, "Ines Marek"), "Intro", slug="ines", questions=[question], guests_max=2)
    document = """{ schedulingPage(slug: "ines") {
      slug title description organization hostNames durationsMinutes timeZone lockTimeZone
      locale isOpen guestsMax location { kind text joinUrl } price { amount }
      questions { key label kind isRequired options } } }"""
    assert await answer(document) == {
        "schedulingPage": {
            "slug": "ines",
            "title": "Intro",
            "description": "",
            "organization": "Linden",
            "hostNames": ["Ines Marek"],
            "durationsMinutes": [30],
            "timeZone": "Europe/Warsaw",
            "lockTimeZone": False,
            "locale": "en",
            "isOpen": True,
            "guestsMax": 2,
            "location": {"kind": "CUSTOM", "text": "", "joinUrl": None},
            "price": None,
            "questions": [
                {
                    "key": "size",
                    "label": "How many are you?",
                    "kind": "SELECT",
                    "isRequired": True,
                    "options": ["1", "2+"],
                }
            ],
        }
    }


async def test_an_address_that_no_link_ever_had_is_null(db: str) -> None:
    assert await answer('{ schedulingPage(slug: "nobody") { slug } }') == {"schedulingPage": None}


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ('slots(from: "2026-11-24", to: "2027-01-25") { date }', "TIME_RANGE_INVALID"),
        ('slots(from: "2026-11-24", to: "2026-11-23") { date }', "TIME_RANGE_INVALID"),
        ('slots(from: "2026-11-24", to: "2026-11-24", timeZone: "Mars/Base") { date }', "TIME_ZONE_INVALID"),
        ('nextAvailable(timeZone: "Mars/Base") { startsAt }', "TIME_ZONE_INVALID"),
    ],
)
async def test_days_and_zones_that_make_no_sense_are_refused(db: str, wanted: str, reason: str) -> None:
    await a_link(await a_user(await an_account()), slug="ines")
    result = await asked(f'{{ schedulingPage(slug: "ines") {{ {wanted} }} }}')
    assert result.errors is not None
    told = result.errors[0].extensions or {}
    assert (told["code"], told["reason"]) == ("BAD_USER_INPUT", reason)


async def test_days_are_those_of_the_visitor(db: str) -> None:
    await a_link(await a_user(await an_account()), slug="ines", durations_minutes=[60], increment_minutes=240)
    document = """query ($tz: TimeZone) { schedulingPage(slug: "ines") {
      slots(from: "2026-11-24", to: "2026-11-24", timeZone: $tz) { date slots { startsAt } } } }"""
    with clock.travel(SUNDAY):
        warsaw, auckland = await answer(document), await answer(document, tz="Pacific/Auckland")
    assert warsaw["schedulingPage"]["slots"] == [
        {"date": "2026-11-24", "slots": [{"startsAt": "2026-11-24T11:00:00Z"}, {"startsAt": "2026-11-24T15:00:00Z"}]}
    ]
    assert auckland["schedulingPage"]["slots"] == [
        {"date": "2026-11-24", "slots": [{"startsAt": "2026-11-23T11:00:00Z"}, {"startsAt": "2026-11-23T15:00:00Z"}]}
    ]


async def test_colleagues_learn_every_reason_and_strangers_none(db: str) -> None:
    account = await an_account()
    ines, stranger = await a_user(account, "Ines Marek"), await a_user(await an_account("Others"))
    await a_link(ines, slug="ines")
    with clock.travel(SUNDAY):
        await a_meeting(ines, datetime(2026, 11, 24, 9, 0, tzinfo=UTC), title="Secret talks")
        free = await answer(EXPLAIN, viewer_for(ines), slug="ines", at="2026-11-24T11:00:00+01:00")
        busy = await answer(EXPLAIN, viewer_for(ines), slug="ines", at="2026-11-24T10:00:00+01:00")
        told = await problem(EXPLAIN, viewer_for(stranger), slug="ines", at="2026-11-24T10:00:00+01:00")
        unknown = await problem(EXPLAIN, viewer_for(stranger), slug="nobody", at="2026-11-24T10:00:00+01:00")
    assert free == {"explainSlot": {"offered": True, "reasons": []}}
    reason = {
        "code": "BUSY",
        "until": "2026-11-24T09:30:00Z",
        "message": "The host is busy.",
        "host": {"name": "Ines Marek"},
    }
    assert busy == {"explainSlot": {"offered": False, "reasons": [reason]}}
    assert told == unknown == ("BAD_USER_INPUT", "No page of your account has this address; check the spelling.")


@pytest.mark.parametrize("provider", ["CALDAV", "GOOGLE", "MICROSOFT"])
async def test_a_calendar_out_of_reach_never_blanks_the_page_and_marks_it(db: str, provider: str) -> None:
    """What it said last stays busy, the rest of the day stays open; only after a day do the host's slots close."""
    account = await an_account()
    ines = await a_user(account)
    await a_link(ines, slug="ines", durations_minutes=[60], increment_minutes=60)
    calendar = await CalendarAccount.create(
        account=account, user=ines, provider=CalendarProvider(provider), is_default=False
    )
    starts = int(datetime(2026, 11, 24, 9, 0, tzinfo=UTC).timestamp())
    await BusySpan.create(
        account=account,
        host=ines,
        source=BusySource.CALENDAR,
        starts=starts,
        ends=starts + 3600,
        calendar_account=calendar,
    )
    document = """{ schedulingPage(slug: "ines") { isOpen timesAreCurrent
      slots(from: "2026-11-24", to: "2026-11-24") { slots { startsAt } } } }"""
    seen = []
    for since, hours in ((None, 0), (SUNDAY, 0), (SUNDAY, 24), (SUNDAY, 25)):
        await CalendarAccount.filter(id=calendar.id).update(unreachable_since=since)
        with clock.travel(SUNDAY + timedelta(hours=hours)):
            page = (await answer(document))["schedulingPage"]
        seen.append((page["isOpen"], page["timesAreCurrent"], sum(len(day["slots"]) for day in page["slots"])))
    assert seen == [(True, True, 7), (True, False, 7), (True, False, 7), (True, False, 0)]
