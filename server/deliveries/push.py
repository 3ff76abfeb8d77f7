"""The notices on phones and in browsers: what they say, whether now is the time, and what they offer to do."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Sequence
from datetime import datetime

from server import clock, database, metrics, outbox
from server.accounts.notifications import Switch, wants
from server.deliveries.notice import expires_at, is_stale, notice_for
from server.deliveries.post import NOT_WANTED, SWITCHED_OFF
from server.devices.notices import NoticeKind, devices_of, forget_device
from server.devices.quiet_hours import quiet_until
from server.gateways.errors import PermanentFailure, TemporaryFailure
from server.gateways.push.carriers import carrier_for
from server.gateways.push.keys import KeyUnusable
from server.gateways.push.notice import Addressee, DeviceGone
from server.meetings.facts import MeetingFacts, meeting_facts
from server.models import Device, Job
from server.models.enums import AccountKind, JobKind

_SPACE = uuid.UUID("6f1d7c0e-3b0a-4b7e-9a53-0d8f6f2f4a11")
_PASSED_ON = "passed_on"
_SWITCHES = {
    NoticeKind.REPLY_RECEIVED: Switch.REPLY_NOTICES,
    NoticeKind.MENTIONED: Switch.MENTION_NOTICES,
    NoticeKind.MEETING_STARTING: Switch.NUDGES,
    NoticeKind.MEETING_ENDED: Switch.NUDGES,
}


async def deliver_push(job: Job) -> str:
    """The device shows the notice, or there is a reason why not, which is returned. A nudge is passed on to the devices
    that its user has by now. A device that its service knows no more is forgotten.

    In quiet hours a notice waits for their end. One about a meeting that begins before they end is shown at
    once and makes no sound; a nudge for such a meeting, which is nothing but a sound, is left out."""
    facts = await meeting_facts(job.meeting_id or 0)
    if facts.account.kind is AccountKind.SANDBOX:
        return "not sent: nothing leaves a sandbox account"
    if is_stale(job, facts):
        return NOT_WANTED
    if "device_id" not in job.payload:
        await _hand_on(job, await devices_of(int(job.payload["user_id"])))
        return f"passed on to {len(job.payload[_PASSED_ON])} devices"
    device = await _device_of(job)
    if device is None:
        return "the device is not there any more, or is somebody else's"
    if not wants(device.user, _SWITCHES.get(_kind(job), Switch.MEETING_NOTICES)):
        return SWITCHED_OFF
    quiet = _quiet_until(device)
    if quiet is not None and not _cannot_wait(job, facts, quiet):
        await _hand_on(job, [device.id], run_at=quiet)
        return f"quiet hours: it waits until {quiet.isoformat()}"
    if quiet is not None and _kind(job) is NoticeKind.MEETING_STARTING:
        return "not sent: it would have rung in quiet hours"
    return await _send(job, facts, device, is_silent=quiet is not None)


async def _hand_on(job: Job, devices: Sequence[int], *, run_at: datetime | None = None) -> None:
    """Each of these devices has a job of its own for the notice, once. What waits there holds nothing up: a later
    notice about the meeting may be one that cannot wait."""
    if _PASSED_ON in job.payload:
        return
    async with database.transaction():
        if not await outbox.note_progress(job, {**job.payload, _PASSED_ON: list(devices)}):
            return
        told = {name: value for name, value in job.payload.items() if name != _PASSED_ON}
        for number in devices:
            await outbox.enqueue(
                JobKind.PUSH,
                account_id=job.account_id,
                meeting_id=job.meeting_id,
                lane=f"device:{number}",
                payload={**told, "device_id": number},
                run_at=run_at,
            )


async def _device_of(job: Job) -> Device | None:
    """The device, if it is still that user's, and they are still signed in on it."""
    found = await Device.get_or_none(id=job.payload["device_id"], user_id=job.payload["user_id"]).select_related(
        "user", "session"
    )
    if found is None or not found.user.is_active:
        return None
    if found.session.ended_at is not None:
        await forget_device(found)
        return None
    return found


def _quiet_until(device: Device) -> datetime | None:
    user = device.user
    return quiet_until(
        clock.now(), tz=user.time_zone, from_minute=user.quiet_from_minute, until_minute=user.quiet_until_minute
    )


def _cannot_wait(job: Job, facts: MeetingFacts, until: datetime) -> bool:
    """Whether the notice would come too late after the quiet hours."""
    return _kind(job) is not NoticeKind.MEETING_ENDED and expires_at(job, facts) <= until


async def _send(job: Job, facts: MeetingFacts, device: Device, *, is_silent: bool) -> str:
    if expires_at(job, facts) <= clock.now():
        return "not sent: too late"
    try:
        carrier = carrier_for(device.platform)
    except KeyUnusable as error:
        raise PermanentFailure(f"the key for {device.platform.value} cannot be used: {error}") from error
    if carrier is None:
        return f"not sent: no key is set for {device.platform.value}"
    notice = await notice_for(job, facts, device)
    ready = dataclasses.replace(notice, id=str(uuid.uuid5(_SPACE, f"job:{job.id}")), is_silent=is_silent)
    try:
        await carrier.send(ready, Addressee(device.push_token, device.web_keys))
    except DeviceGone as gone:
        return await _forget(device, gone)
    except (TemporaryFailure, PermanentFailure):
        metrics.PUSHES.labels(device.platform.value, "failed").inc()
        raise
    metrics.PUSHES.labels(device.platform.value, "sent").inc()
    return ""


async def _forget(device: Device, gone: DeviceGone) -> str:
    """The device is forgotten, unless it registered again after its service had given it up."""
    metrics.PUSHES.labels(device.platform.value, "gone").inc()
    if gone.since is not None and device.registered_at > gone.since:
        return f"not sent: {gone}, but it has registered since"
    await forget_device(device)
    return f"the device is forgotten: {gone}"


def _kind(job: Job) -> NoticeKind:
    return NoticeKind(job.payload["kind"])
