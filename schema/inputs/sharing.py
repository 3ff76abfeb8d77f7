"""What colleagues send to hand a page on to others."""

import datetime

import strawberry

from schema.enums import dressed
from schema.inputs.booking import TrackingInput, tracking_from
from schema.inputs.given import needed, optional
from schema.scalars import TimeZone
from server.sharing.channels import ShareChannel
from server.sharing.propose import Proposal
from server.sharing.share import Wish

dressed(
    ShareChannel,
    "Where a page is put for others to find. Bookings that come this way have it, in small letters, for their medium.",
    EMAIL="A mail to one person, or to many.",
    CHAT="A message in a chat.",
    CTA="A button on a web site, or in a signature.",
    WEBSITE="The page itself, shown on a web site.",
    PRINT="A code on paper or on a screen.",
)


@strawberry.input(description="A page that is to be handed on.")
class ShareMeetingLinkInput:
    meeting_link: strawberry.ID = needed("The link: one's own or a colleague's.")
    channel: ShareChannel | None = optional("Where it is put; the medium of its bookings where `tracking` names none.")
    tracking: TrackingInput | None = optional("What bookings that come this way say about where they came from.")
    locale: str | None = optional("The language of words and page, as a BCP 47 tag; the page's if left out.")


@strawberry.input(description="Times that are to be put into a mail.")
class ProposeTimesInput:
    meeting_link: strawberry.ID = needed("The link whose times they are: one's own or a colleague's.")
    starts_at: list[datetime.datetime] = needed("The starts, each of which the page offers. At most 20.")
    duration_minutes: int | None = optional("The length; the first that the page offers if left out.")
    time_zone: TimeZone | None = optional("The zone of whoever is to choose; the page's if left out.")
    locale: str | None = optional("The language of words and page, as a BCP 47 tag; the page's if left out.")
    tracking: TrackingInput | None = optional("What a booking of one of them says about where it came from.")


def wish_from(input: ShareMeetingLinkInput) -> Wish:
    """The input as the verb takes it."""
    return Wish(channel=input.channel, tracking=tracking_from(input.tracking), locale=input.locale)


def proposal_from(input: ProposeTimesInput) -> Proposal:
    """The input as the verb takes it."""
    return Proposal(
        starts_at=tuple(input.starts_at),
        duration_minutes=input.duration_minutes,
        time_zone=input.time_zone,
        locale=input.locale,
        tracking=tracking_from(input.tracking),
    )
