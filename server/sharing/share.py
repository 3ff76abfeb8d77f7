"""What is handed to others so that they find a page."""

from __future__ import annotations

from dataclasses import dataclass, field

from server.accounts.viewer import Viewer
from server.booking.tracking import Tracking
from server.links.pages import SchedulingPage
from server.sharing import snippets
from server.sharing.addresses import page_address, tracking_query
from server.sharing.channels import ShareChannel, with_channel
from server.sharing.open_page import language_for, open_page, who_invites
from server.sharing.qr_code import MOST_CHARACTERS, qr_code_svg
from server.wording import say, say_html


@dataclass(frozen=True, slots=True)
class Wish:
    """How a page is to be shared: through which channel, with which tracking, in which language (the page's, if it has
    one, unless said)."""

    channel: ShareChannel | None = None
    tracking: Tracking = field(default_factory=Tracking)
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class LinkShare:
    """One page, ready to be handed on. Every address but that of the preview carries the tracking, so that looking at
    one's own page is not counted as somebody's interest."""

    url: str
    preview_url: str
    subject: str
    share_text: str
    email_text: str
    email_html: str
    chat_snippet: str
    cta_html: str
    embed_code: str
    iframe_code: str
    qr_code_svg: str


async def share_link(viewer: Viewer, link_id: int, wish: Wish) -> LinkShare:
    """The page of one's own link or a colleague's (S1-08) for every channel (S1-09). Nothing is written.

    `NOT_FOUND`, `LINK_INACTIVE` for a page that takes no bookings, `SETTING_INVALID` for a language."""
    return shared(await open_page(viewer, link_id), wish)


def shared(page: SchedulingPage, wish: Wish) -> LinkShare:
    """The same of a page that is at hand."""
    locale = language_for(page, wish.locale)
    query = tracking_query(with_channel(wish.tracking, wish.channel))
    url = page_address(page.slug, lang=wish.locale and locale, **query)
    preview_url = page_address(page.slug, lang=wish.locale and locale)
    introduction = {"title": page.title, "name": who_invites(page, locale)}
    invitation = say(locale, "share.invitation", **introduction)
    action = say(locale, "share.action", title=page.title)
    button = snippets.button(url, action, page.link.accent_color or page.account.accent_color)
    return LinkShare(
        url=url,
        preview_url=preview_url,
        subject=page.title,
        share_text=f"{invitation} {url}",
        email_text=f"{invitation}\n{url}",
        email_html=snippets.mail(locale, say_html(locale, "share.invitation", **introduction), button),
        chat_snippet=f"{action}: {url}",
        cta_html=button,
        embed_code=snippets.loader(page.slug, url, action),
        iframe_code=snippets.frame(url, action),
        qr_code_svg=qr_code_svg(url if len(url) <= MOST_CHARACTERS else preview_url, action),
    )
