"""A colleague, and the account they belong to."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import strawberry

from schema.enums import AccountKind, LeadTimeUnit, Role
from schema.node import Node
from schema.reading import column, computed, exists, identity, reads, shown
from schema.scalars import TimeZone
from schema.types.hours import DateHours, WeekdayHours, dates_from, weekly_from
from server import models
from server.account_settings.logo import logo_url
from server.accounts import policy
from server.accounts.calendar_feed import feed_url
from server.accounts.notifications import Switch
from server.accounts.viewer import Viewer

HIDDEN = "Shown to themselves and to administrators; null for colleagues."


@strawberry.type(description="A mail before every meeting that does not say otherwise.")
class DefaultReminder:
    amount: int = strawberry.field(description="How many units before the start.")
    unit: LeadTimeUnit = strawberry.field(description="The unit.")
    includes_description: bool = strawberry.field(description="Whether the attendee description stands in it.")


@strawberry.type(description="When no device rings, every day.")
class QuietHours:
    from_minute: int = strawberry.field(description="Minute of the local day at which the quiet begins.")
    until_minute: int = strawberry.field(description="Minute at which it ends; before the other means the next day.")


@strawberry.type(description="What somebody is told of, and how.")
class Notifications:
    meeting_mails: bool = strawberry.field(description="Mails about their meetings, with the invitation.")
    reply_mails: bool = strawberry.field(description="Mails about what attendees answered.")
    mention_mails: bool = strawberry.field(description="Mails about notes that name them.")
    meeting_notices: bool = strawberry.field(description="Notices on their devices about their meetings.")
    reply_notices: bool = strawberry.field(description="Notices about what attendees answered.")
    mention_notices: bool = strawberry.field(description="Notices about notes that name them.")
    nudges: bool = strawberry.field(description="Notices before a meeting begins, and after it has ended.")


def notifications_from(kept: Mapping[str, bool]) -> Notifications:
    """The switches as the table keeps them, as clients see them."""
    return Notifications(**{switch.value: kept.get(switch.value, True) for switch in Switch})


def reminders_from(kept: Sequence[Mapping[str, Any]]) -> list[DefaultReminder]:
    """Default reminders as the table keeps them, as clients see them."""
    return [
        DefaultReminder(
            amount=one["amount"],
            unit=LeadTimeUnit(one["unit"]),
            includes_description=bool(one.get("includes_description")),
        )
        for one in kept
    ]


def quiet_from(from_minute: int | None, until_minute: int | None) -> QuietHours | None:
    """Quiet hours as the table keeps them, as clients see them; None if there are none."""
    if from_minute is None or until_minute is None:
        return None
    return QuietHours(from_minute=from_minute, until_minute=until_minute)


def own_feed_url(viewer: Viewer, account_id: int, user_id: int, seed: str) -> str | None:
    """Where the viewer's own meetings can be subscribed to; None for everybody else, administrators too."""
    return feed_url(user_id, seed) if policy.may_see_feed(viewer, account_id, user_id=user_id) else None


def limit_from(kept: int | None) -> int | None:
    """A daily limit as the table keeps it."""
    return kept


def _if_shown(rule: Callable[..., Any], viewer: Viewer, account_id: int, user_id: int, *columns: Any) -> Any:
    return rule(*columns) if policy.may_see_profile(viewer, account_id, user_id=user_id) else None


def of_profile(rule: Callable[..., Any], *columns: str, about: str) -> Any:
    """A field that the rule makes of some columns, for whoever may see the profile."""
    return computed(partial(_if_shown, rule), "account_id", "id", *columns, with_viewer=True, about=f"{about} {HIDDEN}")


@reads(models.Account)
@strawberry.type(description="The organisation that everything here belongs to.")
class Account(Node):
    id: strawberry.ID = identity("acc")
    name: str = shown("What it is called.")
    kind: AccountKind = shown("Whether this is real or a place to try things.")
    time_zone: TimeZone = shown("The zone used where nobody's own is known.")
    locale: str = shown("The language used where nobody's own is known, as a BCP 47 tag.")
    meeting_types_are_enabled: bool = column("meeting_types_enabled", "Whether meetings have a type here.")
    reminders_are_on_by_default: bool = column(
        "reminders_by_default", "Whether new meetings inherit the default reminders."
    )
    default_reminders: list[DefaultReminder] = computed(
        reminders_from, "default_reminders", about="The reminders that new meetings inherit. At most 3."
    )
    sender_name: str = shown("From whom its mails are; empty for its name.")
    accent_color: str = shown("The colour of its pages and mails, such as #0a6a58.")
    logo_url: str = computed(logo_url, "logo", about="Where its logo is, for pages and mails alike; may be empty.")
    website_url: str = shown("Its address on the web; may be empty.")
    postal_address: str = shown("The postal address at the foot of its mails; may be empty.")
    privacy_url: str = shown("Where its privacy notice is; may be empty.")
    contact_email: str = shown("Where visitors can write to; may be empty.")
    consent_text: str = shown("What visitors agree to on pages without a text of their own; may be empty.")


@reads(models.User)
@strawberry.type(description="A colleague with a sign-in.")
class User(Node):
    id: strawberry.ID = identity("usr")
    name: str = shown("The name that attendees see.")
    email: str = shown("The address they sign in with and are mailed at.")
    job_title: str = shown("What they do; empty if they did not say.")
    role: Role = shown("What they may do in the account.")
    has_seat: bool = shown("Whether they may schedule for colleagues, and colleagues for them.")
    is_active: bool = shown("False once they were put out; their past meetings stay.")
    time_zone: TimeZone = shown("The zone of their weekly hours and of their day.")
    locale: str = shown("The language of their mails, as a BCP 47 tag.")
    avatar_url: str = shown("Where their picture is, on the web; may be empty.")
    is_invited: bool = exists(
        models.PasswordToken,
        "user_id",
        own="id",
        condition="t.is_invitation AND t.used_at IS NULL",
        about="Whether they were invited and have not accepted yet.",
    )
    notifications: Notifications | None = of_profile(
        notifications_from, "notifications", about="What they are told of, and how."
    )
    weekly_hours: list[WeekdayHours] | None = of_profile(
        weekly_from, "weekly_hours", about="Their weekly hours. At most 7."
    )
    date_overrides: list[DateHours] | None = of_profile(
        dates_from, "date_overrides", about="Dates with other hours, by date. At most 366."
    )
    daily_limit: int | None = of_profile(
        limit_from, "daily_limit", about="After how many meetings a day their links offer no more; null for no limit."
    )
    quiet_hours: QuietHours | None = of_profile(
        quiet_from, "quiet_from_minute", "quiet_until_minute", about="When no device of theirs rings; null for never."
    )
    calendar_feed_url: str | None = computed(
        own_feed_url,
        "account_id",
        "id",
        "feed_seed",
        with_viewer=True,
        about="Where any calendar program can subscribe to their meetings. Whoever has the address sees them all, so "
        "it is shown to themselves only, with the scope meetings:read and where they signed in; null for all others, "
        "API tokens too. `renewCalendarFeed` ends it.",
    )
