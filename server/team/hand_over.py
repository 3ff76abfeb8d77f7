"""All that somebody still has to do is a colleague's from now on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from tortoise.expressions import Q

from server import clock, database
from server.accounts import policy
from server.accounts.viewer import Viewer
from server.errors import ErrorCode, Refused, refusal
from server.meetings.hand_over import give_to_host, hand_over, leave_place, tell_of_other_people
from server.meetings.mails import Gone, tell_gone
from server.models import BusySpan, CalendarAccount, Meeting, RotationMember, User
from server.models.enums import BusySource
from server.repeats import kept_or

MOST_AT_ONCE = 500
"""So many meetings are handed over in one transaction; for more one asks again."""


@dataclass(frozen=True, slots=True)
class Done:
    """How many meetings have another host or organizer, how many there are still to hand over, and at which of them
    something else is in the new host's way."""

    count: int
    left: int
    overlapping: tuple[int, ...]


async def hand_over_meetings(viewer: Viewer, from_id: int, to_id: int, *, idempotency_key: str | None = None) -> Done:
    """The meetings of the one that have not ended are the other's: at most `MOST_AT_ONCE` of them, the next first.

    `NOT_FOUND`, `FORBIDDEN` for a colleague's unless an administrator asks, `SEAT_REQUIRED` and
    `CALENDAR_NOT_CONNECTED` of the one who takes over, `CONFLICT` if both are the same."""
    asked = {"from": from_id, "to": to_id}
    run = partial(_hand_over, viewer, from_id, to_id)
    return await done_once("handOverMeetings", viewer, key=idempotency_key, input=asked, run=run)


async def done_once(
    verb: str, viewer: Viewer, *, key: str | None, input: Mapping[str, Any], run: Callable[[], Awaitable[Done]]
) -> Done:
    """What the verb does in one transaction, or did when it was asked under this key before."""

    async def kept() -> dict[str, Any]:
        return asdict(await run())

    found = await kept_or(verb, account_id=viewer.account_id, scope=viewer.actor, key=key, input=input, run=kept)
    return Done(int(found["count"]), int(found["left"]), tuple(found["overlapping"]))


async def _hand_over(viewer: Viewer, from_id: int, to_id: int) -> Done:
    former = await User.get_or_none(id=from_id, account_id=viewer.account_id)
    if former is None:
        raise _no_colleague("from")
    if not policy.may_edit_profile(viewer, viewer.account_id, user_id=former.id):
        message = "Only they themselves or an administrator may hand over meetings. Please ask one of them."
        raise refusal(ErrorCode.FORBIDDEN, message, "from")
    to = await successor(former, to_id, "to")
    if to.id not in await database.lock_hosts([former.id, to.id]):
        raise _no_colleague("to")
    return await pass_on(former, to, actor=viewer.actor)


async def successor(former: User, user_id: int, *path: str) -> User:
    """Whoever takes over: an active colleague with a seat and a calendar."""
    user = await User.get_or_none(id=user_id, account_id=former.account_id, is_active=True)
    if user is None:
        raise _no_colleague(*path)
    if user.id == former.id:
        raise refusal(ErrorCode.CONFLICT, "These meetings are theirs already. Please choose somebody else.", *path)
    if not user.has_seat:
        message = f"{user.name} has no seat, so they cannot host. Please choose somebody else, or assign one."
        raise refusal(ErrorCode.SEAT_REQUIRED, message, *path)
    if not await CalendarAccount.exists(user_id=user.id):
        message = f"{user.name} has no calendar connected. Please choose somebody else."
        raise refusal(ErrorCode.CALENDAR_NOT_CONNECTED, message, *path)
    return user


def _no_colleague(*path: str) -> Refused:
    return refusal(ErrorCode.NOT_FOUND, "There is no such colleague. Please choose one from the list.", *path)


async def pass_on(former: User, to: User | None, *, actor: str) -> Done:
    """Inside a transaction that has locked both users: what `hand_over_meetings` says. Without a successor the user
    takes part no more in what others host, and hosts nothing."""
    users = [former.id] if to is None else [former.id, to.id]
    meetings = await _to_come(former)
    # Before the first change is recorded: from there on the account's row is locked.
    await RotationMember.filter(user_id__in=users).order_by("id").select_for_update(no_key=True)
    overlapping = []
    for meeting in meetings[:MOST_AT_ONCE]:
        if await _pass_on(meeting, former, to, actor):
            overlapping.append(meeting.id)
    done = min(len(meetings), MOST_AT_ONCE)
    return Done(done, len(meetings) - done, tuple(overlapping))


async def _pass_on(meeting: Meeting, former: User, to: User | None, actor: str) -> bool:
    """Whether something else is in the way of whoever takes over."""
    if meeting.host_id == former.id and to is not None:
        return (await hand_over(meeting, former, to, actor=actor)).is_overlapping
    organizer, left = meeting.organizer_id, await leave_place(meeting, former, to)
    if organizer == former.id:
        await give_to_host(meeting, former, actor=actor)
    else:
        await tell_of_other_people(meeting, actor=actor)
    if left.was_expected:
        was = meeting.starts_at, meeting.ends_at
        await tell_gone(meeting, [Gone.of(former)], was=was, organizer_id=organizer)
    return left.is_overlapping


async def _to_come(former: User) -> Sequence[Meeting]:
    """The meetings that the user hosts, alone or with others, or organizes, and that have not ended; locked, and the
    next first."""
    together = await BusySpan.filter(
        host_id=former.id, source=BusySource.MEETING, ends__gt=clock.now_epoch(), meeting_id__not_isnull=True
    ).values_list("meeting_id", flat=True)
    theirs = Q(host_id=former.id) | Q(organizer_id=former.id) | Q(id__in=list(together) or [0])
    found = Meeting.filter(theirs, account_id=former.account_id, canceled_at=None, deleted_at=None)
    locked = await found.filter(ends_at__gt=clock.now()).order_by("id").select_for_update(no_key=True)
    return sorted(locked, key=lambda meeting: meeting.starts_at)
