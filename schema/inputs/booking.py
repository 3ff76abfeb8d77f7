"""What visitors send."""

from datetime import datetime

import strawberry

from schema.inputs.given import IDEMPOTENCY_KEY, needed, optional, several
from schema.scalars import TimeZone
from schema.types.form import ContactProperty
from server.booking.book import Answer, Booking, Tracking

TOKEN = "What stands behind `/b/` in the manage address of the booking."


@strawberry.input(description="An answer to a question of the page.")
class AnswerInput:
    question: str = needed("The key of the question.")
    value: str = needed("The answer; for MULTI_SELECT one of the options, and one answer for each.")


@strawberry.input(description="What the link carried.")
class TrackingInput:
    campaign: str | None = optional("The campaign.")
    source: str | None = optional("Where the visitor came from.")
    medium: str | None = optional("How they came.")


@strawberry.input(description="What a visitor says of themselves, where the page asks for it.")
class FormValueInput:
    property: ContactProperty = needed("The property, one of the page's `formFields`.")
    value: str = needed("What they say, at most 200 characters; a web address may have 500.")


@strawberry.input(description="A slot to be kept while a form is filled in.")
class HoldSlotInput:
    slug: str = needed("The last part of the page's address.")
    starts_at: datetime = needed("The start, as the page offers it.")
    duration_minutes: int | None = optional("The length; the first that the page offers if left out.")
    idempotency_key: str | None = optional(f"{IDEMPOTENCY_KEY} It should be hard to guess.")


@strawberry.input(description="A slot that is no longer wanted.")
class ReleaseSlotInput:
    token: str = needed("What `holdSlot` answered.")


@strawberry.input(description="A booking through a link.")
class BookMeetingInput:
    slug: str = needed("The last part of the page's address.")
    starts_at: datetime = needed("The start, as the page offers it.")
    duration_minutes: int | None = optional("The length; the first that the page offers if left out.")
    email: str = needed("Where the confirmation goes, and by what the visitor is known.")
    first_name: str | None = optional("A first or a last name is needed.")
    last_name: str | None = optional("A first or a last name is needed.")
    phone: str | None = optional("With the country code.")
    properties: list[FormValueInput] | None = several("What else the page asks for besides the e-mail address.", 20)
    time_zone: TimeZone | None = optional("The visitor's zone; the page's if left out.")
    locale: str | None = optional("The visitor's language, as a BCP 47 tag; the page's if left out.")
    answers: list[AnswerInput] | None = several("To the questions of the page.", 100)
    guests: list[str] | None = several("Addresses of others who come along.", 50)
    tracking: TrackingInput | None = optional("What the link carried.")
    consents: list[str] | None = several("The keys of what the visitor agreed to.", 20)
    hold_token: str | None = optional("What `holdSlot` answered.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="Another time for a booking.")
class RescheduleBookingInput:
    token: str = needed(TOKEN)
    starts_at: datetime = needed("The new start, as the page offers it.")
    duration_minutes: int | None = optional("The new length; as long as it was if left out.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="A booking that is called off.")
class CancelBookingInput:
    token: str = needed(TOKEN)
    reason: str | None = optional("What the host reads, at most 1000 characters.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


def booking_from(input: BookMeetingInput) -> Booking:
    """The input as the verb takes it."""
    return Booking(
        slug=input.slug,
        starts_at=input.starts_at,
        duration_minutes=input.duration_minutes,
        email=input.email,
        first_name=input.first_name or "",
        last_name=input.last_name or "",
        phone=input.phone or "",
        properties={one.property.value: one.value for one in input.properties or ()},
        time_zone=input.time_zone,
        locale=input.locale,
        answers=tuple(Answer(one.question, one.value) for one in input.answers or ()),
        guests=tuple(input.guests or ()),
        tracking=tracking_from(input.tracking),
        consents=tuple(input.consents or ()),
        hold_token=input.hold_token,
        idempotency_key=input.idempotency_key,
    )


def tracking_from(input: TrackingInput | None) -> Tracking:
    """What was said about where a booking comes from, as the verbs take it."""
    if input is None:
        return Tracking()
    return Tracking(input.campaign or "", input.source or "", input.medium or "")
