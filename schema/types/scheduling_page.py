"""The public page of a meeting link, as far as a visitor may know it."""

from datetime import date
from typing import Annotated

import strawberry

from schema.answering import answered
from schema.scalars import TimeZone
from schema.types.form import Consent, FormField, asked, shown_fields
from schema.types.location import MeetingLocation
from schema.types.price import Price, shown_price
from schema.types.question import LinkQuestion, questions_of
from schema.types.slot import Slot, SlotDay
from server import checks
from server.account_settings.logo import logo_url
from server.booking import slots as room
from server.booking.consents import asked_consent
from server.booking.slots import LONGEST_LIST
from server.links import pages
from server.links.form_fields import form_fields_of
from server.links.price import price_of
from server.models.enums import MeetingLinkKind

Duration = Annotated[
    int | None, strawberry.argument(description="The length; the first that the page offers if left out.")
]
Zone = Annotated[
    TimeZone | None, strawberry.argument(description="The zone in which days are meant; the page's if left out.")
]
FirstDay = Annotated[date, strawberry.argument(name="from", description="The first day.")]
LastDay = Annotated[
    date, strawberry.argument(name="to", description=f"The last day, included; {LONGEST_LIST} days at most.")
]


@strawberry.type(description="The public page of a meeting link: what a visitor needs to book a time on it.")
class SchedulingPage:
    page: strawberry.Private[pages.SchedulingPage]
    slug: str = strawberry.field(description="The current last part of its address, whichever was asked for.")
    title: str = strawberry.field(description="The title that the meeting will have.")
    description: str = strawberry.field(description="What the host says about it; may be empty.")
    organization: str = strawberry.field(description="Who invites, as a whole.")
    host_names: list[str] = strawberry.field(
        description="Whom one meets, by name; the organization where the host is chosen at booking. At most 50."
    )
    durations_minutes: list[int] = strawberry.field(description="The lengths on offer, the usual first. At most 10.")
    time_zone: TimeZone = strawberry.field(description="The zone of the page.")
    lock_time_zone: bool = strawberry.field(description="Whether times are to be shown in the page's zone only.")
    location: MeetingLocation = strawberry.field(description="Where the meeting will happen.")
    form_fields: list[FormField] = strawberry.field(
        description="What is asked for besides the e-mail address, in this order. At most 11."
    )
    questions: list[LinkQuestion] = strawberry.field(description="What is asked besides. At most 30.")
    consent: Consent = strawberry.field(description="What is agreed to, in the language of the page.")
    guests_max: int = strawberry.field(description="How many guests may be brought.")
    locale: str = strawberry.field(description="The language of the page, as a BCP 47 tag.")
    is_open: bool = strawberry.field(description="Whether it takes bookings at the moment.")
    price: Price | None = strawberry.field(description="What a booking costs; null where it costs nothing.")
    confirmation_message: str = strawberry.field(description="What to show once it is booked; may be empty.")
    redirect_url: str | None = strawberry.field(
        description="A page on the web to go to once it is booked; null for none."
    )
    accent_color: str = strawberry.field(description="The colour of the page, such as #0a6a58.")
    logo_url: str | None = strawberry.field(description="The logo of who invites; null if there is none.")
    privacy_url: str | None = strawberry.field(description="Where their privacy notice is; null if there is none.")

    @answered(f"The free times that begin on some days, days without any left out. At most {LONGEST_LIST}.")
    async def slots(
        self, from_: FirstDay, to: LastDay, duration_minutes: Duration = None, time_zone: Zone = None
    ) -> list[SlotDay]:
        days = await room.slots_between(
            self.page, start=from_, end=to, duration_minutes=duration_minutes, viewer_tz=self._zone(time_zone)
        )
        return [SlotDay(date=day.date, slots=[slot_of(one) for one in day.slots]) for day in days]

    @answered("The first free time from now on; null if there is none in the page's window.")
    async def next_available(self, duration_minutes: Duration = None, time_zone: Zone = None) -> Slot | None:
        found = await room.next_available(self.page, duration_minutes=duration_minutes, viewer_tz=self._zone(time_zone))
        return slot_of(found) if found else None

    @answered(
        "False while a host's calendar cannot be reached: the times rest on what it said last, at most for a day."
    )
    async def times_are_current(self) -> bool:
        return await room.times_are_current(self.page)

    def _zone(self, zone: TimeZone | None) -> str:
        return self.page.tz if zone is None else checks.valid_time_zone(zone, "timeZone")


def slot_of(slot: room.Slot) -> Slot:
    """A slot of the engine as clients see it."""
    return Slot(starts_at=slot.starts_at, ends_at=slot.ends_at)


def page_of(page: pages.SchedulingPage) -> SchedulingPage:
    """What a visitor may know of a link."""
    link, organization = page.link, page.account.public_name
    locale = link.locale or page.owner.locale
    is_chosen_later = link.kind is MeetingLinkKind.ROUND_ROBIN
    return SchedulingPage(
        page=page,
        slug=page.slug,
        title=page.title,
        description=link.description,
        organization=organization,
        host_names=[organization] if is_chosen_later else [host.name for host in page.hosts],
        durations_minutes=link.durations_minutes,
        time_zone=TimeZone(page.tz),
        lock_time_zone=link.locks_time_zone,
        location=MeetingLocation(kind=link.location_kind, text=link.location_text, join_url=None, provider=None),
        form_fields=shown_fields(form_fields_of(link)),
        questions=questions_of(link.questions),
        consent=asked(asked_consent(page, locale)),
        guests_max=link.guests_max,
        locale=locale,
        is_open=page.is_open,
        price=shown_price(price_of(link)),
        confirmation_message=link.confirmation_message,
        redirect_url=link.redirect_url or None,
        accent_color=link.accent_color or page.account.accent_color,
        logo_url=logo_url(page.account.logo) or None,
        privacy_url=page.account.privacy_url or None,
    )
