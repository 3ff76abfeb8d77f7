"""The addresses that stand in mails and invitations, all of them under the public address or the account's own CRM."""

from urllib.parse import quote

from server import ids, settings
from server.booking.manage_link import manage_token_of
from server.meetings.facts import MeetingFacts


def meeting_address(facts: MeetingFacts) -> str:
    """The meeting's own page, where it can be moved or canceled."""
    return settings.current().address(f"/b/{manage_token_of(facts.meeting)}")


def event_address(facts: MeetingFacts) -> str:
    """The meeting as an entry of the host's built-in calendar, to be opened by any calendar program (S1-33)."""
    return f"{meeting_address(facts)}/invite.ics"


def contact_address(facts: MeetingFacts) -> str:
    """The contact in the account's CRM, if there is a template for that; the meeting's own page otherwise (S1-33)."""
    template = settings.current().record_url
    if not template or facts.contact is None:
        return meeting_address(facts)
    return template.replace("{id}", quote(ids.public_id("con", facts.contact.id), safe=""))


def book_again_address(facts: MeetingFacts) -> str | None:
    """The scheduling page the meeting was booked on, if that still takes bookings."""
    if facts.link is None or not facts.link.is_active:
        return None
    return settings.current().address(f"/m/{facts.link.slug}")
