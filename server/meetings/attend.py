"""Who is expected, once the meeting stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.meetings.associations import Tie, tie
from server.meetings.expected import Person, attendee_of
from server.meetings.mails import Gone
from server.meetings.occupy import hosts_of
from server.models import Attendee, Contact, Meeting, User
from server.models.enums import AttendeeKind, MeetingSource, Reply


@dataclass(frozen=True, slots=True)
class Turnover:
    """Whether anybody came or went, and who went and has to be told."""

    is_any: bool
    gone: tuple[Gone, ...]


async def replace_attendees(meeting: Meeting, people: Sequence[Person]) -> Turnover:
    """Hosts and these people are expected, nobody else; whoever was expected before keeps their reply. Who came and
    went. The meeting's contact is the first contact among them."""
    hosts = set(await hosts_of(meeting))
    there = {one.email: one for one in await Attendee.filter(meeting_id=meeting.id)}
    wanted = {person.email for person in people}
    gone = [one for one in there.values() if one.email not in wanted and one.user_id not in hosts]
    fresh = [person for person in people if person.email not in there]
    await Attendee.filter(id__in=[one.id for one in gone]).delete()
    await Attendee.bulk_create(attendee_of(meeting, person) for person in fresh)
    await tie(meeting, [Tie(contact_id=person.contact.id) for person in people if person.contact is not None])
    contact_id = next((person.contact.id for person in people if person.contact is not None), None)
    is_other_contact = contact_id != meeting.contact_id
    meeting.contact_id = contact_id
    await meeting.save(update_fields=["contact_id"])
    still_there = {user.email for user in await User.filter(id__in=hosts)}
    told = [await _gone(meeting, one) for one in gone if one.email not in still_there]
    return Turnover(bool(gone or fresh or is_other_contact), tuple(told))


async def expect_host(meeting: Meeting, host: User) -> None:
    """A user who hosts the meeting is expected once, and has said yes by hosting it."""
    await Attendee.filter(meeting_id=meeting.id, email=host.email, kind=AttendeeKind.GUEST).delete()
    there = Attendee.filter(meeting_id=meeting.id, email=host.email)
    if await there.exists():
        await there.filter(user_id=host.id).update(reply=Reply.ACCEPTED)
        return
    await Attendee.create(
        account_id=meeting.account_id,
        meeting_id=meeting.id,
        kind=AttendeeKind.USER,
        user_id=host.id,
        name=host.name,
        email=host.email,
        reply=Reply.ACCEPTED,
    )


async def _gone(meeting: Meeting, attendee: Attendee) -> Gone:
    """Colleagues and contacts are written to as they live; whoever booked, and guests, as the meeting says."""
    if attendee.user_id is not None and (colleague := await User.get_or_none(id=attendee.user_id)) is not None:
        return Gone(attendee.email, attendee.name, colleague.time_zone, colleague.locale)
    contact = None
    if attendee.kind is AttendeeKind.CONTACT and meeting.source is not MeetingSource.MEETING_LINK:
        contact = await Contact.get_or_none(id=attendee.contact_id)
    if contact is None:
        return Gone(attendee.email, attendee.name)
    return Gone(attendee.email, attendee.name, contact.time_zone, contact.locale)
