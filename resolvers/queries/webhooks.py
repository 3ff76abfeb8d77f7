"""Webhooks and their health."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated

import strawberry

from resolvers.door import query
from schema.context import Info
from schema.enums import ChangeKind
from schema.numbers import numbered
from schema.paging import After, Connection, First, page_size
from schema.types.link import MeetingLink
from schema.types.user import User
from schema.types.webhook import Webhook, WebhookDelivery
from server import ids
from server.accounts import queries as accounts
from server.accounts.scopes import Scope
from server.changes import cursor
from server.webhooks import queries
from server.webhooks.edit import MOST_WEBHOOKS
from server.webhooks.health import disabled_after
from server.webhooks.queries import Overview

Id = Annotated[strawberry.ID, strawberry.argument(description="The id of the webhook.")]
WebhookArgument = Annotated[strawberry.ID, strawberry.argument(description="The webhook.")]


@query(Scope.ACCOUNT_ADMIN, f"The account's webhooks, by name. At most {MOST_WEBHOOKS}.")
async def webhooks(info: Info) -> list[Webhook]:
    return await shown(info, await queries.overviews(info.context.signed_in))


@query(Scope.ACCOUNT_ADMIN, "One webhook of the account; null if there is none of this id.")
async def webhook(info: Info, id: Id) -> Webhook | None:
    return await one_webhook(info, numbered("whk", id))


@query(
    Scope.ACCOUNT_ADMIN,
    "What was delivered to a webhook in the last 30 days, what failed, and what waits; the latest first.",
)
async def webhook_deliveries(
    info: Info, webhook: WebhookArgument, first: First = 50, after: After = None
) -> Connection[WebhookDelivery]:
    rows = queries.deliveries(info.context.signed_in, numbered("whk", webhook))
    return await info.context.read.page(WebhookDelivery, rows, page_size(first), after)


async def one_webhook(info: Info, number: int) -> Webhook | None:
    """The webhook of that number, if it is the account's."""
    found = await shown(info, await queries.overviews(info.context.signed_in, number))
    return found[0] if found else None


async def shown(info: Info, found: Sequence[Overview]) -> list[Webhook]:
    """The webhooks as clients see them, with the people and links they name."""
    viewer, rows = info.context.signed_in, [one.webhook for one in found]
    people = _sorted(number for row in rows for number in (row.owner_id, row.host_id))
    links = _sorted(row.link_id for row in rows)
    users = await info.context.read.many(User, accounts.users_among(viewer, people))
    pages = await info.context.read.many(MeetingLink, queries.links_among(viewer, links))
    by_user, by_link = dict(zip(people, users, strict=True)), dict(zip(links, pages, strict=True))
    return [_shown(one, by_user, by_link) for one in found]


def _sorted(numbers: Iterable[int | None]) -> list[int]:
    return sorted({number for number in numbers if number is not None})


def _shown(one: Overview, users: dict[int, User], links: dict[int, MeetingLink]) -> Webhook:
    row = one.webhook
    return Webhook(
        id=strawberry.ID(ids.public_id("whk", row.id)),
        name=row.name,
        url=row.url,
        kinds=[ChangeKind(kind) for kind in row.kinds],
        link=links[row.link_id] if row.link_id is not None else None,
        host=users[row.host_id] if row.host_id is not None else None,
        owner=users[row.owner_id],
        state=row.state,
        created_at=row.created_at,
        last_delivered_at=row.last_delivered_at,
        last_status=row.last_status,
        last_error=row.last_error,
        failing_since=row.failing_since,
        next_try_at=row.next_try_at,
        warned_at=row.warned_at,
        disabled_after=disabled_after(row),
        waiting_count=one.waiting,
        behind_count=one.behind,
        cursor=cursor.write(row.position),
        previous_secret_ends_at=_overlap_end(row.secrets),
    )


def _overlap_end(secrets: Sequence[dict[str, int | None]]) -> datetime | None:
    ends = [one["until"] for one in secrets if one["until"] is not None]
    return datetime.fromtimestamp(ends[0], UTC) if ends else None
