"""A page that takes bookings, also once its hosts are locked."""

from __future__ import annotations

from dataclasses import replace

from server import database
from server.errors import ErrorCode, refusal
from server.links.pages import SchedulingPage
from server.models.enums import MeetingLinkKind


def require_open(page: SchedulingPage) -> None:
    """`LINK_INACTIVE` for a page that takes no bookings."""
    if not page.is_open:
        message = "This page takes no bookings at the moment. Please ask your host for another one."
        raise refusal(ErrorCode.LINK_INACTIVE, message, "slug")


async def with_hosts_locked(page: SchedulingPage) -> SchedulingPage:
    """The page with hosts whose time nobody else takes before the transaction ends. Whoever was put out while this
    waited for them is no host any more: others take their turns, any other page is closed (`LINK_INACTIVE`)."""
    active = await database.lock_hosts(host.id for host in page.hosts)
    hosts = tuple(host for host in page.hosts if host.id in active)
    is_enough = bool(hosts) if page.link.kind is MeetingLinkKind.ROUND_ROBIN else hosts == page.hosts
    page = replace(page, hosts=hosts, is_open=page.is_open and is_enough)
    require_open(page)
    return page
