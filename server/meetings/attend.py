"""Who is expected, once the meeting stands."""

from __future__ import annotations

from collections.abc import Sequence

from server.meetings.associations import Tie, tie
from server.meetings.expected import Person, attendee_of
from server.meetings.occupy import hosts_of
from server.models import Attendee, Meeting


async def replace_attendees(meeting: Meeting, people: Sequence[Person]) -> bool:
    """Hosts and these people are expected, nobody else; whoever was expected before keeps their reply. Whether anybody
    came or went. The meeting's contact is the first contact among them."""
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
    return bool(gone or fresh or is_other_contact)
