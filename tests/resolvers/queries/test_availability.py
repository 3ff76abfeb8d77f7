"""When colleagues are free, and how much of the rest may be known."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.factories import a_meeting, a_user, an_account
from tests.resolvers.asking import answer, problem, viewer_for

DOCUMENT = """query ($hosts: [ID!]!, $from: DateTime!, $to: DateTime!) {
  hostAvailability(hosts: $hosts, from: $from, to: $to) {
    host { name } free { startsAt endsAt } busy { startsAt endsAt title meeting } } }"""
DAY = {"from": "2026-11-24T00:00:00+01:00", "to": "2026-11-25T00:00:00+01:00"}


@pytest.mark.capability("S2-53")
async def test_ones_own_meetings_have_titles_and_a_colleagues_are_busy(db: str) -> None:
    account = await an_account()
    ines, karol = await a_user(account, "Ines"), await a_user(account, "Karol")
    own = await a_meeting(ines, datetime(2026, 11, 24, 9, 0, tzinfo=UTC), title="Own")
    await a_meeting(karol, datetime(2026, 11, 24, 9, 0, tzinfo=UTC), title="Secret")
    data = await answer(DOCUMENT, viewer_for(ines), hosts=[f"usr_{karol.id}", f"usr_{ines.id}"], **DAY)
    free = [
        {"startsAt": "2026-11-24T08:00:00Z", "endsAt": "2026-11-24T09:00:00Z"},
        {"startsAt": "2026-11-24T09:30:00Z", "endsAt": "2026-11-24T16:00:00Z"},
    ]
    span = {"startsAt": "2026-11-24T09:00:00Z", "endsAt": "2026-11-24T09:30:00Z"}
    assert data["hostAvailability"] == [
        {"host": {"name": "Karol"}, "free": free, "busy": [span | {"title": "Busy", "meeting": None}]},
        {"host": {"name": "Ines"}, "free": free, "busy": [span | {"title": "Own", "meeting": f"mtg_{own.id}"}]},
    ]


async def test_foreign_and_unknown_hosts_are_refused_alike(db: str) -> None:
    ines, stranger = await a_user(await an_account()), await a_user(await an_account("Others"))
    told = [
        await problem(DOCUMENT, viewer_for(ines), hosts=[id], **DAY) for id in (f"usr_{stranger.id}", "usr_999999", "x")
    ]
    assert told == [("BAD_USER_INPUT", "Please choose at most 50 colleagues of yours.")] * 3
