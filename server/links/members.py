"""Who hosts the meetings of a link."""

from __future__ import annotations

from dataclasses import dataclass

from server.complaints import Complaints
from server.errors import ErrorCode
from server.models import LinkMember, MeetingLink, Rotation, User
from server.models.enums import MeetingLinkKind

AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Members:
    """The users of a GROUP link in the order shown, or the rotation of a ROUND_ROBIN link; a PERSONAL one has none."""

    user_ids: tuple[int, ...] = ()
    rotation_id: int | None = None


async def check_members(account_id: int, kind: MeetingLinkKind, members: Members, found: Complaints) -> None:
    """A group has members, a round robin a rotation, all of the account; so is a rotation that is named for another
    kind, because the link keeps it. `NOT_FOUND` otherwise."""
    if kind is MeetingLinkKind.GROUP:
        wanted = set(members.user_ids)
        known = await User.filter(id__in=wanted, account_id=account_id, is_active=True).count()
        if not 1 <= len(wanted) <= AT_MOST or known < len(wanted):
            message = f"Please choose 1 to {AT_MOST} colleagues who host these meetings together."
            found.add(ErrorCode.NOT_FOUND, message, "members")
    is_wanted = kind is MeetingLinkKind.ROUND_ROBIN or members.rotation_id is not None
    if is_wanted and not await _is_rotation(account_id, members.rotation_id):
        found.add(ErrorCode.NOT_FOUND, "Please choose the rotation whose members take turns.", "rotation")


async def members_of(link: MeetingLink) -> Members:
    """The members that a link has now."""
    rows = await LinkMember.filter(link_id=link.id).order_by("position", "id")
    return Members(tuple(row.user_id for row in rows), link.rotation_id)


async def set_members(link: MeetingLink, members: Members) -> None:
    """These users, in this order, and no others are members of the link."""
    await LinkMember.filter(link_id=link.id).delete()
    wanted = dict.fromkeys(members.user_ids) if link.kind is MeetingLinkKind.GROUP else {}
    await LinkMember.bulk_create(
        LinkMember(link_id=link.id, user_id=user_id, position=position) for position, user_id in enumerate(wanted)
    )


async def _is_rotation(account_id: int, rotation_id: int | None) -> bool:
    if rotation_id is None:
        return False
    return await Rotation.exists(id=rotation_id, account_id=account_id, deleted_at__isnull=True)
