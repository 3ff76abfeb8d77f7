"""Whatever a colleague or a visitor asks about somebody's time, they learn that it is taken and never by what."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from server import clock
from server.accounts.viewer import Viewer
from server.models import BusySpan, CalendarAccount, Hold, MeetingLink, User
from server.models.enums import BusySource
from tests.factories import a_contact, a_link, a_meeting, a_user, an_account
from tests.resolvers.asking import asked, viewer_for

QUESTIONS = 10_000 if os.environ.get("PARLEY_TEST_FULL") == "1" else 200
SECRET = "Kanarie"
AVAILABILITY = """query ($hosts: [ID!]!, $from: DateTime!, $to: DateTime!) {
  hostAvailability(hosts: $hosts, from: $from, to: $to) {
    host { id name } free { startsAt } busy { title meeting } } }"""
SLOTS = """query ($slug: String!, $from: Date!, $to: Date!, $zone: TimeZone) { schedulingPage(slug: $slug) {
  title description hostNames location { kind text }
  slots(from: $from, to: $to, timeZone: $zone) { date slots { startsAt } } nextAvailable { startsAt } } }"""
EXPLAINED = """query ($slug: String!, $at: DateTime!) { explainSlot(slug: $slug, startsAt: $at) {
  offered reasons { code until host { id } message } } }"""
HOLD = (
    """mutation ($input: HoldSlotInput!) { holdSlot(input: $input) { hold { token } userErrors { code message } } }"""
)
BOOK = """mutation ($input: BookMeetingInput!) { bookMeeting(input: $input) {
  booking { title } alternatives { startsAt } userErrors { code message } } }"""
SCHEDULE = """mutation ($input: ScheduleMeetingInput!) { scheduleMeeting(input: $input) {
  meeting { id } preview { isHostBusy } userErrors { code message } } }"""


async def a_secretive_host() -> tuple[User, User, MeetingLink]:
    """A host whose days are full of things that are nobody's business, a colleague, and the host's page."""
    account = await an_account()
    host, colleague = await a_user(account, "Piotr Zima"), await a_user(account)
    calendar = await CalendarAccount.get(user_id=host.id)
    morning = clock.now().replace(hour=7, minute=0, second=0) + timedelta(days=1)
    dice = Random(7)
    for day in range(20):
        starts_at = morning + timedelta(days=day, minutes=15 * dice.randrange(20))
        contact = await a_contact(account, SECRET, SECRET, email=f"{SECRET}{day}@c.example".lower(), owner=host)
        texts = {"title": f"{SECRET} {day}", "attendee_description": SECRET, "internal_notes": SECRET}
        await a_meeting(host, starts_at, 45, contact=contact, location_text=SECRET, **texts)
        later = int((starts_at + timedelta(hours=2)).timestamp())
        given = {"source": BusySource.CALENDAR, "starts": later, "ends": later + 1800, "calendar_account": calendar}
        await BusySpan.create(account=account, host=host, **given)
    return host, colleague, await a_link(host, slug="piotr")


def a_question(dice: Random, host: User, colleague: User) -> tuple[str, Viewer | None, dict[str, Any]]:
    """Something that a colleague or a visitor may ask, at random."""
    start = clock.now() + timedelta(minutes=15 * dice.randrange(-96, 20 * 96))
    end = start + timedelta(minutes=15 * dice.randrange(1, 5 * 96))
    at = start.replace(minute=start.minute // 15 * 15, second=0)
    viewer = viewer_for(colleague)
    days = {"from": f"{start:%Y-%m-%d}", "to": f"{end:%Y-%m-%d}", "zone": dice.choice(["Europe/Warsaw", "Asia/Taipei"])}
    span = {"startsAt": _written(start), "endsAt": _written(end)}
    slot = {"slug": "piotr", "startsAt": _written(at), "durationMinutes": 30}
    visitor = {"email": "v@client.example", "firstName": "V", "lastName": "W", "timeZone": "Europe/Warsaw"}
    questions: list[tuple[str, Viewer | None, dict[str, Any]]] = [
        (AVAILABILITY, viewer, {"hosts": [f"usr_{host.id}"], "from": _written(start), "to": _written(end)}),
        (SLOTS, dice.choice([None, viewer]), {"slug": "piotr", **days}),
        (EXPLAINED, viewer, {"slug": "piotr", "at": _written(at)}),
        (HOLD, None, {"input": slot}),
        (BOOK, None, {"input": slot | visitor}),
        (SCHEDULE, viewer, {"input": {"title": "x", "host": f"usr_{host.id}", "dryRun": dice.random() < 0.5, **span}}),
    ]
    return dice.choices(questions, weights=[6, 3, 3, 1, 1, 2])[0]


def _written(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.capability("S2-34", "S2-53")
async def test_no_question_of_a_colleague_or_a_visitor_finds_a_title(db: str) -> None:
    host, colleague, _ = await a_secretive_host()
    dice, blocks = Random(42), 0
    own = await asked(
        AVAILABILITY,
        viewer_for(host),
        hosts=[f"usr_{host.id}"],
        **{"from": _written(clock.now()), "to": _written(clock.now() + timedelta(days=25))},
    )
    assert json.dumps(own.data).count(SECRET) == 20
    for _ in range(QUESTIONS):
        document, viewer, variables = a_question(dice, host, colleague)
        told = await asked(document, viewer, **variables)
        text = json.dumps([told.data, [str(one) for one in told.errors or ()]])
        assert SECRET.lower() not in text.lower(), (document, variables)
        blocks += text.count('"Busy"')
        if document in (HOLD, BOOK):
            await Hold.all().delete()
    assert blocks > QUESTIONS / 3
