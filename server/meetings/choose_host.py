"""Who hosts a meeting that a user puts in: themselves, a colleague, or whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server import database
from server.accounts import policy
from server.accounts.viewer import Viewer
from server.errors import ErrorCode, Refused, refusal
from server.meetings.busy import busy_hosts
from server.models import CalendarAccount, Rotation, User
from server.rotation.members import rotation_state
from server.rotation.pick import Standing, Trace, pick_with_trace


@dataclass(frozen=True, slots=True)
class Chosen:
    """The host, whether something else of theirs is in the way, and how a rotation came to name them."""

    host: User
    is_busy: bool
    rotation_id: int | None = None
    trace: list[dict[str, Any]] | None = None


async def suggested_host(account_id: int, rotation_id: int, starts_at: datetime, ends_at: datetime) -> Trace:
    """Whose turn it is among the members who are free then: fewest meetings, then least recently scheduled (S2-45).
    Nothing is counted. `NOT_FOUND` for a rotation that is foreign, unknown or deleted."""
    await _require_rotation(account_id, rotation_id)
    state = await rotation_state(rotation_id)
    there = [int(turn.id) for turn in state.turns if turn.takes_turns]
    active = {user.id for user in await User.filter(id__in=there, is_active=True)}
    busy = await busy_hosts(sorted(active), starts_at, ends_at)
    return pick_with_trace(state, active - busy)


async def chosen_host(
    viewer: Viewer, *, host_id: int | None, rotation_id: int | None, starts_at: datetime, ends_at: datetime
) -> Chosen:
    """The host: whoever is named (S2-46), else whose turn it is, else the viewer; locked until the transaction ends.

    `NOT_FOUND`, `HOST_BUSY` when no member of the rotation is free, `SEAT_REQUIRED`, `CALENDAR_NOT_CONNECTED`."""
    members: list[int] = []
    if rotation_id is not None:
        await _require_rotation(viewer.account_id, rotation_id)
        members = [int(turn.id) for turn in (await rotation_state(rotation_id)).turns]
    is_named = host_id is not None or rotation_id is None
    named = await _colleague(viewer, viewer.user_id if host_id is None else host_id) if is_named else None
    active = await database.lock_hosts([*members, *([named.id] if named is not None else [])])
    if named is not None and named.id not in active:
        raise _no_colleague()
    trace = None
    if rotation_id is not None:
        trace = await suggested_host(viewer.account_id, rotation_id, starts_at, ends_at)
        if named is None and trace.host is None:
            message = "Nobody in this rotation is free at that time. Please choose another time, or a host by name."
            raise refusal(ErrorCode.HOST_BUSY, message, "rotation")
    host = named or await _colleague(viewer, int(trace.host) if trace and trace.host else None)
    await require_bookable(viewer, host)
    is_busy = host.id in await busy_hosts([host.id], starts_at, ends_at)
    return Chosen(host, is_busy, rotation_id, _overridden(trace, host.id) if trace is not None else None)


async def _colleague(viewer: Viewer, user_id: int | None) -> User:
    host = await User.get_or_none(id=user_id, account_id=viewer.account_id, is_active=True) if user_id else None
    if host is None:
        raise _no_colleague()
    return host


def _no_colleague() -> Refused:
    return refusal(ErrorCode.NOT_FOUND, "There is no such colleague. Please choose a host from the list.", "host")


async def require_bookable(viewer: Viewer, host: User) -> None:
    """On behalf of a colleague both need a seat (S2-03, S2-42): `SEAT_REQUIRED`. The host needs a connected calendar,
    on behalf one that syncs: `CALENDAR_NOT_CONNECTED` (S2-29)."""
    on_behalf = host.id != viewer.user_id
    if on_behalf and policy.needs_seat(viewer, host_has_seat=host.has_seat):
        message = "To schedule for a colleague, both of you need a seat. Please ask an administrator to assign it."
        raise refusal(ErrorCode.SEAT_REQUIRED, message, "host")
    calendars = await CalendarAccount.filter(user_id=host.id)
    if not calendars:
        message = f"{host.name} has no calendar connected. Connect one under Settings > Calendars, then try again."
        raise refusal(ErrorCode.CALENDAR_NOT_CONNECTED, message, "host")
    if on_behalf and not any(calendar.syncs for calendar in calendars):
        message = f"{host.name} has calendar sync turned off. Please ask them to turn it on, then try again."
        raise refusal(ErrorCode.CALENDAR_NOT_CONNECTED, message, "host")


async def _require_rotation(account_id: int, rotation_id: int) -> None:
    if not await Rotation.exists(id=rotation_id, account_id=account_id, deleted_at__isnull=True):
        raise refusal(ErrorCode.NOT_FOUND, "There is no such rotation. Please choose one from the list.", "rotation")


def _overridden(trace: Trace, host_id: int) -> list[dict[str, Any]]:
    """The trace as it is kept; where somebody was named by hand, it says so beside the counts."""
    rows = trace.as_rows()
    if trace.host == host_id:
        return rows
    return [{**row, "standing": Standing.CHOSEN.value if row["id"] == host_id else _passed_over(row)} for row in rows]


def _passed_over(row: dict[str, Any]) -> Any:
    return Standing.BEHIND.value if row["standing"] in (Standing.PICKED, Standing.OWNER) else row["standing"]
