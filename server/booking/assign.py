"""Who hosts a slot: asked under the hosts' locks, with what is busy at that moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from server import clock
from server.availability import Member, Page, explain, free_members
from server.availability.gather import Except
from server.booking.errors import SlotTaken
from server.booking.slots import gathered
from server.booking.why_not import is_taken, not_offered
from server.errors import Refused
from server.links.pages import SchedulingPage, with_turns_anew
from server.models import Hold, User
from server.models.enums import MeetingLinkKind
from server.rotation.members import state_from
from server.rotation.pick import pick_with_trace


@dataclass(frozen=True, slots=True)
class Assignment:
    """Whose time a slot takes: the host's, and for a group everybody's. `trace` says how a rotation found the host."""

    host: User
    hosts: tuple[User, ...]
    rotation_id: int | None = None
    trace: list[dict[str, Any]] | None = None


async def assigned(
    page: SchedulingPage,
    starts_at: datetime,
    duration_minutes: int,
    *,
    owner_id: int | None = None,
    hold: Hold | None = None,
    had_hold: bool = False,
    moving: int | None = None,
    keeping: int | None = None,
) -> Assignment:
    """The host of the slot, if the list would offer it now. The caller has locked the page's hosts.

    `owner_id` is the contact's owner, who goes first (rule 18); `moving` a meeting that does not stand in its own way,
    `keeping` its host, who keeps it if free (rule 15). Raises `SlotTaken` when somebody was quicker, `SLOT_NOT_OFFERED`
    or `TIME_IN_PAST` when the time was never on offer."""
    page = await with_turns_anew(page)
    exempt = Except(meeting_id=moving, hold_id=hold.id if hold is not None else None)
    day = starts_at.astimezone(UTC).date()
    rules, members = await gathered(page, start=day, end=day, exempt=exempt)
    start, now = int(starts_at.timestamp()), _asked_at(hold)
    free: tuple[Any, ...] = ()
    # A hold stops the clock for the notice, and not for the start.
    if not starts_at.microsecond and starts_at >= clock.now():
        free = free_members(rules, members, now=now, start=start, duration=duration_minutes)
    if not free:
        raise _refused(rules, members, now, starts_at, duration_minutes, had_hold)
    return _assignment(page, [int(one) for one in free], owner_id=owner_id, keeping=keeping)


def _asked_at(hold: Hold | None) -> int:
    """Whoever keeps a slot asked for it when they began to: the notice cannot run out while they fill in the form."""
    return clock.now_epoch() if hold is None else int(hold.created_at.timestamp())


def _refused(
    rules: Page, members: list[Member], now: int, starts_at: datetime, duration_minutes: int, had_hold: bool
) -> Refused:
    reasons = explain(rules, members, now=now, start=int(starts_at.timestamp()), duration=duration_minutes)
    if starts_at > clock.now() and is_taken(reasons, MeetingLinkKind(str(rules.kind))):
        return SlotTaken((), hold_expired=had_hold)
    return Refused([not_offered(reasons, starts_at)])


def _assignment(page: SchedulingPage, free: list[int], *, owner_id: int | None, keeping: int | None) -> Assignment:
    users = {host.id: host for host in page.hosts}
    if page.link.kind is MeetingLinkKind.ROUND_ROBIN:
        if keeping in free:
            return Assignment(users[keeping], (users[keeping],), page.link.rotation_id)
        trace = pick_with_trace(state_from(page.places), free, owner=owner_id)
        host = users[int(trace.host or free[0])]
        return Assignment(host, (host,), page.link.rotation_id, trace.as_rows())
    host = page.owner if page.owner.id in users else page.hosts[0]
    return Assignment(host, page.hosts)
