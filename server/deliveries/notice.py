"""What a notice about a meeting says, to whom, for how long, and what can be done from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from server import clock, ids
from server.changes import cursor
from server.deliveries.words import contact_name
from server.devices.notices import NoticeKind
from server.gateways.push.notice import Notice
from server.meetings.facts import MeetingFacts
from server.models import Attendee, Device, Job, Outcome
from server.models.enums import NotificationActionKind, Reply
from server.notifications.action_tokens import AFTER_MEETING, Offer, offer
from server.wording import regional_locale, say, when

ASKED_FOR = timedelta(days=1)
"""How long after a meeting a device that was off is still asked how it went."""

READ_WITHIN = timedelta(days=1)
"""How long a colleague who was off is still told that a note names them."""

NEAR = timedelta(hours=2)
"""How long before a meeting its host is offered to say that they are late."""

OUTCOMES_AT_MOST = 8
_LONGEST_LABEL = 40
_OPEN = "SCHEDULED"


def is_stale(job: Job, facts: MeetingFacts) -> bool:
    """Whether the notice has been overtaken: the meeting is off, has another time or host, or its outcome is known."""
    kind, meeting = _kind(job), facts.meeting
    if kind in (NoticeKind.MEETING_CANCELED, NoticeKind.MEETING_HANDED_OVER):
        return False
    if kind is NoticeKind.MENTIONED:
        return meeting.deleted_at is not None
    if meeting.canceled_at is not None or meeting.deleted_at is not None:
        return True
    if kind is NoticeKind.REPLY_RECEIVED:
        return _replier(job, facts) is None
    is_moved = (meeting.starts_at, meeting.ends_at) != (_instant(job, "starts_at"), _instant(job, "ends_at"))
    if kind is NoticeKind.MEETING_STARTING:
        return is_moved or job.payload["user_id"] != meeting.host_id or meeting.starts_at <= clock.now()
    if kind is NoticeKind.MEETING_ENDED:
        return is_moved or job.payload["user_id"] != meeting.host_id or facts.outcome.key != _OPEN
    return is_moved


def expires_at(job: Job, facts: MeetingFacts) -> datetime:
    """The instant after which the notice is of no use to anybody."""
    if _kind(job) is NoticeKind.MEETING_ENDED:
        return _instant(job, "ends_at") + ASKED_FOR
    if _kind(job) is NoticeKind.MEETING_HANDED_OVER:
        return _instant(job, "was_starts_at")
    if _kind(job) is NoticeKind.MENTIONED:
        return job.created_at + READ_WITHIN
    return _instant(job, "starts_at")


async def notice_for(job: Job, facts: MeetingFacts, device: Device) -> Notice:
    """The notice in the device's language and the user's zone. The buttons that it offers have their tokens from here
    on; one that hides its details says only what kind of thing happened."""
    kind, locale = _kind(job), regional_locale(device.locale)
    offers = await _offers(job, facts, device.user_id)
    data: dict[str, Any] = {
        "meetingId": ids.public_id("mtg", facts.meeting.id),
        "cursor": cursor.write(facts.account.last_change_number),
        "startsAt": clock.written(facts.meeting.starts_at),
        "actions": [
            {"kind": one.kind, "token": one.token, "expiresAt": clock.written(one.expires_at)} for one in offers
        ],
    }
    if kind is NoticeKind.MEETING_ENDED:
        data["outcomes"] = await _outcomes(facts.account.id)
    return Notice(
        id="",
        kind=kind.value,
        title=say(locale, f"push.{kind}.title"),
        body="" if device.hides_details else _body(job, facts, device, locale),
        thread=ids.public_id("mtg", facts.meeting.id),
        expires_at=expires_at(job, facts),
        data={**data, "kind": kind.value},
    )


async def _offers(job: Job, facts: MeetingFacts, user_id: int) -> list[Offer]:
    """The buttons of this notice: to say one comes, to say one is late, to say how it went."""
    kind, meeting = _kind(job), facts.meeting
    until: dict[NotificationActionKind, datetime] = {}
    if kind is NoticeKind.MEETING_ENDED:
        until[NotificationActionKind.SET_OUTCOME] = meeting.ends_at + AFTER_MEETING
    elif kind in _STANDING:
        # The host has accepted by hosting.
        if user_id != meeting.host_id and _has_not_replied(facts, user_id):
            until[NotificationActionKind.CONFIRM] = meeting.starts_at
        if user_id == meeting.host_id and meeting.starts_at - clock.now() <= NEAR:
            until[NotificationActionKind.RUNNING_LATE] = meeting.ends_at
    return [await offer(act, job, user_id=user_id, expires_at=ends_at) for act, ends_at in until.items()]


_STANDING = frozenset(
    {
        NoticeKind.MEETING_BOOKED,
        NoticeKind.MEETING_SCHEDULED,
        NoticeKind.MEETING_MOVED,
        NoticeKind.MEETING_STARTING,
    }
)


def _has_not_replied(facts: MeetingFacts, user_id: int) -> bool:
    return any(one.user_id == user_id and one.reply is Reply.NEEDS_ACTION for one in facts.attendees)


async def _outcomes(account_id: int) -> list[dict[str, str]]:
    """What there is to choose from, as far as a notice has room."""
    offered = await Outcome.filter(account_id=account_id, is_archived=False).exclude(key=_OPEN).order_by("position")
    return [{"key": one.key, "label": one.label[:_LONGEST_LABEL]} for one in offered[:OUTCOMES_AT_MOST]]


def _body(job: Job, facts: MeetingFacts, device: Device, locale: str) -> str:
    """With whom and when; nothing of what it is about, because anybody may look at a screen."""
    kind, tz = _kind(job), device.user.time_zone
    starts_at = _instant(job, "starts_at")
    who = _other_side(facts, device.user_id, locale)
    if kind is NoticeKind.REPLY_RECEIVED:
        replier = _replier(job, facts)
        name = (replier.name or replier.email) if replier is not None else ""
        return say(locale, f"push.{kind}.{job.payload['reply']}", who=name, when=when.short(starts_at, tz, locale))
    if kind is NoticeKind.MEETING_STARTING:
        return say(locale, f"push.{kind}.body", who=who, clock=when.clock(starts_at, tz, locale))
    if kind is NoticeKind.MEETING_MOVED:
        was = when.short(_instant(job, "was_starts_at"), tz, locale)
        return say(locale, f"push.{kind}.body", who=who, when=when.short(starts_at, tz, locale), was=was)
    if kind is NoticeKind.MENTIONED:
        who = job.payload["author"] or facts.account.public_name
    if kind is NoticeKind.MEETING_HANDED_OVER:
        starts_at = _instant(job, "was_starts_at")
    return say(locale, f"push.{kind}.body", who=who, when=when.short(starts_at, tz, locale))


def _other_side(facts: MeetingFacts, user_id: int, locale: str) -> str:
    """Whom the reader meets: those who run the meeting its contact, colleagues who attend its host."""
    runs = user_id in (facts.meeting.host_id, facts.meeting.organizer_id)
    attends = any(one.user_id == user_id for one in facts.attendees)
    contact = contact_name(facts) if runs or not attends else ""
    return contact or (say(locale, "push.only_you") if user_id == facts.host.id else facts.host.name)


def _replier(job: Job, facts: MeetingFacts) -> Attendee | None:
    return next((one for one in facts.attendees if one.id == job.payload.get("attendee_id")), None)


def _kind(job: Job) -> NoticeKind:
    return NoticeKind(job.payload["kind"])


def _instant(job: Job, name: str) -> datetime:
    return datetime.fromtimestamp(int(job.payload[name]), UTC)
