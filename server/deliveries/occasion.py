"""Why a mail about a meeting is sent, as the verb that caused it wrote it into the job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from server.meetings.facts import MeetingFacts
from server.models import Job
from server.models.enums import MeetingSource

KINDS = ("booked", "invited", "moved", "canceled", "changed", "gone")


@dataclass(frozen=True, slots=True)
class Occasion:
    """`kind` is one of `KINDS`. `sequence` is the iCalendar SEQUENCE of this occasion, which a mail that waited keeps
    although the meeting went on. `was_starts_at` and `was_ends_at` are the old time of a meeting that has moved, or the
    one that somebody knew who is gone."""

    kind: str
    sequence: int
    was_starts_at: datetime | None = None
    was_ends_at: datetime | None = None


def occasion_of(job: Job, facts: MeetingFacts) -> Occasion:
    """The occasion in the job's payload: `{"kind", "sequence", "was_starts_at", "was_ends_at"}`, instants as epoch
    seconds, all optional. A meeting that nobody booked through a link is one that its attendees are invited to."""
    kind = str(job.payload.get("kind", "booked"))
    if kind not in KINDS:
        raise ValueError(f"job {job.id}: no mail is written for {kind!r}, only for {', '.join(KINDS)}")
    if kind == "booked" and facts.meeting.source is not MeetingSource.MEETING_LINK:
        kind = "invited"
    starts_at, ends_at = (_instant(job.payload.get(name)) for name in ("was_starts_at", "was_ends_at"))
    if starts_at is not None and ends_at is None:
        ends_at = starts_at + (facts.meeting.ends_at - facts.meeting.starts_at)
    return Occasion(kind, int(job.payload.get("sequence", facts.meeting.ical_sequence)), starts_at, ends_at)


def _instant(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None
