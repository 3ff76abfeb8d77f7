"""The same screens as a newcomer to strawberry and Tortoise would serve them: by the book, with nothing tuned.

Needs DATABASE_URL, PUBLIC_URL, CHANNEL and PORT."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.routing import Route, WebSocketRoute
from strawberry.asgi import GraphQL
from strawberry.schema.config import StrawberryConfig
from strawberry.types import Info
from tortoise import Tortoise
from tortoise.expressions import Q
from tortoise.query_utils import Prefetch
from tortoise.transactions import in_transaction

from benchmarks.servers import naive_tables as tables
from benchmarks.servers import naive_types as types
from server.models.enums import ChangeKind, MeetingLinkKind

DATABASE_URL, PUBLIC_URL, CHANNEL = (os.environ[name] for name in ("DATABASE_URL", "PUBLIC_URL", "CHANNEL"))
subscribers: dict[int, set[asyncio.Queue[types.MeetingChange]]] = {}


def viewer_of(info: Info) -> tuple[int, int]:
    context: Any = info.context
    told = context["connection_params"] or {}
    user, account = (told.get("viewer") or context["request"].headers["x-viewer"]).split(":")
    return int(user), int(account)


def in_order() -> Prefetch:
    return Prefetch("attendees", queryset=tables.Attendee.all().order_by("id"))


@strawberry.type
class Query:
    @strawberry.field
    async def viewer(self, info: Info) -> types.Viewer:
        user_id, _ = viewer_of(info)
        user = await tables.User.get(id=user_id).prefetch_related("account")
        account = types.Account(id=strawberry.ID(f"acc_{user.account.id}"), name=user.account.name)
        zone = types.TimeZone(user.time_zone)
        return types.Viewer(user=types.User.of(user), account=account, time_zone=zone, locale=user.locale)

    @strawberry.field
    async def today_meetings(
        self, info: Info, date: date | None = None, time_zone: types.TimeZone | None = None
    ) -> list[types.Meeting]:
        user_id, account_id = viewer_of(info)
        zone = ZoneInfo(time_zone or "UTC")
        day = date or datetime.now(zone).date()
        starts = int(datetime.combine(day, datetime.min.time(), zone).timestamp())
        ends = int(datetime.combine(day + timedelta(days=1), datetime.min.time(), zone).timestamp())
        attended = await tables.Attendee.filter(
            user_id=user_id, meeting__starts_at__gte=starts - 7 * 86_400, meeting__starts_at__lt=ends
        ).values_list("meeting_id", flat=True)
        rows = (
            await tables.Meeting.filter(
                Q(host_id=user_id) | Q(organizer_id=user_id) | Q(id__in=attended),
                account_id=account_id,
                starts_at__gte=starts - 7 * 86_400,
                starts_at__lt=ends,
                ends_at__gt=starts,
                canceled_at=None,
                deleted_at=None,
            )
            .order_by("starts_at", "id")
            .limit(200)
            .prefetch_related("host", "organizer", "contact__company", "outcome", in_order())
        )
        return [types.Meeting.of(row) for row in rows]

    @strawberry.field
    async def outcomes(self, info: Info) -> list[types.Outcome]:
        _, account_id = viewer_of(info)
        rows = await tables.Outcome.filter(account_id=account_id).order_by("position", "id")
        return [types.Outcome.of(row) for row in rows]

    @strawberry.field
    async def meeting_links(
        self,
        info: Info,
        owner: strawberry.ID | None = None,
        kind: MeetingLinkKind | None = None,
        search: str | None = None,
        first: int = 50,
        after: str | None = None,
    ) -> types.LinkConnection:
        _, account_id = viewer_of(info)
        wanted = tables.MeetingLink.filter(account_id=account_id, retired_at=None)
        if owner:
            wanted = wanted.filter(owner_id=int(owner.removeprefix("usr_")))
        if kind:
            wanted = wanted.filter(kind=kind.value)
        if search:
            wanted = wanted.filter(Q(name__icontains=search) | Q(slug__icontains=search))
        rows = await wanted.order_by("name", "id").limit(first + 1).prefetch_related("owner__calendars")
        edges = [
            types.LinkEdge(node=types.MeetingLink.of(row, PUBLIC_URL), cursor=types.cursor_of(row.name, row.id))
            for row in rows[:first]
        ]
        page = types.PageInfo(has_next_page=len(rows) > first, end_cursor=edges[-1].cursor if edges else None)
        return types.LinkConnection(edges=edges, page_info=page)


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def record_outcome(self, info: Info, input: types.RecordOutcomeInput) -> types.RecordOutcomePayload:
        user_id, account_id = viewer_of(info)
        number = int(input.meeting.removeprefix("mtg_"))
        async with in_transaction():
            meeting = await tables.Meeting.select_for_update().get(id=number, account_id=account_id)
            await meeting.fetch_related("outcome")
            before = meeting.outcome.key
            meeting.outcome = await tables.Outcome.get(account_id=account_id, key=input.outcome, is_archived=False)
            meeting.version += 1
            await meeting.save()
            await _log(account_id, user_id, number, {"previous_outcome": before, "outcome": input.outcome})
        row = await tables.Meeting.get(id=number).prefetch_related("host", "contact__company", "outcome", in_order())
        return types.RecordOutcomePayload(meeting=types.Meeting.of(row), user_errors=[])


async def _log(account_id: int, user_id: int, meeting_id: int, data: dict[str, str]) -> None:
    account = await tables.Account.select_for_update().get(id=account_id)
    account.last_change_number += 1
    account.data_version += 1
    await account.save()
    now = int(time.time())
    await tables.Change.create(
        created_at=now,
        account=account,
        number=account.last_change_number,
        kind="OUTCOME_RECORDED",
        meeting_id=meeting_id,
        occurred_at=now,
        actor=f"user:{user_id}",
        data=data,
    )


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def meeting_booked(self, info: Info, after: str | None = None) -> AsyncGenerator[types.MeetingChange, None]:
        _, account_id = viewer_of(info)
        queue: asyncio.Queue[types.MeetingChange] = asyncio.Queue()
        subscribers.setdefault(account_id, set()).add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            subscribers[account_id].discard(queue)


async def _follow() -> None:
    """Every booking is put into the queue of every subscriber of its account."""
    heard: asyncio.Queue[None] = asyncio.Queue()
    connection = await asyncpg.connect(DATABASE_URL)
    latest = await tables.Change.all().order_by("-id").first()
    seen = latest.id if latest else 0
    await connection.add_listener(CHANNEL, lambda *_: heard.put_nowait(None))
    while True:
        await heard.get()
        for row in await (
            tables.Change.filter(id__gt=seen, kind="MEETING_BOOKED")
            .order_by("id")
            .prefetch_related(
                "meeting__host", "meeting__contact__company", "meeting__attendees", "meeting__outcome", "meeting__link"
            )
        ):
            seen = row.id
            link = row.meeting.link
            through = types.BookedThrough(id=strawberry.ID(f"lnk_{link.id}"), name=link.name) if link else None
            change = types.MeetingChange(
                cursor=types.change_cursor(row.number),
                kind=ChangeKind(row.kind),
                occurred_at=types.instant(row.occurred_at),
                previous_starts_at=None,
                meeting=types.Meeting.of(row.meeting, through),
            )
            for queue in subscribers.get(row.account_id, ()):
                queue.put_nowait(change)


class App(GraphQL[Any, Any]):
    async def get_context(self, request: HTTPConnection, response: Any = None) -> Any:
        return {"request": request, "response": response, "connection_params": None}


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    await Tortoise.init(
        db_url=DATABASE_URL.replace("postgresql://", "asyncpg://"),
        modules={"naive": [tables.__name__]},
        _enable_global_fallback=True,
    )
    following = asyncio.create_task(_follow())
    yield
    following.cancel()
    await Tortoise.close_connections()


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    config=StrawberryConfig(scalar_map=types.SCALARS),
)
graphql = App(schema)
app = Starlette(lifespan=lifespan, routes=[Route("/graphql", graphql), WebSocketRoute("/graphql", graphql)])

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning")
