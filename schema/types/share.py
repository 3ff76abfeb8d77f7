"""A page, made ready to be handed on."""

from dataclasses import asdict
from datetime import datetime

import strawberry

from server.sharing import proposal_mail, share


@strawberry.type(description="A page for every channel. HTML is escaped and needs no style sheet.")
class LinkShare:
    url: str = strawberry.field(description="The address with language and tracking, to be copied.")
    preview_url: str = strawberry.field(description="The same without tracking, to look at oneself.")
    subject: str = strawberry.field(description="A subject for a mail, or a title for a share sheet.")
    share_text: str = strawberry.field(description="One line with the address, for a share sheet.")
    email_text: str = strawberry.field(description="Some lines for a plain mail.")
    email_html: str = strawberry.field(description="The same for an HTML mail, with a button.")
    chat_snippet: str = strawberry.field(description="One short line for a chat.")
    cta_html: str = strawberry.field(description="A button for a web site.")
    embed_code: str = strawberry.field(
        description="A line of script that shows the page within a web site, and an ordinary link where no script runs."
    )
    iframe_code: str = strawberry.field(description="The page in a frame, for sites that allow no script of others.")
    qr_code_svg: str = strawberry.field(
        description="The address as a QR code, as an SVG picture; without its tracking where that makes it unreadable."
    )


@strawberry.type(description="A time that was free when it was proposed.")
class ProposedTime:
    starts_at: datetime = strawberry.field(description="When it begins.")
    ends_at: datetime = strawberry.field(description="When it ends.")
    label: str = strawberry.field(description="The time in words, in the zone that was asked for.")
    url: str = strawberry.field(description="Where it is booked, if it is still free then.")


@strawberry.type(description="Times for somebody to choose from. None of them is kept free.")
class ProposedTimes:
    times: list[ProposedTime] = strawberry.field(description="Each time once, the earliest first. At most 20.")
    text: str = strawberry.field(description="A plain mail about them.")
    html: str = strawberry.field(description="The same as HTML, escaped.")


def shown_share(of: share.LinkShare) -> LinkShare:
    """A share as clients see it."""
    return LinkShare(**asdict(of))


def shown_times(of: proposal_mail.ProposedTimes) -> ProposedTimes:
    """Proposed times as clients see them."""
    return ProposedTimes(times=[ProposedTime(**asdict(one)) for one in of.times], text=of.text, html=of.html)
