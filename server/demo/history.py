"""What has happened at Fernhill so far, as a change log without a gap, and the counts that follow from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from server.demo.diary import SCHEDULED, Entry
from server.demo.meetings import REASON, Company
from server.models import Account, Change, Contact, Meeting, MeetingLink, RotationMember
from server.models.enums import ChangeKind


async def make_changes(company: Company, entries: Sequence[Entry], meetings: Sequence[Meeting]) -> None:
    """Every fact of the diary, numbered from 1 in the order in which it happened."""
    pairs = zip(entries, meetings, strict=True)
    facts = [fact for entry, meeting in pairs for fact in _facts(entry, meeting)]
    facts.sort(key=lambda fact: (fact.occurred_at, fact.meeting_id))
    for number, fact in enumerate(facts, start=1):
        fact.number = number
    await Change.bulk_create(facts)
    await Account.filter(id=company.account.id).update(last_change_number=len(facts), data_version=len(facts))


async def count_bookings(company: Company, entries: Sequence[Entry]) -> None:
    """Every link and every member of the rotation has as many meetings as stand in the diary."""
    booked = [entry for entry in entries if entry.page]
    for slug, number in Counter(entry.page for entry in booked if entry.page).items():
        await MeetingLink.filter(id=company.links[slug].id).update(booking_count=number)
    by_agreement = sorted(booked, key=lambda entry: (entry.agreed_at, entry.starts_at))
    shared = [entry for entry in by_agreement if company.links[str(entry.page)].rotation_id is not None]
    for number, entry in enumerate(shared, start=1):
        rotation_id = company.links[str(entry.page)].rotation_id
        place = await RotationMember.get(rotation_id=rotation_id, user_id=company.users[entry.hosts[0]].id)
        place.assigned, place.last_assigned = place.assigned + 1, number
        await place.save(update_fields=["assigned", "last_assigned"])
    for entry in by_agreement:
        await Contact.filter(id=company.contacts[entry.contact].id).update(last_booked_at=entry.agreed_at)


def _facts(entry: Entry, meeting: Meeting) -> Iterator[Change]:
    organizer = f"user:{meeting.organizer_id}"
    begins, ends = meeting.starts_at.isoformat(), meeting.ends_at.isoformat()
    first = {"host_id": meeting.host_id, "starts_at": begins, "ends_at": ends}
    if entry.moved_from is not None:
        first |= _times(entry.moved_from, entry)
    if entry.page:
        booked = {"link_id": meeting.link_id, **first}
        yield _fact(meeting, ChangeKind.MEETING_BOOKED, entry.agreed_at, "visitor", booked)
    else:
        yield _fact(meeting, ChangeKind.MEETING_SCHEDULED, entry.agreed_at, organizer, first)
    if entry.moved_from is not None:
        was = _times(entry.moved_from, entry)
        moved = {
            "previous_starts_at": was["starts_at"],
            "previous_ends_at": was["ends_at"],
            "starts_at": begins,
            "ends_at": ends,
        }
        yield _fact(meeting, ChangeKind.MEETING_MOVED, entry.agreed_at + timedelta(minutes=2), organizer, moved)
    if entry.canceled_at is not None:
        canceled = {"starts_at": begins, "reason": REASON}
        yield _fact(meeting, ChangeKind.MEETING_CANCELED, entry.canceled_at, "visitor", canceled)
    elif entry.outcome != SCHEDULED:
        recorded = {"previous": SCHEDULED, "outcome": entry.outcome}
        after = meeting.ends_at + timedelta(minutes=6)
        yield _fact(meeting, ChangeKind.OUTCOME_RECORDED, after, f"user:{meeting.host_id}", recorded)


def _times(starts_at: datetime, entry: Entry) -> dict[str, str]:
    return {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + (entry.ends_at - entry.starts_at)).isoformat()}


def _fact(meeting: Meeting, kind: ChangeKind, at: datetime, actor: str, data: Mapping[str, object]) -> Change:
    return Change(
        account_id=meeting.account_id, kind=kind, meeting_id=meeting.id, occurred_at=at, actor=actor, data=dict(data)
    )
