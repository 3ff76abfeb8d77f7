from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from server import database
from server.changes import cursor
from server.changes.log import record_change
from server.deliveries.webhook_body import change_body, ping_body, type_of
from server.models import Change, Job, Meeting
from server.models.enums import ChangeKind, JobKind
from tests import factories
from tests.server.deliveries.conftest import STARTS_AT, Story

OCCURRED_AT = datetime(2027, 2, 1, 8, 30, tzinfo=UTC)


async def _change(meeting: Meeting, kind: ChangeKind, actor: str = "visitor", **data: object) -> Change:
    async with database.transaction():
        await record_change(kind, account_id=meeting.account_id, meeting_id=meeting.id, actor=actor, data=data)
    await Change.all().update(occurred_at=OCCURRED_AT)
    return await Change.get()


async def test_receiver_reads_who_meets_whom_and_when(story: Story) -> None:
    change = await _change(
        story.meeting, ChangeKind.MEETING_MOVED, "user:7", previous_starts_at="2027-02-16T10:30:00+01:00"
    )
    host = {"id": f"usr_{story.host.id}", "name": "Ines Marek", "email": story.host.email}
    assert await change_body(change) == {
        "type": "meeting.moved",
        "timestamp": "2027-02-01T08:30:00Z",
        "data": {
            "cursor": cursor.write(change.number),
            "kind": "MEETING_MOVED",
            "actor": "usr_7",
            "previousStartsAt": "2027-02-16T09:30:00Z",
            "link": {"id": f"lnk_{story.link.id}", "slug": story.link.slug, "name": "Intro call"},
            "meeting": {
                "id": f"mtg_{story.meeting.id}",
                "title": "Intro call",
                "startsAt": f"{STARTS_AT:%Y-%m-%dT%H:%M:%SZ}",
                "endsAt": "2027-02-16T16:00:00Z",
                "timeZone": "America/New_York",
                "host": host,
                "organizer": host,
                "contact": {
                    "id": f"con_{story.contact.id}",
                    "firstName": "Tomasz",
                    "lastName": "Lis",
                    "email": story.contact.email,
                    "phone": "+48 600 100 200",
                },
                "attendees": [
                    {"kind": "USER", "name": "Ines Marek", "email": story.host.email, "reply": "NEEDS_ACTION"},
                    {"kind": "CONTACT", "name": "Tomasz Lis", "email": story.contact.email, "reply": "NEEDS_ACTION"},
                ],
                "location": {"kind": "VIDEO", "text": "", "joinUrl": "https://call.example/abc"},
                "outcome": "SCHEDULED",
                "source": "MEETING_LINK",
                "version": story.meeting.version,
                "canceledAt": None,
                "deletedAt": None,
            },
        },
    }


async def test_page_for_receivers_shows_what_there_is(story: Story) -> None:
    page = (Path(__file__).parents[3] / "docs/operating/webhooks.md").read_text()
    shown = json.loads(page.split("```json\n")[1].split("```")[0])
    made = await change_body(await _change(story.meeting, ChangeKind.MEETING_BOOKED))
    assert _names(shown) == _names(made)


def _names(value: Any, path: str = "") -> set[str]:
    """Where every name stands."""
    if isinstance(value, list):
        return _names(value[0], path)
    if not isinstance(value, dict):
        return {path}
    return {name for key, inner in value.items() for name in _names(inner, f"{path}.{key}")}


@pytest.mark.capability("S2-22")
@pytest.mark.parametrize("kind", list(ChangeKind))
async def test_internal_notes_are_never_among_it(story: Story, kind: ChangeKind) -> None:
    assert story.meeting.internal_notes == "Do not mention the price."
    change = await _change(story.meeting, kind, note="Do not mention the price.")
    assert "price" not in str(await change_body(change))


async def test_link_that_changed_is_named_where_there_is_no_meeting(story: Story) -> None:
    async with database.transaction():
        account_id = story.account.id
        await record_change(
            ChangeKind.LINK_CHANGED, account_id=account_id, actor="token:3", data={"link_id": story.link.id}
        )
    data = (await change_body(await Change.get()))["data"]
    assert (data["meeting"], data["link"]["id"], data["actor"]) == (None, f"lnk_{story.link.id}", "tok_3")


async def test_canceled_and_deleted_meetings_say_since_when(story: Story) -> None:
    await Meeting.all().update(canceled_at=OCCURRED_AT, deleted_at=OCCURRED_AT, contact_id=None, link_id=None)
    body = await change_body(await _change(story.meeting, ChangeKind.MEETING_DELETED))
    meeting = body["data"]["meeting"]
    assert (meeting["canceledAt"], meeting["deletedAt"]) == ("2027-02-01T08:30:00Z",) * 2
    assert (meeting["contact"], body["data"]["link"]) == (None, None)


async def test_ping_says_whose_it_is(story: Story) -> None:
    webhook = await factories.a_webhook(story.host, "https://hooks.example/")
    job = await Job.create(account=story.account, kind=JobKind.WEBHOOK, run_at=OCCURRED_AT, created_at=OCCURRED_AT)
    assert ping_body(webhook, job) == {
        "type": "webhook.ping",
        "timestamp": "2027-02-01T08:30:00Z",
        "data": {"webhook": {"id": f"whk_{webhook.id}", "name": "Front desk"}},
    }


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (ChangeKind.MEETING_BOOKED, "meeting.booked"),
        (ChangeKind.OUTCOME_RECORDED, "outcome.recorded"),
        (ChangeKind.LINK_CHANGED, "link.changed"),
    ],
)
def test_type_is_the_kind_in_small_letters(kind: ChangeKind, expected: str) -> None:
    assert type_of(kind) == expected
