"""What a receiver reads of a change: `{type, timestamp, data}`, as Standard Webhooks 1.0.0 asks.

Of a meeting it says what a notification service needs. Internal notes are not among it, and no other text that is
written for colleagues only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from server import clock, ids
from server.changes import cursor
from server.meetings.facts import MeetingFacts, meeting_facts
from server.models import Attendee, Change, Contact, Job, MeetingLink, User, Webhook
from server.models.enums import ChangeKind

MOST_ATTENDEES = 200

Body = dict[str, Any]


async def change_body(change: Change) -> Body:
    """The change, with the meeting as it is when this is asked."""
    facts = await meeting_facts(change.meeting_id) if change.meeting_id is not None else None
    data = {
        "cursor": cursor.write(change.number),
        "kind": change.kind.value,
        "actor": _actor(change.actor),
        "meeting": _meeting(facts) if facts is not None else None,
        "previousStartsAt": _previous_start(change),
        "link": await _changed_link(change) if facts is None else _link(facts.link),
    }
    return {"type": type_of(change.kind), "timestamp": clock.written(change.occurred_at), "data": data}


def ping_body(webhook: Webhook, job: Job) -> Body:
    """What is sent to see whether anybody answers."""
    data = {"webhook": {"id": ids.public_id("whk", webhook.id), "name": webhook.name}}
    return {"type": "webhook.ping", "timestamp": clock.written(job.created_at), "data": data}


def type_of(kind: ChangeKind) -> str:
    """`meeting.booked`, `outcome.recorded`: the kind in small letters, what it is about before the dot."""
    return kind.value.lower().replace("_", ".", 1)


def _meeting(facts: MeetingFacts) -> Body:
    meeting = facts.meeting
    return {
        "id": ids.public_id("mtg", meeting.id),
        "title": meeting.title,
        "startsAt": clock.written(meeting.starts_at),
        "endsAt": clock.written(meeting.ends_at),
        "timeZone": meeting.time_zone,
        "host": _user(facts.host),
        "organizer": _user(facts.organizer),
        "contact": _contact(facts.contact),
        "attendees": [_attendee(one) for one in facts.attendees[:MOST_ATTENDEES]],
        "location": {
            "kind": meeting.location_kind.value,
            "text": meeting.location_text,
            "joinUrl": meeting.location_join_url,
        },
        "outcome": facts.outcome.key,
        "source": meeting.source.value,
        "version": meeting.version,
        "canceledAt": _instant_if(meeting.canceled_at),
        "deletedAt": _instant_if(meeting.deleted_at),
    }


def _user(user: User) -> Body:
    return {"id": ids.public_id("usr", user.id), "name": user.name, "email": user.email}


def _contact(contact: Contact | None) -> Body | None:
    if contact is None:
        return None
    return {
        "id": ids.public_id("con", contact.id),
        "firstName": contact.first_name,
        "lastName": contact.last_name,
        "email": contact.email,
        "phone": contact.phone,
    }


def _attendee(attendee: Attendee) -> Body:
    return {
        "kind": attendee.kind.value,
        "name": attendee.name,
        "email": attendee.email,
        "reply": attendee.reply.value,
    }


def _link(link: MeetingLink | None) -> Body | None:
    return {"id": ids.public_id("lnk", link.id), "slug": link.slug, "name": link.name} if link is not None else None


async def _changed_link(change: Change) -> Body | None:
    """The link that a LINK_CHANGED is about."""
    number = change.data.get("link_id")
    return _link(await MeetingLink.get_or_none(id=number, account_id=change.account_id)) if number else None


def _actor(actor: str) -> str:
    """`usr_7`, `tok_3`, `visitor` or `system`."""
    who, _, number = actor.partition(":")
    prefix = {"user": "usr", "token": "tok"}.get(who)
    return ids.public_id(prefix, int(number)) if prefix else who


def _previous_start(change: Change) -> str | None:
    before = change.data.get("previous_starts_at")
    return clock.written(datetime.fromisoformat(before)) if before else None


def _instant_if(value: datetime | None) -> str | None:
    return clock.written(value) if value is not None else None
