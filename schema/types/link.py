"""Meeting links: the shareable address of a scheduling page, with its settings as colleagues see them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import strawberry

from schema.enums import MeetingLinkKind, WindowKind
from schema.node import Node
from schema.reading import children, column, computed, embedded, exists, identity, reads, shown
from schema.scalars import TimeZone
from schema.types.form import Consent, FormField, consent_from, form_fields_from
from schema.types.hours import DateHours, WeekdayHours, dates_from, weekly_from
from schema.types.location import MeetingLocation
from schema.types.price import Price, price_from
from schema.types.question import LinkQuestion, questions_of
from schema.types.rotation import Rotation
from schema.types.user import DefaultReminder, User, reminders_from
from server import models, settings
from server.links.preview import preview_token

Reminders = Sequence[Mapping[str, Any]]


def page_url(slug: str) -> str:
    """The address to be shared."""
    return settings.current().address(f"/m/{slug}")


def preview_url(slug: str, link_id: int, is_active: bool) -> str:
    """The address at which its page is looked at, also while it is switched off."""
    return page_url(slug) if is_active else f"{page_url(slug)}?preview={preview_token(link_id)}"


def own_or_owners(own: str | None, owners: str) -> str:
    """A page without a zone of its own has that of its owner."""
    return own or owners


def own_reminders(kept: Reminders | None) -> list[DefaultReminder] | None:
    """The reminders that a link has of its own; None where the account's hold."""
    return None if kept is None else reminders_from(kept)


def as_kept(values: Sequence[str]) -> list[str]:
    """A list of texts as the table keeps it."""
    return list(values)


@reads(models.LinkMember)
@strawberry.type(description="One of those whom visitors meet together through a group link.")
class LinkMember:
    user: User = shown("Who it is.")


@reads(models.MeetingLink)
@strawberry.type(description="The shareable address of a scheduling page, and its settings.")
class MeetingLink(Node):
    id: strawberry.ID = identity("lnk")
    slug: str = shown("The last part of the address; unique on the server.")
    url: str = computed(page_url, "slug", about="The whole address, ready to be copied.")
    preview_url: str = computed(
        preview_url, "slug", "id", "is_active", about="The address to look at its page oneself, also while it is off."
    )
    name: str = shown("What colleagues call it.")
    kind: MeetingLinkKind = shown("Who is met through it.")
    owner: User = shown("The colleague whose link it is.")
    title: str = shown("The title of meetings booked through it.")
    description: str = shown("What visitors read on the page.")
    attendee_description: str = shown(
        "What goes out with the invitation, as HTML that is safe to show; empty where the page's description does."
    )
    durations_minutes: list[int] = shown("The lengths it offers. At most 10.")
    location: MeetingLocation = embedded("location_", "Where its meetings happen.", without=("join_url", "provider"))
    time_zone: TimeZone = computed(
        own_or_owners, "time_zone", "owner.time_zone", about="The zone of its hours, window and daily limit."
    )
    lock_time_zone: bool = column("locks_time_zone", "Whether visitors see its times in that zone only.")
    locale: str | None = shown("The language of its page, as a BCP 47 tag; null for the visitor's own.")
    increment_minutes: int = shown("Minutes from one start to the next.")
    grid_anchor_minutes: int = shown("The minute of the day from which the starts are counted.")
    buffer_before_minutes: int = shown("Minutes kept free before a meeting.")
    buffer_after_minutes: int = shown("Minutes kept free after a meeting.")
    notice_minutes: int = shown("How many minutes ahead is too soon.")
    window_kind: WindowKind = shown("How the days that may be booked are counted.")
    window_days: int = shown("How many days ahead may be booked, for the rolling kinds.")
    window_starts_on: date | None = shown("The first day that may be booked, for DATE_RANGE.")
    window_ends_on: date | None = shown("The last day that may be booked, for DATE_RANGE.")
    weekly_hours: list[WeekdayHours] | None = computed(
        weekly_from, "weekly_hours", about="Hours of its own; null if its hosts' hours hold. At most 7."
    )
    date_overrides: list[DateHours] = computed(
        dates_from, "date_overrides", about="Dates with other hours, by date. At most 1000."
    )
    form_fields: list[FormField] = computed(
        form_fields_from, "form_fields", about="What its page asks for besides the e-mail address. At most 10."
    )
    questions: list[LinkQuestion] = computed(
        questions_of, "questions", about="What its page asks besides name and address. At most 30."
    )
    consent: Consent | None = computed(
        consent_from, "consent", about="What visitors agree to; null where the account's text holds."
    )
    prefills: bool = shown("Whether its form is filled in with what was last sent from the same device.")
    auto_submits: bool = shown("Whether a form that is filled in completely sends itself.")
    price: Price | None = computed(
        price_from, "price_amount", "price_currency", about="What a booking costs; null where it costs nothing."
    )
    refunds_on_cancel: bool = shown("Whether the money goes back when a meeting is canceled.")
    confirmation_message: str = shown("What visitors read once they have booked; may be empty.")
    redirect_url: str = shown("Where visitors are sent once they have booked; empty for the page's own confirmation.")
    redirects_with_details: bool = shown("Whether that address is told time and title of the meeting, and who booked.")
    embed_origins: list[str] = computed(
        as_kept, "embed_origins", about="The sites that may show its page in a frame; any site if none. At most 20."
    )
    accent_color: str | None = shown("The colour of its page, such as #0a6a58; null for the account's.")
    daily_limit: int | None = shown("How many meetings a day at most; null for no limit.")
    guests_max: int = shown("How many guests a visitor may bring.")
    contact_owner_first: bool = shown("Whether a contact's owner goes before whose turn it is.")
    shows_manage_links: bool = shown("Whether visitors may move and cancel, and mails lead there.")
    reminders: list[DefaultReminder] | None = computed(
        own_reminders, "reminders", about="The mails before its meetings; null for the account's own. At most 3."
    )
    retired_at: datetime | None = shown("When it was retired; null while it is there.")
    booking_count: int = shown("How often it was booked.")
    is_default: bool = shown("Whether it is its owner's main link.")
    is_active: bool = shown("Whether its page can be booked.")
    is_offline: bool = exists(
        models.CalendarAccount,
        "user_id",
        own="owner_id",
        condition="t.syncs",
        expected=False,
        about="Whether its owner has no connected calendar: bookings are accepted, no calendar is written.",
    )
    rotation: Rotation | None = shown("Those who take turns, for ROUND_ROBIN.")
    members: list[LinkMember] = children(
        models.LinkMember, "link_id", "Those who are met together, for GROUP.", order=("position", "id")
    )
