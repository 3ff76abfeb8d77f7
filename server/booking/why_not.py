"""Why a time is refused, as codes and sentences that say what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from server import clock
from server.availability import Reason, ReasonCode
from server.errors import Complaint, ErrorCode
from server.models.enums import MeetingLinkKind

TAKEN = frozenset({ReasonCode.BUSY, ReasonCode.BUFFER, ReasonCode.HELD, ReasonCode.DAILY_LIMIT})
"""The reasons that come from somebody having been quicker; without them the time would have been offered."""

SENTENCES = {
    ReasonCode.OFF_GRID: "meetings on this page do not start at this minute",
    ReasonCode.OUTSIDE_HOURS: "it is outside the host's hours",
    ReasonCode.DAY_OVERRIDDEN: "the host has other hours on this day",
    ReasonCode.BUSY: "the host is busy",
    ReasonCode.BUFFER: "it is too close to another meeting of the host",
    ReasonCode.NOTICE: "it is too soon",
    ReasonCode.WINDOW: "it is outside the dates that this page offers",
    ReasonCode.DAILY_LIMIT: "the day is full",
    ReasonCode.DURATION_NOT_OFFERED: "this page does not offer meetings of this length",
    ReasonCode.HELD: "someone else is about to book it",
    ReasonCode.MEMBER_INACTIVE: "nobody is there to host it",
    ReasonCode.CALENDAR_UNREACHABLE: "the host's calendar cannot be reached at the moment",
    ReasonCode.LINK_INACTIVE: "this page takes no bookings at the moment",
}
"""Each reason as part of a sentence; of a host's other business no more than that they are busy."""


def is_taken(reasons: Sequence[Reason], kind: MeetingLinkKind) -> bool:
    """Whether the time would be free if nobody had been quicker: on a ROUND_ROBIN page for one host at least, on the
    others for all of them."""
    if any(one.member is None and one.code not in TAKEN for one in reasons):
        return False
    against: dict[object, set[ReasonCode]] = {}
    for one in reasons:
        against.setdefault(one.member, set()).add(one.code)
    enough = any if kind is MeetingLinkKind.ROUND_ROBIN else all
    return bool(against) and enough(codes <= TAKEN for codes in against.values())


def not_offered(reasons: Sequence[Reason], starts_at: datetime) -> Complaint:
    """The one complaint about a time that was never on offer: `TIME_IN_PAST`, or `SLOT_NOT_OFFERED` and why."""
    if starts_at <= clock.now():
        return Complaint(ErrorCode.TIME_IN_PAST, "This time has passed. Please choose a later one.", ("startsAt",))
    codes = list(dict.fromkeys(one.code for one in reasons)) or [ReasonCode.OFF_GRID]
    why = "; ".join(SENTENCES[code] for code in codes)
    path = ("durationMinutes",) if codes == [ReasonCode.DURATION_NOT_OFFERED] else ("startsAt",)
    message = f"This time cannot be booked: {why}. Please choose one of the times that the page offers."
    return Complaint(ErrorCode.SLOT_NOT_OFFERED, message, path)
