"""Some free times of a page, put into a mail for somebody to choose from (S1-06)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from server import clock
from server.accounts.viewer import Viewer
from server.availability import explain
from server.booking.slots import asked_duration, gathered, last_day
from server.booking.tracking import Tracking
from server.booking.why_not import not_offered
from server.checks import valid_time_zone
from server.complaints import Complaints
from server.errors import ErrorCode
from server.links.pages import SchedulingPage
from server.sharing.addresses import tracking_query
from server.sharing.channels import ShareChannel, with_channel
from server.sharing.open_page import language_for, open_page
from server.sharing.proposal_mail import ProposedTimes, Writing, proposed_times

MOST_TIMES = 20


@dataclass(frozen=True, slots=True)
class Proposal:
    """Starts to be proposed, with offsets. Without a duration the page's first one is meant, without a zone, and on a
    page that shows no other, the page's; without a language the page's or its owner's."""

    starts_at: tuple[datetime, ...]
    duration_minutes: int | None = None
    time_zone: str | None = None
    locale: str | None = None
    tracking: Tracking = field(default_factory=Tracking)


async def propose_times(viewer: Viewer, link_id: int, proposal: Proposal) -> ProposedTimes:
    """Every time is offered at this moment and can be put into a mail; it is not kept free. Nothing is written.

    `NOT_FOUND`, `LINK_INACTIVE`, or all at once: `SLOT_NOT_OFFERED` and `TIME_IN_PAST` with the number of the time,
    `TIME_RANGE_INVALID` for too many or none, `TIME_ZONE_INVALID`, `SETTING_INVALID` for a language."""
    page = await open_page(viewer, link_id)
    found = Complaints()
    writing = _writing(page, proposal, found)
    if not 1 <= len(proposal.starts_at) <= MOST_TIMES:
        found.add(ErrorCode.TIME_RANGE_INVALID, f"Please propose 1 to {MOST_TIMES} times.", "startsAt")
    found.refuse_if_any()
    await _check_offered(page, proposal.starts_at, writing.duration_minutes, found)
    found.refuse_if_any()
    return proposed_times(sorted({one.astimezone(UTC) for one in proposal.starts_at}), writing)


def _writing(page: SchedulingPage, proposal: Proposal, found: Complaints) -> Writing:
    wanted = found.ask(valid_time_zone, proposal.time_zone, "timeZone") if proposal.time_zone else None
    tz = page.tz if wanted is None or page.link.locks_time_zone else wanted
    locale = found.ask(language_for, page, proposal.locale) or ""
    tracking = with_channel(proposal.tracking, ShareChannel.EMAIL)
    carried = {"tz": tz, "lang": locale if proposal.locale else "", **tracking_query(tracking)}
    return Writing(page, asked_duration(page, proposal.duration_minutes), tz, locale, carried)


async def _check_offered(page: SchedulingPage, starts_at: Sequence[datetime], duration: int, found: Complaints) -> None:
    """A complaint about each time that the page does not offer; what is busy is read once for all of them."""
    first, last = _days_of(page, starts_at)
    rules, members = await gathered(page, start=first, end=last)
    for index, start in enumerate(starts_at):
        begins = int(start.timestamp())
        reasons = explain(rules, members, now=clock.now_epoch(), start=begins, duration=duration)
        if reasons:
            complaint = not_offered(reasons, start)
            path = ("startsAt", str(index)) if complaint.path == ("startsAt",) else complaint.path
            found.add(complaint.code, complaint.message, *path)


def _days_of(page: SchedulingPage, starts_at: Sequence[datetime]) -> tuple[date, date]:
    """The days of those times that may be within the page's window; of the others nobody need know what is busy."""
    today = clock.now().date()
    last = last_day(page, today) + timedelta(days=1)
    days = [one.astimezone(UTC).date() for one in starts_at]
    near = [one for one in days if today <= one <= last]
    return (min(near), max(near)) if near else (today, today)
