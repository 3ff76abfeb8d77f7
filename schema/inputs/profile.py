"""What people send about themselves, and administrators about others."""

from enum import StrEnum

import strawberry

from schema.enums import dressed
from schema.inputs.given import needed, optional, several
from schema.inputs.hours import DateHoursInput, WeekdayHoursInput, dates_from, weekly_from
from schema.scalars import TimeZone
from server.accounts.notifications import Switch
from server.accounts.profile import ProfileChanges


class ProfileSetting(StrEnum):
    DAILY_LIMIT = "daily_limit"
    QUIET_HOURS = "quiet_hours"


dressed(
    ProfileSetting,
    "A setting that can be taken back.",
    DAILY_LIMIT="No limit.",
    QUIET_HOURS="Devices may ring at any hour.",
)


@strawberry.input(description="When no device rings, every day.")
class QuietHoursInput:
    from_minute: int = needed("Minute of the local day at which the quiet begins, from 0 to 1439.")
    until_minute: int = needed("Minute of the local day at which it ends; before the other means the next day.")


@strawberry.input(description="What somebody is told of, and how; what is left out stays.")
class NotificationsInput:
    meeting_mails: bool | None = optional("Mails about their meetings, with the invitation.")
    reply_mails: bool | None = optional("Mails about what attendees answered.")
    mention_mails: bool | None = optional("Mails about notes that name them.")
    meeting_notices: bool | None = optional("Notices on their devices about their meetings.")
    reply_notices: bool | None = optional("Notices about what attendees answered.")
    mention_notices: bool | None = optional("Notices about notes that name them.")
    nudges: bool | None = optional("Notices before a meeting begins, and after it has ended.")


@strawberry.input(description="What is to be otherwise; what is left out stays.")
class ProfileChangesInput:
    name: str | None = optional("The name that attendees see, at most 200 characters.")
    job_title: str | None = optional("What they do, at most 200 characters; empty to say nothing.")
    time_zone: TimeZone | None = optional("The zone of their weekly hours and of their day.")
    locale: str | None = optional("The language of their mails, as a BCP 47 tag such as pl or zh-Hant.")
    weekly_hours: list[WeekdayHoursInput] | None = several("All weekly hours; a day left out is a day off.", 7)
    date_overrides: list[DateHoursInput] | None = several("All dates with other hours; none takes them back.", 366)
    daily_limit: int | None = optional("After how many meetings a day their links offer no more, from 1 to 1000.")
    quiet_hours: QuietHoursInput | None = optional("When no device of theirs rings.")
    avatar_url: str | None = optional("Where their picture is, on the web; empty for none.")
    notifications: NotificationsInput | None = optional("What they are told of, and how.")


@strawberry.input(description="A change to a profile.")
class EditProfileInput:
    user: strawberry.ID | None = optional("Whose profile; the viewer's if left out. Administrators may name anybody.")
    changes: ProfileChangesInput | None = optional("What is to be otherwise.")
    clear: list[ProfileSetting] | None = several("What is taken back.", 10)


def profile_changes_from(input: ProfileChangesInput) -> ProfileChanges:
    """The changes as the verb takes them."""
    quiet = input.quiet_hours
    return ProfileChanges(
        name=input.name,
        job_title=input.job_title,
        time_zone=input.time_zone,
        locale=input.locale,
        weekly_hours=weekly_from(input.weekly_hours),
        date_overrides=dates_from(input.date_overrides),
        daily_limit=input.daily_limit,
        quiet_hours=None if quiet is None else (quiet.from_minute, quiet.until_minute),
        avatar_url=input.avatar_url,
        notifications=_switches(input.notifications),
    )


def _switches(input: NotificationsInput | None) -> dict[str, bool] | None:
    """The switches that are turned, by the names they are kept under."""
    if input is None:
        return None
    turned = {switch.value: getattr(input, switch.value) for switch in Switch}
    return {name: is_on for name, is_on in turned.items() if is_on is not None}
