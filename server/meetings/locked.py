"""The meeting that a verb is about, locked until the transaction ends.

Whoever locks more than one thing does so in this order, and several of a kind by their numbers, so that no two verbs
ever wait for each other: users, all of them at once (`database.lock_hosts`); links; meetings; payments, places in
rotations, tokens and whatever else hangs on them; and the account's own row last, with `record_change`.

Two rows come before the users all the same. A payment that is not paid yet hangs on no meeting, so nobody comes to it
by way of one: whoever settles it, or keeps its slot for longer, locks it and then the hosts. And a rotation's own row
is locked by nobody but whoever edits it; bookings lock its members, and then their places in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from server import database
from server.accounts import policy
from server.accounts.policy import Around
from server.accounts.viewer import Viewer
from server.errors import ErrorCode, refusal
from server.meetings.errors import Conflict
from server.meetings.occupy import hosts_of
from server.models import Meeting

_NOT_THERE = "There is no such meeting, or it has been deleted."
_OUTCOME = """
SELECT outcome_id, version, host_id, organizer_id FROM meeting WHERE id = $1 AND account_id = $2 AND deleted_at IS NULL
"""
_CANCELED = "This meeting has been canceled. Schedule a new one instead."


async def locked_meeting(
    viewer: Viewer,
    meeting_id: int,
    *,
    expected_version: int | None = None,
    may: Callable[[Viewer, Around], bool] = policy.may_edit_meeting,
    with_hosts: bool = False,
) -> Meeting:
    """The account's meeting, so that nobody else changes it before the transaction ends; if asked, nor what its hosts
    have to do.

    `NOT_FOUND` for a foreign, unknown or deleted one, `FORBIDDEN` for whoever may not change it, `Conflict` if it has
    another version than expected."""
    locking = lock_with_hosts if with_hosts else lock
    meeting = await locking(meeting_id, account_id=viewer.account_id)
    if meeting is None or meeting.deleted_at is not None:
        raise refusal(ErrorCode.NOT_FOUND, _NOT_THERE, "meeting")
    around = Around(account_id=meeting.account_id, host_id=meeting.host_id, organizer_id=meeting.organizer_id)
    _require(may(viewer, around), meeting_id, meeting.version, expected_version)
    return meeting


async def locked_outcome(viewer: Viewer, meeting_id: int, *, expected_version: int | None = None) -> int:
    """The number of the meeting's outcome, so that nobody else changes it before the transaction ends. Refuses as
    `locked_meeting` does; it reads what recording an outcome has to know, which is a tenth of the row."""
    is_postgresql = database.dialect() == "postgresql"
    sql = f"{_OUTCOME} FOR NO KEY UPDATE" if is_postgresql else _OUTCOME
    row = await database.fetch_one(sql, meeting_id, viewer.account_id)
    if row is None:
        raise refusal(ErrorCode.NOT_FOUND, _NOT_THERE, "meeting")
    outcome_id, version, host_id, organizer_id = row
    around = Around(account_id=viewer.account_id, host_id=host_id, organizer_id=organizer_id)
    _require(policy.may_record_outcome(viewer, around), meeting_id, version, expected_version)
    return int(outcome_id)


def _require(is_allowed: bool, meeting_id: int, version: int, expected_version: int | None) -> None:
    if not is_allowed:
        message = "Only the host, the organizer or an administrator may change this meeting. Please ask one of them."
        raise refusal(ErrorCode.FORBIDDEN, message, "meeting")
    if expected_version is not None and version != expected_version:
        raise Conflict(meeting_id)


async def lock(meeting_id: int, *, account_id: int) -> Meeting | None:
    """The meeting's row, as it is once everybody else has let go of it; nobody waits for a foreign one."""
    return await Meeting.filter(id=meeting_id, account_id=account_id).select_for_update(no_key=True).get_or_none()


async def lock_with_hosts(
    meeting_id: int, *, account_id: int, beside: Iterable[int] = (), field: str = "expectedVersion"
) -> Meeting | None:
    """The same row, once its hosts and the users `beside` them, who are active, are locked; users come before meetings
    everywhere.

    `Conflict`, about that `field` of the input, if it was handed over to somebody else at that very moment, or one of
    those beside was put out."""
    others = set(beside)
    seen = await Meeting.get_or_none(id=meeting_id, account_id=account_id)
    hosts = others.union(await hosts_of(seen) if seen is not None else ())
    active = await database.lock_hosts(hosts)
    meeting = await lock(meeting_id, account_id=account_id)
    if meeting is not None and not (others <= active and hosts.issuperset(await hosts_of(meeting))):
        raise Conflict(meeting.id, field=field)
    return meeting


def require_standing(meeting: Meeting) -> None:
    """`Conflict` for a meeting that was canceled."""
    if meeting.canceled_at is not None:
        raise Conflict(meeting.id, _CANCELED)
