"""What a visitor sends to book, checked as a whole before anything is looked at or written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from server import clock
from server.booking.consents import asked_consent, check_consents
from server.booking.form import Answer, checked_answers, checked_guests
from server.booking.open_page import require_open
from server.booking.person import checked_person
from server.booking.slots import asked_duration
from server.booking.tracking import Tracking, kept
from server.checks import valid_time_zone
from server.complaints import Complaints
from server.contacts.upsert import Person
from server.errors import ErrorCode
from server.links.pages import SchedulingPage
from server.models import User
from server.models.enums import AccountKind
from server.wording import regional_locale

MOST_CONSENTS = 20
LONGEST_KEY = 64


@dataclass(frozen=True, slots=True)
class Booking:
    """What a visitor sends. `starts_at` has an offset; without a duration the link's first one is meant, without a zone
    the page's. `properties` are what a contact is asked besides name and telephone number, by the names of
    `ContactProperty`; `guests` are e-mail addresses, `consents` the keys of what was agreed to."""

    slug: str
    starts_at: datetime
    email: str
    duration_minutes: int | None = None
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    time_zone: str | None = None
    locale: str | None = None
    answers: tuple[Answer, ...] = ()
    guests: tuple[str, ...] = ()
    tracking: Tracking = field(default_factory=Tracking)
    consents: tuple[str, ...] = ()
    hold_token: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A booking whose every part has been checked."""

    person: Person
    duration_minutes: int
    time_zone: str | None
    locale: str
    answers: list[dict[str, Any]]
    guests: tuple[str, ...]
    tracking: Tracking
    consents: list[dict[str, Any]]


async def checked(booking: Booking, page: SchedulingPage) -> Form:
    """The booking with every text cleaned; `Refused` with all complaints at once."""
    require_open(page)
    found = Complaints()
    person = checked_person(booking.email, _properties(booking), page.link, found)
    locale = regional_locale(booking.locale, default=page.link.locale or page.account.locale)
    consent = asked_consent(page, locale)
    form = Form(
        person=person,
        duration_minutes=asked_duration(page, booking.duration_minutes),
        time_zone=found.ask(valid_time_zone, booking.time_zone, "timeZone") if booking.time_zone else None,
        locale=locale,
        answers=checked_answers(page.link.questions, booking.answers, found),
        guests=checked_guests(
            booking.guests,
            maximum=page.link.guests_max,
            found=found,
            taken=[person.email, *(host.email for host in page.hosts)],
        ),
        tracking=kept(booking.tracking),
        consents=consent.kept(booking.consents, locale=locale, at=clock.now()),
    )
    check_consents(consent, booking.consents, found)
    if len(booking.consents) > MOST_CONSENTS or any(len(key) > LONGEST_KEY for key in booking.consents):
        message = f"Name at most {MOST_CONSENTS} consents, by their keys of at most {LONGEST_KEY} characters."
        found.add(ErrorCode.TEXT_TOO_LONG, message, "consents")
    await _keep_sandbox_closed(form, page, found)
    found.refuse_if_any()
    return form


def _properties(booking: Booking) -> dict[str, str]:
    """Everything that the visitor said of themselves; the fields of their own go before."""
    own = {"first_name": booking.first_name, "last_name": booking.last_name, "phone": booking.phone}
    return {**own, **booking.properties, **{name: text for name, text in own.items() if text}}


async def _keep_sandbox_closed(form: Form, page: SchedulingPage, found: Complaints) -> None:
    """A sandbox books only its own users' addresses (S1-07)."""
    if page.account.kind is not AccountKind.SANDBOX:
        return
    wanted = {
        address: path for path, address in [("guests", one) for one in form.guests] + [("email", form.person.email)]
    }
    users = await User.filter(account_id=page.account.id, is_active=True, email__in=list(wanted))
    known = {user.email for user in users}
    for address, path in wanted.items():
        if address and address not in known:
            message = "This is a sandbox: only its own users can be booked. Please use the address of one of them."
            found.add(ErrorCode.SANDBOX_ONLY, message, path)
