"""A slot that is kept while a form is filled in: busy to others, not to whoever has the token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from server import clock, database, ids, settings
from server.booking.assign import assigned
from server.booking.errors import SlotTaken
from server.booking.nearest import nearest_free
from server.booking.open_page import require_open, with_hosts_locked
from server.booking.slots import asked_duration
from server.changes.data_version import raise_data_version
from server.errors import ErrorCode, refusal
from server.links.pages import SchedulingPage, link_of, page_of, scheduling_page_of
from server.models import BusySpan, Hold, User
from server.models.enums import BusySource
from server.repeats import kept_or

KEPT_FOR = timedelta(minutes=10)

FORGOTTEN_AFTER = timedelta(days=1)
"""How long after its end a hold is still known by its token."""

_NO_PAGE = "There is no scheduling page at this address."


@dataclass(frozen=True, slots=True)
class Held:
    """The token that stands for the hold, shown once, and when the slot is free again."""

    token: str
    expires_at: datetime


async def hold_slot(
    slug: str,
    starts_at: datetime,
    *,
    duration_minutes: int | None = None,
    kept_for: timedelta = KEPT_FOR,
    idempotency_key: str | None = None,
) -> Held:
    """The slot is busy to everybody but the holder of the token until `expires_at` by the clock. The same idempotency
    key and input give the same hold again, even when it has ended.

    `LINK_NOT_FOUND`, `LINK_INACTIVE`, `SLOT_NOT_OFFERED`, `TIME_IN_PAST`; `SlotTaken` carries the nearest free ones."""
    link = await link_of(slug, even_retired=True)
    if link is None:
        raise refusal(ErrorCode.LINK_NOT_FOUND, _NO_PAGE, "slug")
    try:
        result = await kept_or(
            "holdSlot",
            account_id=link.account_id,
            scope=f"hold:{link.id}",
            key=idempotency_key,
            input={"starts_at": starts_at, "duration_minutes": duration_minutes},
            run=partial(_hold, slug, starts_at, duration_minutes, kept_for),
        )
    except SlotTaken as taken:
        page = await page_of(link)
        duration = asked_duration(page, duration_minutes)
        raise SlotTaken(await nearest_free(page, starts_at, duration_minutes=duration)) from taken
    return Held(token=_token(result["seed"]), expires_at=datetime.fromisoformat(result["expires_at"]))


async def release_hold(token: str) -> bool:
    """The slot is free again at once. False if there was no such hold, or it had ended already."""
    async with database.transaction():
        hold = await Hold.get_or_none(digest=ids.digest(token), released_at__isnull=True)
        if hold is None or hold.expires_at <= clock.now():
            return False
        await drop_hold(hold)
        await raise_data_version(hold.account_id)
        return True


async def live_hold(token: str | None, page: SchedulingPage, starts_at: datetime, duration_minutes: int) -> Hold | None:
    """The hold behind a token, if it keeps exactly this slot of this page and has neither expired nor been released."""
    if token is None:
        return None
    hold = await Hold.get_or_none(
        digest=ids.digest(token),
        link_id=page.link.id,
        starts_at=starts_at,
        released_at__isnull=True,
        expires_at__gt=clock.now(),
    )
    is_as_long = hold is not None and hold.ends_at - hold.starts_at == timedelta(minutes=duration_minutes)
    return hold if is_as_long else None


async def drop_hold(hold: Hold) -> None:
    """The hold takes nobody's time any more."""
    hold.released_at = clock.now()
    await hold.save(update_fields=["released_at"])
    await BusySpan.filter(hold_id=hold.id).delete()


async def forget_ended_holds() -> int:
    """Holds that ended more than a day ago are gone, with whatever spans nobody swept away. Returns how many rows."""
    return await Hold.filter(expires_at__lt=clock.now() - FORGOTTEN_AFTER).delete()


async def _hold(slug: str, starts_at: datetime, asked_minutes: int | None, kept_for: timedelta) -> dict[str, Any]:
    """The recipe, inside the transaction. What is kept of it holds no token, only the seed of one."""
    page = await scheduling_page_of(slug)
    if page is None:
        raise refusal(ErrorCode.LINK_NOT_FOUND, _NO_PAGE, "slug")
    duration = asked_duration(page, asked_minutes)
    require_open(page)
    page = await with_hosts_locked(page)
    await forget_expired([host.id for host in page.hosts])
    assignment = await assigned(page, starts_at, duration)
    seed, expires_at = ids.new_secret(), clock.now() + kept_for
    await keep_slot(page, assignment.hosts, starts_at, duration, digest=ids.digest(_token(seed)), expires_at=expires_at)
    await raise_data_version(page.account.id)
    return {"seed": seed, "expires_at": expires_at}


async def keep_slot(
    page: SchedulingPage,
    hosts: tuple[User, ...],
    starts_at: datetime,
    duration_minutes: int,
    *,
    digest: str,
    expires_at: datetime,
    since: datetime | None = None,
) -> Hold:
    """The slot is a hold's, with everybody's time that it takes; whoever calls this has locked the hosts. The notice
    counts from `since`, if the slot was kept before."""
    hold = await Hold.create(
        account_id=page.account.id,
        link_id=page.link.id,
        digest=digest,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=duration_minutes),
        expires_at=expires_at,
        created_at=since or clock.now(),
    )
    spans = [
        BusySpan(
            account_id=page.account.id,
            host_id=host.id,
            source=BusySource.HOLD,
            starts=int(hold.starts_at.timestamp()),
            ends=int(hold.ends_at.timestamp()),
            buffer_before=page.link.buffer_before_minutes * 60,
            buffer_after=page.link.buffer_after_minutes * 60,
            hold_id=hold.id,
        )
        for host in hosts
    ]
    await BusySpan.bulk_create(spans)
    return hold


def _token(seed: str) -> str:
    return ids.secret_from(seed, key=settings.current().secret_key, purpose="hold")


async def forget_expired(host_ids: list[int]) -> None:
    """Spans of holds that ended by the clock are gone; nobody reads them any more."""
    expired = Hold.filter(expires_at__lte=clock.now())
    spans = BusySpan.filter(host_id__in=host_ids, source=BusySource.HOLD)
    ended = await expired.filter(id__in=[span.hold_id for span in await spans]).values_list("id", flat=True)
    await BusySpan.filter(hold_id__in=list(ended)).delete()
