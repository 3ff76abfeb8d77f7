"""A meeting link is made, changed, duplicated, retired, restored."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q

from server import clock, database, ids
from server.accounts import policy
from server.accounts.viewer import Viewer
from server.changes.log import record_change
from server.complaints import Complaints
from server.errors import ErrorCode, refusal
from server.links.contradictions import check_contradictions
from server.links.members import Members, check_members, members_of, set_members
from server.links.settings import LinkSettings, checked_columns, cleared_columns
from server.links.titles import valid_title
from server.models import LinkSlug, MeetingLink, User
from server.models.enums import ChangeKind, MeetingLinkKind
from server.repeats import kept_or

_TAKEN = "This address is in use, or was once. Please choose another one."
_NOT_A_SLUG = "An address has 1 to 80 small letters, digits and hyphens, such as ines-intro. Please choose another one."
_ITS_OWN = {"id", "created_at", "slug", "booking_count"}


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link to be made: whose it is (the viewer's unless said), of which kind, with whom, and its settings, of which
    the name has to be there. Without a slug one is made from owner and name."""

    settings: LinkSettings
    kind: MeetingLinkKind = MeetingLinkKind.PERSONAL
    owner_id: int | None = None
    members: Members = Members()


async def create_link(viewer: Viewer, new: NewLink, *, idempotency_key: str | None = None) -> int:
    """The page is there, under an address that no link ever had. The link's number.

    `FORBIDDEN` for somebody else's unless the viewer is an administrator; `CONFLICT` for a slug that is or was in use;
    `NOT_FOUND` for owner, members or rotation; or all at once what is wrong with the settings."""
    result = await kept_or(
        "createMeetingLink",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=idempotency_key,
        input=asdict(new),
        run=partial(_create, viewer, new),
    )
    return int(result["link_id"])


async def _create(viewer: Viewer, new: NewLink) -> dict[str, Any]:
    """The recipe, inside the transaction."""
    owner = await _owner(viewer, new.owner_id)
    found = Complaints()
    columns = checked_columns(new.settings, found)
    if new.settings.name is None:
        found.add(ErrorCode.NAME_REQUIRED, "Please give the link a name; only colleagues see it.", "name")
    check_contradictions(columns, None, found)
    await check_members(viewer.account_id, new.kind, new.members, found)
    slug = await _free_slug(new.settings.slug, owner, columns.get("name") or "", found)
    if new.settings.title is None and columns.get("name"):
        columns["title"] = found.ask(valid_title, columns["name"], "name")
    found.refuse_if_any()
    if columns.get("is_default"):
        await database.lock_hosts([owner.id])
        await _no_other_default(owner.id)
    link = await _inserted(
        MeetingLink(
            account_id=viewer.account_id,
            owner_id=owner.id,
            kind=new.kind,
            rotation_id=new.members.rotation_id,
            slug=slug,
            **columns,
        )
    )
    await set_members(link, new.members)
    await _record(viewer, link, "created")
    return {"link_id": link.id}


async def edit_link(
    viewer: Viewer,
    link_id: int,
    settings: LinkSettings,
    *,
    clear: Collection[str] = (),
    kind: MeetingLinkKind | None = None,
    members: Members | None = None,
) -> None:
    """The link has these settings; those named in `clear` are taken back (`CLEARABLE`), the others stay. Its old slug
    leads to the new one for ever. Meetings that were booked are not touched.

    `NOT_FOUND`, `FORBIDDEN`, `CONFLICT` for a slug that another link has or had, or for a default link that was handed
    over at that very moment, or what is wrong with the settings."""
    async with database.transaction():
        link = await (_locked_with_default if settings.is_default else _locked)(viewer, link_id)
        found = Complaints()
        columns = checked_columns(settings, found) | cleared_columns(clear)
        check_contradictions(columns, link, found)
        people = members or await members_of(link)
        await check_members(viewer.account_id, kind or link.kind, people, found)
        slug = await _changed_slug(link, settings.slug, found)
        found.refuse_if_any()
        if columns.get("is_default"):
            await _no_other_default(link.owner_id)
        if slug is not None:
            columns["slug"] = slug
            await _remember(link, slug)
        link.update_from_dict({**columns, "kind": kind or link.kind, "rotation_id": people.rotation_id})
        await link.save()
        if members is not None:
            await set_members(link, members)
        await _record(viewer, link, "edited")


async def duplicate_link(viewer: Viewer, link_id: int, *, idempotency_key: str | None = None) -> int:
    """A second link with the same settings and people, under an address of its own and inactive, so that it can be
    looked over first. Its number. `NOT_FOUND`, `FORBIDDEN`."""
    result = await kept_or(
        "duplicateMeetingLink",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=idempotency_key,
        input={"meeting_link": link_id},
        run=partial(_duplicate, viewer, link_id),
    )
    return int(result["link_id"])


async def _duplicate(viewer: Viewer, link_id: int) -> dict[str, Any]:
    link = await _locked(viewer, link_id)
    columns: dict[str, Any] = {name: getattr(link, name) for name in link._meta.db_fields - _ITS_OWN}
    owner = await User.get(id=link.owner_id)
    slug = await _free_slug(None, owner, link.name, Complaints())
    columns |= {"name": f"{link.name[:190]} (2)", "is_default": False, "is_active": False, "slug": slug}
    copy = await _inserted(MeetingLink(**columns))
    await set_members(copy, await members_of(link))
    await _record(viewer, copy, "created")
    return {"link_id": copy.id}


async def retire_link(viewer: Viewer, link_id: int) -> None:
    """The page is gone for good; its meetings stand, and its address is never given to another link. `NOT_FOUND`,
    `FORBIDDEN`."""
    async with database.transaction():
        link = await _locked(viewer, link_id)
        link.retired_at, link.is_active, link.is_default = clock.now(), False, False
        await link.save(update_fields=["retired_at", "is_active", "is_default"])
        await _record(viewer, link, "retired")


async def restore_link(viewer: Viewer, link_id: int) -> None:
    """A retired page is there again under its old address, switched off so that it can be looked over first; one that
    was never retired stays as it is. `NOT_FOUND`, `FORBIDDEN`."""
    async with database.transaction():
        link = await _locked(viewer, link_id, even_retired=True)
        if link.retired_at is not None:
            link.retired_at = None
            await link.save(update_fields=["retired_at"])
            await _record(viewer, link, "restored")


async def _owner(viewer: Viewer, owner_id: int | None) -> User:
    wanted = owner_id or viewer.user_id
    owner = await User.get_or_none(id=wanted, account_id=viewer.account_id, is_active=True) if wanted else None
    if owner is None:
        raise refusal(ErrorCode.NOT_FOUND, "There is no such colleague. Please choose an owner from the list.", "owner")
    _require_right(viewer, owner.id)
    return owner


async def _locked(viewer: Viewer, link_id: int, *, even_retired: bool = False) -> MeetingLink:
    found = MeetingLink.filter(id=link_id, account_id=viewer.account_id)
    link = await found.select_for_update(no_key=True).get_or_none()
    if link is None or (link.retired_at is not None and not even_retired):
        raise refusal(ErrorCode.NOT_FOUND, "There is no such meeting link.", "meetingLink")
    _require_right(viewer, link.owner_id)
    return link


async def _locked_with_default(viewer: Viewer, link_id: int) -> MeetingLink:
    """The same, together with its owner and the link that is their default one by now. `CONFLICT` if it was handed over
    at that very moment."""
    seen = await MeetingLink.get_or_none(id=link_id, account_id=viewer.account_id)
    if seen is not None:
        await database.lock_hosts([seen.owner_id])
        both = MeetingLink.filter(Q(id=link_id) | Q(owner_id=seen.owner_id, is_default=True))
        await both.order_by("id").select_for_update(no_key=True).only("id")
    link = await _locked(viewer, link_id)
    if seen is None or link.owner_id != seen.owner_id:
        message = "This link has just been handed over to somebody else. Please load it again."
        raise refusal(ErrorCode.CONFLICT, message, "meetingLink")
    return link


def _require_right(viewer: Viewer, owner_id: int) -> None:
    if not policy.may_edit_link(viewer, viewer.account_id, owner_id=owner_id):
        message = "Only its owner or an administrator may change this link. Please ask one of them."
        raise refusal(ErrorCode.FORBIDDEN, message, "meetingLink")


async def _free_slug(wanted: str | None, owner: User, name: str, found: Complaints) -> str:
    """The slug that was asked for, or one made from owner and name; both never used before."""
    if wanted is None:
        made = ids.slug_from(f"{owner.name} {name}") or "meet"
        return f"{made[:70]}-{ids.short_random()}" if await LinkSlug.exists(slug=made) else made
    if not ids.is_slug(wanted):
        found.add(ErrorCode.SETTING_INVALID, _NOT_A_SLUG, "slug")
    elif await LinkSlug.exists(slug=wanted):
        found.add(ErrorCode.CONFLICT, _TAKEN, "slug")
    return wanted


async def _changed_slug(link: MeetingLink, wanted: str | None, found: Complaints) -> str | None:
    """The new slug, which may be one that the link had before; None if it stays as it is."""
    if wanted is None or wanted == link.slug:
        return None
    if not ids.is_slug(wanted):
        found.add(ErrorCode.SETTING_INVALID, _NOT_A_SLUG, "slug")
    elif await LinkSlug.exists(slug=wanted, link_id__not=link.id):
        found.add(ErrorCode.CONFLICT, _TAKEN, "slug")
    return wanted


async def _inserted(link: MeetingLink) -> MeetingLink:
    """The link with its first slug; `CONFLICT` if somebody was quicker to take that."""
    try:
        await link.save()
        await LinkSlug.create(link_id=link.id, slug=link.slug)
    except IntegrityError as error:
        raise _taken(error) from error
    return link


async def _remember(link: MeetingLink, slug: str) -> None:
    try:
        if not await LinkSlug.exists(link_id=link.id, slug=slug):
            await LinkSlug.create(link_id=link.id, slug=slug)
    except IntegrityError as error:
        raise _taken(error) from error


def _taken(error: IntegrityError) -> Exception:
    """`CONFLICT` if somebody was quicker to take the slug; any other fault is a fault."""
    return refusal(ErrorCode.CONFLICT, _TAKEN, "slug") if "slug" in str(error) else error


async def _no_other_default(owner_id: int) -> None:
    await MeetingLink.filter(owner_id=owner_id, is_default=True).update(is_default=False)


async def _record(viewer: Viewer, link: MeetingLink, what: str) -> None:
    await record_change(
        ChangeKind.LINK_CHANGED,
        account_id=link.account_id,
        actor=viewer.actor,
        data={"link_id": link.id, "what": what},
    )
