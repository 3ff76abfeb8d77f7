"""What a visitor may know of the meeting they booked."""

from datetime import datetime

import strawberry

from schema.scalars import TimeZone
from schema.types.location import MeetingLocation
from server import ids, settings
from server.booking.manage_link import ManagedBooking
from server.models.enums import MeetingLinkKind


@strawberry.type(description="A meeting as the visitor who booked it may know it.")
class Booking:
    id: strawberry.ID = strawberry.field(description="Opaque; the id of the meeting.")
    starts_at: datetime = strawberry.field(description="When it begins.")
    ends_at: datetime = strawberry.field(description="When it ends.")
    time_zone: TimeZone = strawberry.field(description="The zone in which it was booked.")
    title: str = strawberry.field(description="What it is called.")
    host_names: list[str] = strawberry.field(description="Whom the visitor meets. At most 50.")
    location: MeetingLocation = strawberry.field(description="Where it happens.")
    manage_url: str = strawberry.field(description="Where it can be moved or canceled; for the visitor only.")
    ics_url: str = strawberry.field(description="Where the calendar file is.")
    is_canceled: bool = strawberry.field(description="Whether it was canceled.")
    can_change: bool = strawberry.field(description="Whether it can still be moved or canceled.")


@strawberry.type(description="What is to be paid before a booking stands.")
class Payment:
    token: str = strawberry.field(description="With it `bookingPayment` says what became of it; for the visitor only.")
    checkout_url: str = strawberry.field(description="Where to pay: a page of the payment provider, for a browser.")
    expires_at: datetime = strawberry.field(description="Until when it can be paid, and the slot is kept.")
    amount: int = strawberry.field(description="How much, in the smallest unit of the currency, such as cents.")
    currency: str = strawberry.field(description="The currency, as ISO 4217 writes it.")
    status_url: str = strawberry.field(
        description="The page that says what became of it, and leads to the booking; for the visitor only."
    )


def booking_of(managed: ManagedBooking) -> Booking:
    """The booking behind a manage link, as its visitor may know it."""
    meeting = managed.meeting
    return Booking(
        id=strawberry.ID(ids.public_id("mtg", meeting.id)),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        time_zone=TimeZone(meeting.time_zone),
        title=meeting.title,
        host_names=_host_names(managed),
        location=MeetingLocation(
            kind=meeting.location_kind,
            text=meeting.location_text,
            join_url=meeting.location_join_url,
            provider=meeting.location_provider,
        ),
        manage_url=settings.current().address(f"/b/{managed.token}"),
        ics_url=settings.current().address(f"/b/{managed.token}/invitation.ics"),
        is_canceled=managed.is_canceled,
        can_change=managed.can_change,
    )


def _host_names(managed: ManagedBooking) -> list[str]:
    page = managed.page
    if page is not None and page.link.kind is MeetingLinkKind.GROUP and page.hosts:
        return [host.name for host in page.hosts]
    return [managed.host.name]
