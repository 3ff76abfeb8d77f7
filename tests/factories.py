"""Rows that tests begin with. Each has sensible defaults; say only what the test is about."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

from server import clock, ids
from server.models import (
    Account,
    Attendee,
    BusySpan,
    CalendarAccount,
    Contact,
    LinkSlug,
    Meeting,
    MeetingLink,
    Outcome,
    User,
    Webhook,
)
from server.models.enums import AttendeeKind, BusySource, MeetingSource
from server.webhooks.secrets import new_secret

OUTCOMES = {
    "SCHEDULED": "Scheduled",
    "COMPLETED": "Completed",
    "RESCHEDULED": "Rescheduled",
    "NO_SHOW": "No show",
    "CANCELED": "Canceled",
}
NINE_TO_FIVE = {str(weekday): [[9 * 60, 17 * 60]] for weekday in range(5)}
_numbers = itertools.count(1)


async def an_account(name: str = "Linden & Co", **fields: Any) -> Account:
    """An account with its five outcomes (S2-54)."""
    account = await Account.create(name=name, **({"time_zone": "Europe/Warsaw"} | fields))
    for position, (key, label) in enumerate(OUTCOMES.items()):
        await Outcome.create(account=account, key=key, label=label, position=position, is_default=True)
    return account


async def a_user(account: Account, name: str = "Ines Marek", **fields: Any) -> User:
    """A colleague with a seat, hours from nine to five on weekdays, and the calendar that this server keeps."""
    email = f"{ids.slug_from(name)}.{next(_numbers)}@linden.example"
    given: dict[str, Any] = {"email": email, "time_zone": account.time_zone, "weekly_hours": NINE_TO_FIVE} | fields
    user = await User.create(account=account, name=name, **given)
    await CalendarAccount.create(account=account, user=user, name="Calendar")
    return user


async def a_contact(account: Account, first_name: str = "Tomasz", last_name: str = "Lis", **fields: Any) -> Contact:
    """A person outside, with an address of their own."""
    given: dict[str, Any] = {"email": f"{ids.slug_from(first_name)}.{next(_numbers)}@client.example"} | fields
    return await Contact.create(account=account, first_name=first_name, last_name=last_name, **given)


async def a_link(owner: User, name: str = "Intro call", **fields: Any) -> MeetingLink:
    """A personal link of `owner`, thirty minutes, bookable at once."""
    slug = fields.pop("slug", None) or f"{ids.slug_from(owner.name)}-{next(_numbers)}"
    given: dict[str, Any] = {"title": name, "notice_minutes": 0} | fields
    link = await MeetingLink.create(account_id=owner.account_id, owner=owner, slug=slug, name=name, **given)
    await LinkSlug.create(link=link, slug=slug)
    return link


async def a_meeting(
    host: User,
    starts_at: datetime | None = None,
    minutes: int = 30,
    *,
    contact: Contact | None = None,
    outcome: str = "SCHEDULED",
    **fields: Any,
) -> Meeting:
    """A meeting of `host`, an hour from now unless said otherwise, with its busy span and its attendees."""
    begins = starts_at or clock.now() + timedelta(hours=1)
    given: dict[str, Any] = {
        "title": "Intro call",
        "time_zone": host.time_zone,
        "organizer_id": host.id,
        "source": MeetingSource.MEETING_LINK,
        "ical_uid": ids.new_uid(),
        "outcome": await Outcome.get(account_id=host.account_id, key=outcome),
    }
    meeting = await Meeting.create(
        account_id=host.account_id,
        host=host,
        starts_at=begins,
        ends_at=begins + timedelta(minutes=minutes),
        contact=contact,
        **(given | fields),
    )
    if meeting.canceled_at is None and meeting.deleted_at is None:
        await a_busy_span(host, meeting)
    await _an_attendee(meeting, AttendeeKind.USER, host.name, host.email, user=host)
    if contact is not None:
        full_name = f"{contact.first_name} {contact.last_name}".strip()
        await _an_attendee(meeting, AttendeeKind.CONTACT, full_name, contact.email, contact=contact)
    return meeting


async def a_webhook(owner: User, url: str, **fields: Any) -> Webhook:
    """A webhook of `owner`, told of every change from the first on."""
    given: dict[str, Any] = {"name": "Front desk", "secrets": [new_secret()]} | fields
    return await Webhook.create(account_id=owner.account_id, owner=owner, url=url, **given)


async def a_busy_span(host: User, meeting: Meeting, **fields: Any) -> BusySpan:
    """The time of `meeting`, taken in the calendar of `host`."""
    given = {"starts": int(meeting.starts_at.timestamp()), "ends": int(meeting.ends_at.timestamp())} | fields
    return await BusySpan.create(
        account_id=host.account_id, host=host, source=BusySource.MEETING, meeting_id=meeting.id, **given
    )


async def _an_attendee(meeting: Meeting, kind: AttendeeKind, name: str, email: str, **who: Any) -> Attendee:
    return await Attendee.create(
        account_id=meeting.account_id, meeting=meeting, kind=kind, name=name, email=email, **who
    )
