"""Where a visitor goes on to who has booked: the address that the link names, told what it may hear."""

from __future__ import annotations

from datetime import datetime

from server.booking.book import Booking
from server.links.redirect import redirect_of
from server.models import MeetingLink
from server.web.pages.visit import written


def next_site(link: MeetingLink, booking: Booking, *, ends_at: datetime, tz: str) -> str | None:
    """The address after a booking, with the visitor's name, e-mail address, times (UTC) and zone in its query where the
    link says so; None where there is none."""
    said = {
        "firstName": booking.first_name,
        "lastName": booking.last_name,
        "email": booking.email,
        "startsAt": written(booking.starts_at),
        "endsAt": written(ends_at),
        "timeZone": tz,
    }
    return redirect_of(link, {name: text for name, text in said.items() if text})
