"""The notices that devices get, as jobs promised in the transaction that gives the reason for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from server import clock, database
from server.models import Device, Job, Meeting
from server.models.enums import JobKind, JobState
from server.outbox import enqueue, enqueue_all

BEFORE_START = timedelta(minutes=10)
"""How long before a meeting its host is told that it is near."""

PLANNED_AT_MOST = 200
"""Meetings to come whose nudges are planned when a user registers their first device."""


class NoticeKind(StrEnum):
    """Why a device is woken, as its app knows it."""

    MEETING_BOOKED = "MEETING_BOOKED"
    MEETING_SCHEDULED = "MEETING_SCHEDULED"
    MEETING_MOVED = "MEETING_MOVED"
    MEETING_CANCELED = "MEETING_CANCELED"
    MEETING_HANDED_OVER = "MEETING_HANDED_OVER"
    REPLY_RECEIVED = "REPLY_RECEIVED"
    MEETING_STARTING = "MEETING_STARTING"
    MEETING_ENDED = "MEETING_ENDED"
    MENTIONED = "MENTIONED"


NUDGES = frozenset({NoticeKind.MEETING_STARTING, NoticeKind.MEETING_ENDED})
"""What nobody causes but the clock."""

_NEW_TIME = frozenset({NoticeKind.MEETING_BOOKED, NoticeKind.MEETING_SCHEDULED, NoticeKind.MEETING_MOVED})
_AROUND = """
    SELECT d.id, d.user_id FROM device d JOIN session s ON s.id = d.session_id
    WHERE s.ended_at IS NULL AND d.user_id IN (
        SELECT CAST($1 AS BIGINT) UNION SELECT CAST($2 AS BIGINT)
        UNION SELECT a.user_id FROM attendee a WHERE a.meeting_id = $3 AND a.user_id IS NOT NULL)
    ORDER BY d.id
"""
_OF_USER = """
    SELECT d.id FROM device d JOIN session s ON s.id = d.session_id
    WHERE d.user_id = $1 AND s.ended_at IS NULL ORDER BY d.id
"""


async def wake_colleagues(
    meeting: Meeting,
    kind: NoticeKind,
    *,
    actor: str,
    was: tuple[datetime, datetime] | None = None,
    about: Mapping[str, Any] | None = None,
) -> None:
    """The devices of everybody in the house who hosts, organizes or attends will be woken, save those of the `actor`,
    who knows. A new time brings its nudges along. `was` is the old time of a meeting that has moved, `about` what else
    the notice has to know. Where nobody has a device, this is one look into the database."""
    found = await database.fetch(_AROUND, meeting.host_id, meeting.organizer_id, meeting.id)
    payload = _payload(meeting, kind, was) | dict(about or {})
    for device_id, user_id in found:
        if actor != f"user:{user_id}":
            await wake_device(device_id, user_id, meeting, payload)
    if kind in _NEW_TIME and any(user_id == meeting.host_id for _, user_id in found):
        await plan_nudges(meeting)


async def wake_former_host(meeting: Meeting, user_id: int, *, was: tuple[datetime, datetime]) -> None:
    """The devices of the host whose place another one has taken will say so."""
    payload = _payload(meeting, NoticeKind.MEETING_HANDED_OVER, was)
    for device_id in await devices_of(user_id):
        await wake_device(device_id, user_id, meeting, payload)


async def wake_user(meeting: Meeting, kind: NoticeKind, user_id: int, *, about: Mapping[str, Any]) -> None:
    """The devices of one colleague will be woken, whether they have to do with the meeting or not."""
    payload = _payload(meeting, kind, None) | dict(about)
    for device_id in await devices_of(user_id):
        await wake_device(device_id, user_id, meeting, payload)


async def wake_device(device_id: int, user_id: int, meeting: Meeting, payload: Mapping[str, Any]) -> None:
    """One device will be woken, after all earlier notices about the meeting, if it is still that user's by then."""
    await enqueue(
        JobKind.PUSH,
        account_id=meeting.account_id,
        meeting_id=meeting.id,
        lane=f"device:{device_id}",
        payload={**payload, "device_id": device_id, "user_id": user_id},
    )


async def devices_of(user_id: int) -> list[int]:
    """The numbers of the devices on which this user is signed in and wants to be woken."""
    return [int(row[0]) for row in await database.fetch(_OF_USER, user_id)]


async def plan_nudges(meeting: Meeting) -> None:
    """The host's devices, those they have by then, will be woken before the meeting and after it, once each and as far
    as that still lies ahead; nobody will, if it is moved, canceled or handed over meanwhile."""
    await _plan_nudges(meeting.host_id, [meeting])


async def plan_nudges_of(user_id: int) -> None:
    """Every meeting to come that the user hosts has its nudges, those that stood before there was a device too."""
    to_come = await Meeting.filter(
        host_id=user_id, canceled_at=None, deleted_at=None, ends_at__gt=clock.now()
    ).order_by("starts_at")[:PLANNED_AT_MOST]
    await _plan_nudges(user_id, to_come)


async def _plan_nudges(host_id: int, meetings: Sequence[Meeting]) -> None:
    # A meeting that was moved away and back would have two of each.
    planned = Job.filter(meeting_id__in=[one.id for one in meetings], lane=_lane_of(host_id), state=JobState.WAITING)
    await planned.delete()
    await enqueue_all([nudge for meeting in meetings for nudge in _nudges_of(meeting)])


def _nudges_of(meeting: Meeting) -> Iterator[Job]:
    for kind, due_at in (
        (NoticeKind.MEETING_STARTING, meeting.starts_at - BEFORE_START),
        (NoticeKind.MEETING_ENDED, meeting.ends_at),
    ):
        if due_at > clock.now():
            yield Job(
                kind=JobKind.PUSH,
                account_id=meeting.account_id,
                meeting_id=meeting.id,
                lane=_lane_of(meeting.host_id),
                payload=_payload(meeting, kind, None) | {"user_id": meeting.host_id},
                run_at=due_at,
            )


async def forget_device(device: Device) -> None:
    """The device is woken no more."""
    await Device.filter(id=device.id, push_token=device.push_token).delete()


def _payload(meeting: Meeting, kind: NoticeKind, was: tuple[datetime, datetime] | None) -> dict[str, Any]:
    """The time is the one that the notice is about: once the meeting has another, the notice is stale."""
    payload: dict[str, Any] = {
        "kind": kind.value,
        "starts_at": int(meeting.starts_at.timestamp()),
        "ends_at": int(meeting.ends_at.timestamp()),
    }
    return payload if was is None else payload | {"was_starts_at": int(was[0].timestamp())}


def _lane_of(user_id: int) -> str:
    return f"user:{user_id}"
