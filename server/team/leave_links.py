"""What happens to links and rotations when somebody leaves."""

from __future__ import annotations

from tortoise.expressions import Q, Subquery

from server import clock
from server.changes.log import record_change
from server.models import LinkMember, MeetingLink, RotationMember, User
from server.models.enums import ChangeKind, MeetingLinkKind


async def lock_links(former: User) -> None:
    """Inside a transaction that has locked the user: nobody else changes the links that they own or are booked through
    before it ends."""
    own = Q(owner_id=former.id, retired_at=None)
    places = Subquery(LinkMember.filter(user_id=former.id).values("link_id"))
    await MeetingLink.filter(own | Q(id__in=places)).order_by("id").select_for_update(no_key=True).only("id")


async def leave_links(former: User, to: User | None, *, actor: str) -> None:
    """Inside a transaction that has locked the links: nobody books the user any more. Their links are those of whoever
    takes over, under the same addresses, or retired where nobody does; in groups the other one has their place, or
    nobody; rotations go on without them. A link that has nobody left is switched off."""
    touched = {link.id: link for link in await _own(former, to)}
    for link in await _groups(former, to):
        touched[link.id] = link
    await _leave_rotations(former, to)
    for link in touched.values():
        await record_change(
            ChangeKind.LINK_CHANGED,
            account_id=link.account_id,
            actor=actor,
            data={"link_id": link.id, "what": "handed over" if to is not None else "retired"},
        )


async def _own(former: User, to: User | None) -> list[MeetingLink]:
    links = await MeetingLink.filter(owner_id=former.id, retired_at=None).order_by("id")
    for link in links:
        link.is_default = False
        if to is not None:
            link.owner_id = to.id
        else:
            link.retired_at, link.is_active = clock.now(), False
        await link.save(update_fields=["owner_id", "is_default", "is_active", "retired_at"])
    return list(links)


async def _groups(former: User, to: User | None) -> list[MeetingLink]:
    places = await LinkMember.filter(user_id=former.id).select_related("link").order_by("id")
    for place in places:
        if to is None or await LinkMember.exists(link_id=place.link_id, user_id=to.id):
            await place.delete()
        else:
            place.user_id = to.id
            await place.save(update_fields=["user_id"])
        link = place.link
        if link.kind is MeetingLinkKind.GROUP and not await LinkMember.exists(link_id=link.id):
            link.is_active = False
            await link.save(update_fields=["is_active"])
    return [place.link for place in places]


async def _leave_rotations(former: User, to: User | None) -> None:
    """Whoever takes over gets a place only where nobody else has one."""
    for place in await RotationMember.filter(user_id=former.id, left_at=None).order_by("id"):
        place.left_at, place.is_active = clock.now(), False
        await place.save(update_fields=["left_at", "is_active"])
        others = RotationMember.filter(rotation_id=place.rotation_id, left_at=None, is_active=True)
        if to is not None and not await others.exists():
            known = await RotationMember.get_or_none(rotation_id=place.rotation_id, user_id=to.id)
            member = known or RotationMember(rotation_id=place.rotation_id, user_id=to.id, position=place.position)
            member.left_at, member.is_active = None, True
            await member.save()
