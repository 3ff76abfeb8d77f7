"""When colleagues are free, for whoever schedules; what they do then is told only to those who may know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from server import clock, database
from server.accounts import policy
from server.accounts.policy import Around
from server.accounts.viewer import Viewer
from server.availability.gather import LONGEST_BUSY, hours_of
from server.availability.hours import hours
from server.availability.intervals import merged, without
from server.database.placeholders import placeholders
from server.errors import ErrorCode, refusal
from server.models import Attendee, User, VideoAccount
from server.models.enums import LocationKind

MOST_HOSTS = 50
LONGEST_ASKED = timedelta(days=62)
BUSY = "Busy"

_BLOCKS = """
    SELECT b.host_id, b.starts, b.ends, b.meeting_id, m.title, m.host_id, m.organizer_id, c.owner_id
    FROM busy_span b
    LEFT JOIN hold h ON h.id = b.hold_id
    LEFT JOIN meeting m ON m.id = b.meeting_id
    LEFT JOIN contact c ON c.id = m.contact_id
    WHERE b.host_id IN ({hosts}) AND b.starts >= $1 AND b.starts < $2 AND b.ends > $3
      AND (b.hold_id IS NULL OR (h.released_at IS NULL AND h.expires_at > $4))
    ORDER BY b.host_id, b.starts, b.ends, b.id
"""


@dataclass(frozen=True, slots=True)
class Block:
    """A span of one host's time. `title` says what it is taken by, "Busy" for whoever may not know; empty if free."""

    starts_at: datetime
    ends_at: datetime
    title: str = ""
    meeting_id: int | None = None


@dataclass(frozen=True, slots=True)
class HostAvailability:
    """One host between two instants: `free` is the time inside their hours that nothing takes, `busy` what does.
    `location_kinds` are those that a meeting of theirs can have (S2-47)."""

    host_id: int
    location_kinds: tuple[LocationKind, ...]
    free: tuple[Block, ...]
    busy: tuple[Block, ...]


async def host_availability(
    viewer: Viewer, host_ids: Sequence[int], starts_at: datetime, ends_at: datetime
) -> list[HostAvailability]:
    """The free and busy time of these colleagues, in the order asked (S2-34, S2-44). Their meetings have a title for
    whoever may see it and are "Busy" for everybody else; entries of their own calendars are always "Busy" (S2-53).

    `NOT_FOUND` for foreign or unknown hosts or more than 50 of them, `TIME_RANGE_INVALID` for more than 62 days."""
    if not timedelta() < ends_at - starts_at <= LONGEST_ASKED:
        message = f"Ask for at most {LONGEST_ASKED.days} days, the end after the start."
        raise refusal(ErrorCode.TIME_RANGE_INVALID, message, "to")
    wanted = list(dict.fromkeys(host_ids))
    few = wanted[: MOST_HOSTS + 1]
    hosts = {user.id: user for user in await User.filter(id__in=few, account_id=viewer.account_id)}
    if len(hosts) < len(wanted) or len(wanted) > MOST_HOSTS:
        raise refusal(ErrorCode.NOT_FOUND, f"Please choose at most {MOST_HOSTS} colleagues of yours.", "hosts")
    busy = await _busy_blocks(viewer, wanted, starts_at, ends_at)
    with_video = {one.user_id for one in await VideoAccount.filter(user_id__in=wanted)}
    return [
        HostAvailability(
            one, _kinds(one in with_video), _free(hosts[one], busy[one], starts_at, ends_at), tuple(busy[one])
        )
        for one in wanted
    ]


def _kinds(has_video: bool) -> tuple[LocationKind, ...]:
    return tuple(kind for kind in LocationKind if has_video or kind is not LocationKind.VIDEO)


async def _busy_blocks(
    viewer: Viewer, host_ids: list[int], starts_at: datetime, ends_at: datetime
) -> dict[int, list[Block]]:
    blocks: dict[int, list[Block]] = defaultdict(list)
    if not host_ids:
        return blocks
    first, last = int(starts_at.timestamp()), int(ends_at.timestamp())
    reach = first - int(LONGEST_BUSY.total_seconds())
    sql = _BLOCKS.format(hosts=placeholders(host_ids, after=4))
    rows = await database.fetch(sql, reach, last, first, clock.now_epoch(), *host_ids)
    attending = await _attending(viewer, [int(row[3]) for row in rows if row[3] is not None])
    for host, starts, ends, meeting, title, meeting_host, organizer, contact_owner in rows:
        shown = BUSY
        if meeting is not None:
            users = (viewer.user_id,) if meeting in attending and viewer.user_id is not None else ()
            around = Around(viewer.account_id, meeting_host, organizer, users, contact_owner)
            shown = title if policy.may_see_title(viewer, around) else BUSY
        known = meeting if shown is not BUSY else None
        blocks[int(host)].append(Block(_instant(starts), _instant(ends), shown, known))
    return blocks


async def _attending(viewer: Viewer, meeting_ids: list[int]) -> set[int]:
    """Those of the meetings which the viewer attends."""
    if viewer.user_id is None or not meeting_ids:
        return set()
    return {one.meeting_id for one in await Attendee.filter(user_id=viewer.user_id, meeting_id__in=meeting_ids)}


def _free(host: User, busy: list[Block], starts_at: datetime, ends_at: datetime) -> tuple[Block, ...]:
    start, end = int(starts_at.timestamp()), int(ends_at.timestamp())
    taken = merged((int(block.starts_at.timestamp()), int(block.ends_at.timestamp())) for block in busy)
    free = without(hours(hours_of(host), start, end), taken)
    return tuple(Block(_instant(first), _instant(last)) for first, last in free)


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
