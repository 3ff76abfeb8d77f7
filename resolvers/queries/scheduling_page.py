"""The page of a link, for visitors; and for colleagues, why a time is not on it."""

from datetime import UTC, datetime
from typing import Annotated

import strawberry

from resolvers.door import query
from schema.access import PUBLIC
from schema.context import Info
from schema.types.scheduling_page import Duration, SchedulingPage, page_of
from schema.types.slot import REASONS, SlotExplanation, SlotReason
from schema.types.user import User
from server.accounts import queries
from server.accounts.scopes import Scope
from server.availability import Reason
from server.booking.slots import explain_slot as reasons_against
from server.errors import ErrorCode, refusal
from server.links.pages import scheduling_page_of

Slug = Annotated[str, strawberry.argument(description="The last part of the page's address; former ones work too.")]
Start = Annotated[datetime, strawberry.argument(description="When the meeting would begin.")]


@query(PUBLIC, "The public page of a link; null if no link has or had this address.")
async def scheduling_page(info: Info, slug: Slug) -> SchedulingPage | None:
    page = await scheduling_page_of(slug)
    return page_of(page) if page else None


@query(Scope.LINKS_READ, "Why a time is or is not offered on a page of the account.")
async def explain_slot(info: Info, slug: Slug, starts_at: Start, duration_minutes: Duration = None) -> SlotExplanation:
    page = await scheduling_page_of(slug)
    if page is None or page.account.id != info.context.signed_in.account_id:
        raise refusal(ErrorCode.LINK_NOT_FOUND, "No page of your account has this address; check the spelling.", "slug")
    against = await reasons_against(page, starts_at, duration_minutes=duration_minutes)
    hosts = await _hosts(info, against)
    return SlotExplanation(offered=not against, reasons=[_reason(one, hosts) for one in against])


async def _hosts(info: Info, reasons: list[Reason]) -> dict[object, User]:
    numbers = sorted({int(one.member) for one in reasons if one.member is not None})
    users = await info.context.read.many(User, queries.users_among(info.context.signed_in, numbers))
    return dict(zip(numbers, users, strict=True))


def _reason(reason: Reason, hosts: dict[object, User]) -> SlotReason:
    return SlotReason(
        code=reason.code,
        until=None if reason.until is None else datetime.fromtimestamp(reason.until, UTC),
        host=hosts.get(reason.member),
        message=REASONS[reason.code],
    )
