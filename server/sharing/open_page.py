"""The page that somebody wants to hand on, and how it introduces itself."""

from __future__ import annotations

from server.accounts import policy
from server.accounts.settings_form import valid_locale
from server.accounts.viewer import Viewer
from server.errors import ErrorCode, refusal
from server.links.pages import SchedulingPage, page_of
from server.models import MeetingLink
from server.models.enums import MeetingLinkKind
from server.wording import regional_locale, say


async def open_page(viewer: Viewer, link_id: int) -> SchedulingPage:
    """The page of a link of the viewer's account, whoever owns it (S1-08). `NOT_FOUND`, and `LINK_INACTIVE` for a page
    that takes no bookings, because nobody is to be sent there."""
    link = await MeetingLink.get_or_none(id=link_id, account_id=viewer.account_id, retired_at__isnull=True)
    if link is None or not policy.may_see_link(viewer, link.account_id):
        raise refusal(ErrorCode.NOT_FOUND, "There is no such meeting link.", "meetingLink")
    page = await page_of(link)
    if not page.is_open:
        message = "This page takes no bookings at the moment. Please switch the link on before you share it."
        raise refusal(ErrorCode.LINK_INACTIVE, message, "meetingLink")
    return page


def language_for(page: SchedulingPage, wanted: str | None) -> str:
    """The language asked for, else the page's, else its owner's. `SETTING_INVALID` for one that does not exist."""
    return regional_locale(valid_locale(wanted, "locale") if wanted else page.link.locale or page.owner.locale)


def who_invites(page: SchedulingPage, locale: str) -> str:
    """Whom one meets: the host, the hosts by name, or the organization where the host is chosen at booking."""
    if page.link.kind is MeetingLinkKind.ROUND_ROBIN:
        return page.account.public_name
    return say(locale, "when.list").join(host.name for host in page.hosts)
