"""What a link may be set to: every setting checked, all complaints at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from server.accounts.hours import DAY_MINUTES, Hours, checked_hours
from server.accounts.settings_form import valid_color, valid_locale, valid_web_address
from server.checks import long_text, required_text, short_text, valid_time_zone
from server.complaints import Complaints
from server.errors import ErrorCode
from server.links.consent import Consent, checked_consent
from server.links.form_fields import FormField, checked_form_fields
from server.links.origins import checked_origins
from server.links.price import Price, checked_price
from server.links.questions import Question, checked_questions
from server.links.titles import valid_title
from server.models.enums import LocationKind, WindowKind
from server.reminders.plan import LeadTime
from server.reminders.rows import checked_leads
from server.rich_text import rich_text

MOST_DURATIONS = 10
LONGEST_WINDOW = 730

_BOUNDS = {
    "increment_minutes": (1, DAY_MINUTES),
    "grid_anchor_minutes": (0, DAY_MINUTES - 1),
    "buffer_before_minutes": (0, DAY_MINUTES),
    "buffer_after_minutes": (0, DAY_MINUTES),
    "notice_minutes": (0, 365 * DAY_MINUTES),
    "window_days": (0, LONGEST_WINDOW),
    "daily_limit": (1, 1000),
    "guests_max": (0, 50),
}


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """The settings of a link; None says nothing about one. Minutes are whole numbers; `weekly_hours` maps a weekday
    ("0" = Monday) and `date_overrides` an ISO date to blocks of minutes of the day. No form fields mean the usual ones,
    an empty address that nobody is sent on, no origins that any site may show the page."""

    name: str | None = None
    slug: str | None = None
    title: str | None = None
    description: str | None = None
    attendee_description: str | None = None
    durations_minutes: tuple[int, ...] | None = None
    location_kind: LocationKind | None = None
    location_text: str | None = None
    time_zone: str | None = None
    locks_time_zone: bool | None = None
    locale: str | None = None
    weekly_hours: Hours | None = None
    date_overrides: Hours | None = None
    increment_minutes: int | None = None
    grid_anchor_minutes: int | None = None
    buffer_before_minutes: int | None = None
    buffer_after_minutes: int | None = None
    notice_minutes: int | None = None
    window_kind: WindowKind | None = None
    window_days: int | None = None
    window_starts_on: date | None = None
    window_ends_on: date | None = None
    daily_limit: int | None = None
    guests_max: int | None = None
    contact_owner_first: bool | None = None
    form_fields: tuple[FormField, ...] | None = None
    questions: tuple[Question, ...] | None = None
    consent: Consent | None = None
    prefills: bool | None = None
    auto_submits: bool | None = None
    price: Price | None = None
    refunds_on_cancel: bool | None = None
    confirmation_message: str | None = None
    redirect_url: str | None = None
    redirects_with_details: bool | None = None
    embed_origins: tuple[str, ...] | None = None
    accent_color: str | None = None
    shows_manage_links: bool | None = None
    reminders: tuple[LeadTime, ...] | None = None
    is_default: bool | None = None
    is_active: bool | None = None


_CLEARED: dict[str, dict[str, Any]] = {
    "price": {"price_amount": None, "price_currency": ""},
}
CLEARABLE = frozenset(
    {
        "time_zone",
        "locale",
        "weekly_hours",
        "date_overrides",
        "window_starts_on",
        "window_ends_on",
        "daily_limit",
        "consent",
        "price",
        "accent_color",
        "reminders",
    }
)
"""The settings that can be taken back: the owner's zone, the account's language, the members' hours, no limit."""


def checked_columns(settings: LinkSettings, found: Complaints) -> dict[str, Any]:
    """The columns that are said, with their cleaned values; the slug is left to whoever knows the others."""
    said = {one.name: getattr(settings, one.name) for one in fields(settings)}
    columns = {name: value for name, value in said.items() if value is not None and name != "slug"}
    for name, check in _CHECKS.items():
        if name in columns:
            columns[name] = check(columns[name], found)
    _check_numbers(columns, found)
    if "price" in columns:
        price = columns.pop("price")
        columns |= {"price_amount": price.amount, "price_currency": price.currency}
    return columns


def cleared_columns(names: Collection[str]) -> dict[str, Any]:
    """The columns of the settings that are taken back, as they are when nothing is said; others are no matter."""
    columns: dict[str, Any] = {}
    for name in CLEARABLE.intersection(names):
        columns |= _CLEARED.get(name, {name: None})
    return columns


def check_window(kind: WindowKind, starts_on: date | None, ends_on: date | None, found: Complaints) -> None:
    """A range of dates has both of them, the last not before the first and at most two years after it, between 2000 and
    2200; `TIME_RANGE_INVALID` otherwise."""
    if kind is WindowKind.DATE_RANGE and not (starts_on and ends_on and _is_range(starts_on, ends_on)):
        message = "Please give the first and the last date of the window, the last at most two years after the first."
        found.add(ErrorCode.TIME_RANGE_INVALID, message, "windowEndsOn")


def _is_range(starts_on: date, ends_on: date) -> bool:
    return 0 <= (ends_on - starts_on).days <= LONGEST_WINDOW and starts_on.year >= 2000 and ends_on.year <= 2200


def _check_numbers(columns: dict[str, Any], found: Complaints) -> None:
    for name, (least, most) in _BOUNDS.items():
        if name in columns and not least <= columns[name] <= most:
            code = ErrorCode.GUEST_LIMIT if name == "guests_max" else ErrorCode.TIME_RANGE_INVALID
            found.add(code, f"Please give a whole number from {least} to {most}.", camel(name))


def _durations(wanted: Sequence[int], found: Complaints) -> list[int]:
    durations = list(dict.fromkeys(wanted))
    if not 1 <= len(durations) <= MOST_DURATIONS or not all(1 <= one <= DAY_MINUTES for one in durations):
        message = f"Please give 1 to {MOST_DURATIONS} durations of 1 to {DAY_MINUTES} minutes."
        found.add(ErrorCode.TIME_RANGE_INVALID, message, "durationsMinutes")
    return durations


def camel(name: str) -> str:
    """The name as clients know it: `windowDays`."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


_CHECKS: dict[str, Callable[[Any, Complaints], Any]] = {
    "name": lambda text, found: found.ask(required_text, text, 200, "name"),
    "title": lambda text, found: found.ask(valid_title, text, "title"),
    "description": lambda text, found: found.ask(long_text, text, 5000, "description"),
    "attendee_description": lambda text, found: found.ask(rich_text, text, 5000, "attendeeDescription"),
    "durations_minutes": _durations,
    "location_text": lambda text, found: found.ask(short_text, text, 500, "locationText"),
    "time_zone": lambda tz, found: found.ask(valid_time_zone, tz, "timeZone"),
    "locale": lambda tag, found: found.ask(valid_locale, tag, "locale"),
    "weekly_hours": lambda hours, found: checked_hours(hours, found, "weeklyHours", by_date=False),
    "date_overrides": lambda hours, found: checked_hours(hours, found, "dateOverrides", by_date=True),
    "form_fields": checked_form_fields,
    "questions": checked_questions,
    "consent": checked_consent,
    "price": checked_price,
    "confirmation_message": lambda text, found: found.ask(long_text, text, 2000, "confirmationMessage"),
    "redirect_url": lambda url, found: found.ask(valid_web_address, url, 1000, "redirectUrl"),
    "embed_origins": checked_origins,
    "accent_color": lambda color, found: found.ask(valid_color, color, "accentColor"),
    "reminders": lambda leads, found: checked_leads(leads, found),
}
