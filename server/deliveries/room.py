"""How many jobs a worker does at once, so that one receiver that is slow or away holds up nobody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from server.models import Job
from server.models.enums import JobKind

AT_ONCE = 30
MAIL = "MAIL"
PAYMENT = "PAYMENT"
MOST_OF_A_SORT = {MAIL: 4, PAYMENT: 2, "PUSH": 8, "WEBHOOK": 12, "VIDEO_ROOM": 4}
MOST_OF_A_WEBHOOK = 3
"""A webhook is an address of a stranger's; each has its own lane."""


def sort_of(kind: JobKind) -> str:
    """What shares a way out of the house: all mails go to one mail server."""
    if kind in (JobKind.CHECKOUT_END, JobKind.REFUND):
        return PAYMENT
    return kind.value if kind in (JobKind.PUSH, JobKind.WEBHOOK, JobKind.VIDEO_ROOM) else MAIL


class Room:
    """What is under way, and what there is still room for."""

    def __init__(self, under_way: Iterable[Job]) -> None:
        self._all = 0
        self._sorts: Counter[str] = Counter()
        self._lanes: Counter[str] = Counter()
        for job in under_way:
            self.take(job)

    @property
    def left(self) -> int:
        """How many jobs more there is room for, of whatever sort."""
        return AT_ONCE - self._all

    def take(self, job: Job) -> None:
        """The job has its place."""
        self._all += 1
        self._sorts[sort_of(job.kind)] += 1
        if job.kind is JobKind.WEBHOOK:
            self._lanes[lane_of(job)] += 1

    def has_place_for(self, job: Job) -> bool:
        """Whether the job may begin now."""
        sort = sort_of(job.kind)
        is_full = self._sorts[sort] >= MOST_OF_A_SORT[sort] or self._lanes[lane_of(job)] >= MOST_OF_A_WEBHOOK
        return self.left > 0 and not is_full

    def full_kinds(self) -> list[str]:
        """The kinds of job that there is no room for."""
        full = {sort for sort, number in self._sorts.items() if number >= MOST_OF_A_SORT[sort]}
        return [kind.value for kind in JobKind if sort_of(kind) in full]

    def full_lanes(self) -> list[str]:
        """The lanes that there is no room for, each behind its kind."""
        return [lane for lane, number in self._lanes.items() if number >= MOST_OF_A_WEBHOOK]


def lane_of(job: Job) -> str:
    """A lane as `claim` wants it named."""
    return f"{job.kind.value}:{job.lane}"
