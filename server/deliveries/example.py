"""A meeting that nobody has, for whoever wants to see a mail before there is one to show. Nothing of it is stored."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from server.booking.book import Booking
from server.links.pages import SchedulingPage
from server.meetings.facts import MeetingFacts
from server.models import Account, Attendee, Contact, Meeting, MeetingLink, Outcome, Payment, User
from server.models.enums import AttendeeKind, LocationKind, MeetingLinkKind, MeetingSource, Reply
from server.sharing.proposal_mail import ProposedTimes, Writing, proposed_times

_MADE_AT = datetime(2026, 11, 16, 8, 15, tzinfo=UTC)
_STARTS_AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
_ENDS_AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
_UID = "example@parley"


def example_facts(account: Account | None = None, host: User | None = None) -> MeetingFacts:
    """A walkthrough of 30 minutes that Marek in Warsaw booked with Ines in Lisbon, or with `host` of `account`."""
    company = account or _company()
    ines = host or User(
        id=0, account_id=0, name="Ines Almeida", email="ines@fernhill.example", time_zone="Europe/Lisbon"
    )
    marek = Contact(
        id=0,
        account_id=0,
        email="marek.nowicki@nowicki.example",
        first_name="Marek",
        last_name="Nowicki",
        phone="+48 600 100 200",
        time_zone="Europe/Warsaw",
    )
    attendees = (
        Attendee(id=1, user_id=ines.id, kind=AttendeeKind.USER, name=ines.name, email=ines.email, reply=Reply.ACCEPTED),
        Attendee(id=2, contact_id=0, kind=AttendeeKind.CONTACT, name="Marek Nowicki", email=marek.email),
    )
    link = MeetingLink(id=0, slug="product-walkthrough", name="Product walkthrough", is_active=True)
    outcome = Outcome(id=0, key="SCHEDULED", label="Scheduled")
    return MeetingFacts(_meeting(), company, ines, ines, attendees, marek, link, outcome)


def example_payment(facts: MeetingFacts) -> Payment:
    """EUR 80 for the time of the meeting, paid by its contact."""
    meeting, contact = facts.meeting, facts.contact
    wish = Booking(
        slug="product-walkthrough",
        starts_at=meeting.starts_at,
        duration_minutes=int((meeting.ends_at - meeting.starts_at).total_seconds()) // 60,
        email=contact.email if contact is not None else facts.host.email,
        first_name=contact.first_name if contact is not None else "",
        last_name=contact.last_name if contact is not None else "",
        time_zone=meeting.time_zone,
    )
    payment = Payment(id=0, amount=8000, currency="EUR", digest="", expires_at=meeting.starts_at)
    payment.booking = {**asdict(wish), "starts_at": meeting.starts_at.isoformat()}
    payment.account = facts.account
    payment.link = MeetingLink(id=0, slug=wish.slug, title=meeting.title, is_active=True)
    return payment


def example_proposal(locale: str) -> tuple[str, ProposedTimes]:
    """Three times that Ines proposes to Marek, and what they are for."""
    facts, tz = example_facts(), "Europe/Warsaw"
    title, slug = facts.meeting.title, "product-walkthrough"
    link = MeetingLink(id=0, slug=slug, name=title, title=title, kind=MeetingLinkKind.PERSONAL, durations_minutes=[30])
    page = SchedulingPage(link, facts.account, facts.host, (facts.host,), slug, tz, is_open=True)
    starts = [_STARTS_AT + timedelta(hours=hours) for hours in (0, 4, 23)]
    return title, proposed_times(starts, Writing(page, 30, tz, locale, {"tz": tz, "lang": locale}))


def _meeting() -> Meeting:
    return Meeting(
        id=0,
        created_at=_MADE_AT,
        title="Product walkthrough",
        starts_at=_STARTS_AT,
        ends_at=_ENDS_AT,
        time_zone="Europe/Warsaw",
        contact_id=0,
        location_kind=LocationKind.VIDEO,
        location_join_url="https://call.example/fernhill",
        attendee_description="We look at the gripper on your line.\nPlease have a photo of it at hand.",
        answers=[
            {"question": "topic", "label": "What should we look at?", "value": "The gripper"},
            {"question": "photo", "label": "Do you have a photo of it?", "value": "true", "ticked": True},
        ],
        source=MeetingSource.MEETING_LINK,
        cancel_reason="The line is down for repairs.",
        ical_uid=_UID,
    )


def _company() -> Account:
    return Account(
        id=0,
        name="Fernhill Robotics",
        postal_address="12 Fern Lane, Leeds LS1 4AP",
        website_url="https://fernhill.example",
        privacy_url="https://fernhill.example/privacy",
    )
