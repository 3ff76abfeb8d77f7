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
from schema.types.form import ConsentKind, ContactProperty
from schema.types.question import QuestionKind
from server.links.consent import Consent, ConsentBox
from server.links.edit import NewLink
from server.links.form_fields import FormField
from server.links.members import Members
from server.links.price import Price
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
    CONSENT = "consent"
    PRICE = "price"
    ACCENT_COLOR = "accent_color"
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
    CONSENT="The account's text holds again, as a notice.",
    PRICE="Booking costs nothing.",
    ACCENT_COLOR="The account's colour holds again.",
    REMINDERS="The account's reminders hold again.",
)


@strawberry.input(description="A question of the page.")
class QuestionInput:
    key: str = needed("What an answer names: small letters, digits, underscores, such as company_size.")
    label: str = needed("The question as visitors read it.")
    kind: QuestionKind = needed("What an answer looks like.")
    is_required: bool | None = optional("Whether nobody books without an answer.")
    options: list[str] | None = several("What can be chosen, for the SELECT kinds.", 100)


@strawberry.input(description="A property of a contact that the form is to ask for.")
class FormFieldInput:
    property: ContactProperty = needed("The property.")
    is_required: bool | None = optional("Whether nobody books without it.")


@strawberry.input(description="A box to be ticked, never in advance.")
class ConsentBoxInput:
    key: str = needed("What a booking names: small letters, digits, underscores, such as newsletter.")
    label: str = needed("What is agreed to, at most 500 characters.")
    is_required: bool | None = optional("Whether nobody books without ticking it.")


@strawberry.input(description="What visitors are to agree to.")
class ConsentInput:
    kind: ConsentKind = needed("How the text is put.")
    text: str | None = optional("The text, at most 2000 characters; the account's if left out.")
    boxes: list[ConsentBoxInput] | None = several("Boxes for anything further.", 10)


@strawberry.input(description="What a booking is to cost.")
class PriceInput:
    amount: int = needed("In the smallest unit of the currency, such as cents; at least 1.")
    currency: str = needed("ISO 4217, such as EUR.")


@strawberry.input(description="The settings of a link; what is left out is as it was, or as usual.")
class LinkSettingsInput:
    name: str | None = optional("What colleagues call it, at most 200 characters. A new link needs one.")
    slug: str | None = optional("The last part of its address: small letters, digits, hyphens. Made up if left out.")
    title: str | None = optional(
        "The title of its meetings; the name if left out. {contact} and {host} stand for their names."
    )
    description: str | None = optional("What visitors read, at most 5000 characters.")
    attendee_description: str | None = optional(
        "What goes out with the invitation, as text or as simple HTML, at most 5000 characters; the page's description "
        "if empty."
    )
    durations_minutes: list[int] | None = several("The lengths it offers, the usual one first.", 10)
    location: LocationInput | None = optional("Where its meetings happen.")
    time_zone: TimeZone | None = optional("The zone of its hours, window and daily limit.")
    lock_time_zone: bool | None = optional("Whether visitors see its times in that zone only.")
    locale: str | None = optional("The language of its page, as a BCP 47 tag.")
    weekly_hours: list[WeekdayHoursInput] | None = several("Hours of its own, in place of the hosts'.", 7)
    date_overrides: list[DateHoursInput] | None = several("Hours of some dates.", 366)
    increment_minutes: int | None = optional("Minutes from one start to the next.")
    grid_anchor_minutes: int | None = optional("The minute of the day from which the starts are counted.")
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
    form_fields: list[FormFieldInput] | None = several(
        "What is asked for besides the e-mail address, in this order; none for what is usual.", 10
    )
    questions: list[QuestionInput] | None = several("What is asked besides.", 30)
    consent: ConsentInput | None = optional("What visitors agree to.")
    prefills: bool | None = optional("Whether the form is filled in with what was last sent from the same device.")
    auto_submits: bool | None = optional(
        "Whether a form that is filled in completely sends itself; only with `prefills`, without questions and without "
        "boxes that have to be ticked."
    )
    price: PriceInput | None = optional("What a booking costs.")
    refunds_on_cancel: bool | None = optional("Whether the money goes back when a meeting is canceled.")
    confirmation_message: str | None = optional("What visitors read once they have booked, at most 2000 characters.")
    redirect_url: str | None = optional("A page on the web to go to instead; empty for none.")
    redirects_with_details: bool | None = optional("Whether it is told time and title of the meeting, and who booked.")
    embed_origins: list[str] | None = several(
        "The sites that may show the page in a frame, such as https://www.example.com; none for any site.", 20
    )
    accent_color: str | None = optional("The colour of its page, such as #0a6a58.")
    shows_manage_links: bool | None = optional("Whether visitors may move and cancel, and mails lead there.")
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
    clear: list[LinkSetting] | None = several("What is taken back.", 20)
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


@strawberry.input(description="A retired link whose page is to be there again.")
class RestoreMeetingLinkInput:
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
        attendee_description=input.attendee_description,
        durations_minutes=None if input.durations_minutes is None else tuple(input.durations_minutes),
        location_kind=input.location.kind if input.location else None,
        location_text=(input.location.text or "") if input.location else None,
        time_zone=input.time_zone,
        locks_time_zone=input.lock_time_zone,
        locale=input.locale,
        weekly_hours=weekly_from(input.weekly_hours),
        date_overrides=dates_from(input.date_overrides),
        increment_minutes=input.increment_minutes,
        grid_anchor_minutes=input.grid_anchor_minutes,
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
        form_fields=None if input.form_fields is None else tuple(_form_field(one) for one in input.form_fields),
        questions=None if input.questions is None else tuple(_question(one) for one in input.questions),
        consent=None if input.consent is None else _consent(input.consent),
        prefills=input.prefills,
        auto_submits=input.auto_submits,
        price=None if input.price is None else Price(input.price.amount, input.price.currency),
        refunds_on_cancel=input.refunds_on_cancel,
        confirmation_message=input.confirmation_message,
        redirect_url=input.redirect_url,
        redirects_with_details=input.redirects_with_details,
        embed_origins=None if input.embed_origins is None else tuple(input.embed_origins),
        accent_color=input.accent_color,
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


def _form_field(input: FormFieldInput) -> FormField:
    return FormField(input.property, bool(input.is_required))


def _consent(input: ConsentInput) -> Consent:
    boxes = (ConsentBox(one.key, one.label, bool(one.is_required)) for one in input.boxes or ())
    return Consent(input.kind, input.text or "", tuple(boxes))


def _question(input: QuestionInput) -> Question:
    return Question(input.key, input.label, input.kind.value, bool(input.is_required), tuple(input.options or ()))
