"""A mail server to deliver to, and a story to tell: Ines in Lisbon hosts, Tomasz in New York booked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from server import settings
from server.meetings.mails import Occasion, tell_attendees, tell_host
from server.models import Account, Contact, Meeting, MeetingLink, User
from server.models.enums import LocationKind
from tests import factories
from tests.server.gateways.mail.receiving import Receiver, receiving

STARTS_AT = datetime(2027, 2, 16, 15, 30, tzinfo=UTC)


@dataclass
class Story:
    account: Account
    host: User
    contact: Contact
    link: MeetingLink
    meeting: Meeting

    async def tell(self, occasion: Occasion, **how: Any) -> None:
        """What a verb promises: the mails of this occasion, to the attendees and to the host."""
        await tell_attendees(self.meeting, occasion, **how)
        await tell_host(self.meeting, occasion, **how)


@pytest.fixture
async def receiver(db: str, in_use: settings.Settings) -> AsyncIterator[Receiver]:
    """The mail server of these settings."""
    async with receiving() as receiver:
        settings.use(in_use.model_copy(update={"smtp_url": receiver.url}))
        yield receiver
        settings.use(in_use)


@pytest.fixture
async def story(db: str) -> Story:
    account = await factories.an_account(
        "Linden & Co", postal_address="Długa 5, Warszawa", privacy_url="https://linden.example/privacy"
    )
    host = await factories.a_user(account, "Ines Marek", time_zone="Europe/Lisbon")
    contact = await factories.a_contact(account, "Tomasz", "Lis", phone="+48 600 100 200")
    link = await factories.a_link(host, "Intro call")
    meeting = await factories.a_meeting(
        host,
        STARTS_AT,
        contact=contact,
        link=link,
        time_zone="America/New_York",
        title="Intro call",
        location_kind=LocationKind.VIDEO,
        location_join_url="https://call.example/abc",
        attendee_description="Bring a photo of your line.",
        internal_notes="Do not mention the price.",
        answers=[{"question": "topic", "label": "What should we look at?", "value": "The gripper"}],
        locale="en",
    )
    return Story(account, host, contact, link, meeting)
