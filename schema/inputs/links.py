"""What colleagues send about meeting links and rotations."""

import datetime
from collections.abc import Sequence
from enum import StrEnum

import strawberry

from schema.enums import MeetingLinkKind, WindowKind, dressed
from schema.inputs.given import IDEMPOTENCY_KEY, needed, optional, several
from schema.inputs.hours import DateHoursInput, WeekdayHoursInput, dates_from, weekly_from
from schema.inputs.meetings import LocationInput, ReminderInput, leads_from
from schema.numbers import numbered, numbered_if
from schema.scalars import TimeZone
from schema.types.question import QuestionKind
from server.links.edit import NewLink
from server.links.members import Members
from server.links.questions import Question
from server.links.rotations import Place
from server.links.settings import LinkSettings


class LinkSetting(StrEnum):
    TIME_ZONE = "time_zone"
    LOCALE = "locale"
    WEEKLY_HOURS = "weekly_hours"
    DATE_OVERRIDES = "date_overrides"
    WINDOW_STARTS_ON = "window_starts_on"
    WINDOW_ENDS_ON = "window_ends_on"
    DAILY_LIMIT = "daily_limit"
    REMINDERS = "reminders"


dressed(
    LinkSetting,
    "A setting that can be taken back.",
    TIME_ZONE="The owner's zone holds again.",
    LOCALE="The account's language holds again.",
    WEEKLY_HOURS="The hosts' hours hold again.",
    DATE_OVERRIDES="No date is special to this link.",
    WINDOW_STARTS_ON="No first day.",
    WINDOW_ENDS_ON="No last day.",
    DAILY_LIMIT="No limit.",
    REMINDERS="The account's reminders hold again.",
)


@strawberry.input(description="A question of the page.")
class QuestionInput:
    key: str = needed("What an answer names: small letters, digits, underscores, such as company_size.")
    label: str = needed("The question as visitors read it.")
    kind: QuestionKind = needed("What an answer looks like.")
    is_required: bool | None = optional("Whether nobody books without an answer.")
    options: list[str] | None = several("What can be chosen, for the SELECT kinds.", 100)


@strawberry.input(description="The settings of a link; what is left out is as it was, or as usual.")
class LinkSettingsInput:
    name: str | None = optional("What colleagues call it, at most 200 characters. A new link needs one.")
    slug: str | None = optional("The last part of its address: small letters, digits, hyphens. Made up if left out.")
    title: str | None = optional("The title of its meetings; the name if left out.")
    description: str | None = optional("What visitors read, at most 5000 characters.")
    durations_minutes: list[int] | None = several("The lengths it offers, the usual one first.", 10)
    location: LocationInput | None = optional("Where its meetings happen.")
    time_zone: TimeZone | None = optional("The zone of its hours, window and daily limit.")
    lock_time_zone: bool | None = optional("Whether visitors see its times in that zone only.")
    locale: str | None = optional("The language of its page, as a BCP 47 tag.")
    weekly_hours: list[WeekdayHoursInput] | None = several("Hours of its own, in place of the hosts'.", 7)
    date_overrides: list[DateHoursInput] | None = several("Hours of some dates.", 366)
    increment_minutes: int | None = optional("Minutes from one start to the next.")
    buffer_before_minutes: int | None = optional("Minutes kept free before a meeting.")
    buffer_after_minutes: int | None = optional("Minutes kept free after a meeting.")
    notice_minutes: int | None = optional("How many minutes ahead is too soon.")
    window_kind: WindowKind | None = optional("How the days that may be booked are counted.")
    window_days: int | None = optional("How many days ahead may be booked.")
    window_starts_on: datetime.date | None = optional("The first day, for DATE_RANGE.")
    window_ends_on: datetime.date | None = optional("The last day, for DATE_RANGE.")
    daily_limit: int | None = optional("How many meetings a day at most.")
    guests_max: int | None = optional("How many guests a visitor may bring.")
    contact_owner_first: bool | None = optional("Whether a contact's owner goes before whose turn it is.")
    questions: list[QuestionInput] | None = several("What is asked besides name and address.", 30)
    shows_manage_links: bool | None = optional("Whether mails lead to moving and canceling.")
    reminders: list[ReminderInput] | None = several("The mails before its meetings.", 3)
    is_default: bool | None = optional("Whether it is its owner's main link.")
    is_active: bool | None = optional("Whether its page can be booked.")


@strawberry.input(description="A link to be made.")
class CreateMeetingLinkInput:
    kind: MeetingLinkKind = needed("Who is met through it.")
    settings: LinkSettingsInput = needed("Its settings.")
    owner: strawberry.ID | None = optional("Whose it is; the viewer's if left out.")
    members: list[strawberry.ID] | None = several("Who is met together, for GROUP.", 50)
    rotation: strawberry.ID | None = optional("Who takes turns, for ROUND_ROBIN.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="A change to a link.")
class EditMeetingLinkInput:
    meeting_link: strawberry.ID = needed("The link.")
    settings: LinkSettingsInput | None = optional("What it is set to from now on.")
    clear: list[LinkSetting] | None = several("What is taken back.", 10)
    kind: MeetingLinkKind | None = optional("Another kind.")
    members: list[strawberry.ID] | None = several("All who are met together from now on.", 50)
    rotation: strawberry.ID | None = optional("Who takes turns from now on.")


@strawberry.input(description="A link that is to be copied.")
class DuplicateMeetingLinkInput:
    meeting_link: strawberry.ID = needed("The link.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="A link whose page is to be gone for good.")
class RetireMeetingLinkInput:
    meeting_link: strawberry.ID = needed("The link.")


@strawberry.input(description="A member of a rotation.")
class RotationMemberInput:
    user: strawberry.ID = needed("Who it is.")
    weight: int | None = optional("How many turns they take for another's one; 1 if left out.")
    is_active: bool | None = optional("Whether they are offered; they are if left out.")


@strawberry.input(description="A rotation to be made.")
class CreateRotationInput:
    name: str = needed("What it is called, at most 200 characters.")
    members: list[RotationMemberInput] = needed("Who takes turns, in the order that settles ties. At most 50.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="A change to a rotation.")
class EditRotationInput:
    rotation: strawberry.ID = needed("The rotation.")
    name: str | None = optional("Another name.")
    members: list[RotationMemberInput] | None = several("All who take turns from now on; counts are kept.", 50)


@strawberry.input(description="A rotation through which nobody is to be assigned any more.")
class DeleteRotationInput:
    rotation: strawberry.ID = needed("The rotation.")


def new_link_from(input: CreateMeetingLinkInput) -> NewLink:
    """The input as the verb takes it."""
    return NewLink(
        settings=settings_from(input.settings),
        kind=input.kind,
        owner_id=numbered_if("usr", input.owner),
        members=members_from(input.members, input.rotation) or Members(),
    )


def settings_from(input: LinkSettingsInput) -> LinkSettings:
    """The settings as the verb takes them."""
    return LinkSettings(
        name=input.name,
        slug=input.slug,
        title=input.title,
        description=input.description,
        durations_minutes=None if input.durations_minutes is None else tuple(input.durations_minutes),
        location_kind=input.location.kind if input.location else None,
        location_text=(input.location.text or "") if input.location else None,
        time_zone=input.time_zone,
        locks_time_zone=input.lock_time_zone,
        locale=input.locale,
        weekly_hours=weekly_from(input.weekly_hours),
        date_overrides=dates_from(input.date_overrides),
        increment_minutes=input.increment_minutes,
        buffer_before_minutes=input.buffer_before_minutes,
        buffer_after_minutes=input.buffer_after_minutes,
        notice_minutes=input.notice_minutes,
        window_kind=input.window_kind,
        window_days=input.window_days,
        window_starts_on=input.window_starts_on,
        window_ends_on=input.window_ends_on,
        daily_limit=input.daily_limit,
        guests_max=input.guests_max,
        contact_owner_first=input.contact_owner_first,
        questions=None if input.questions is None else tuple(_question(one) for one in input.questions),
        shows_manage_links=input.shows_manage_links,
        reminders=None if input.reminders is None else leads_from(input.reminders),
        is_default=input.is_default,
        is_active=input.is_active,
    )


def members_from(users: Sequence[strawberry.ID] | None, rotation: strawberry.ID | None) -> Members | None:
    """Who hosts, as the verb takes it; None where neither was said."""
    if users is None and rotation is None:
        return None
    return Members(tuple(numbered("usr", id) for id in users or ()), numbered_if("rot", rotation))


def places_from(members: Sequence[RotationMemberInput]) -> list[Place]:
    """The members of a rotation as the verb takes them."""
    return [
        Place(numbered("usr", one.user), 1 if one.weight is None else one.weight, one.is_active is not False)
        for one in members
    ]


def _question(input: QuestionInput) -> Question:
    return Question(input.key, input.label, input.kind.value, bool(input.is_required), tuple(input.options or ()))
