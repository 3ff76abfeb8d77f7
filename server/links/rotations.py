"""A rotation is made, changed, deleted; its links and scheduling on behalf share it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from server import clock, database
from server.accounts.scopes import Scope
from server.accounts.viewer import Viewer
from server.changes.log import record_change
from server.checks import required_text
from server.complaints import Complaints
from server.errors import ErrorCode, refusal
from server.models import MeetingLink, Rotation, RotationMember, User
from server.models.enums import ChangeKind
from server.repeats import kept_or
from server.rotation.members import state_from
from server.rotation.turns import join, leave

AT_MOST = 50
HEAVIEST = 100


@dataclass(frozen=True, slots=True)
class Place:
    """One member: how many turns they get beside a weight of 1, and whether they take any at the moment."""

    user_id: int
    weight: int = 1
    is_active: bool = True


async def create_rotation(
    viewer: Viewer, *, name: str, members: Sequence[Place], idempotency_key: str | None = None
) -> int:
    """The rotation is there, with everybody at zero; returns its number. `FORBIDDEN`, `NAME_REQUIRED`, `NOT_FOUND`,
    `SETTING_INVALID` for a member named twice or a weight out of bounds."""
    _require_right(viewer)
    result = await kept_or(
        "createRotation",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=idempotency_key,
        input={"name": name, "members": [asdict(place) for place in members]},
        run=partial(_create, viewer, name, members),
    )
    return int(result["rotation_id"])


async def _create(viewer: Viewer, name: str, members: Sequence[Place]) -> dict[str, Any]:
    made = await Rotation.create(account_id=viewer.account_id, name=await _checked(viewer, name, members))
    await _seat(made, members)
    await _record(viewer, made, "created")
    return {"rotation_id": made.id}


async def edit_rotation(
    viewer: Viewer, rotation_id: int, *, name: str | None = None, members: Sequence[Place] | None = None
) -> None:
    """The rotation has this name and these members in this order. Whoever joins starts at the lowest level of the
    others; whoever is left out keeps their count for when they return (rule 19).

    `NOT_FOUND`, `FORBIDDEN`, `NAME_REQUIRED`, `SETTING_INVALID`."""
    _require_right(viewer)
    async with database.transaction():
        there = await _locked(viewer, rotation_id)
        there.name = await _checked(viewer, there.name if name is None else name, members or ())
        await there.save(update_fields=["name"])
        if members is not None:
            await _seat(there, members)
        await _record(viewer, there, "edited")


async def delete_rotation(viewer: Viewer, rotation_id: int) -> None:
    """Nobody is assigned through it any more; its meetings stand. `NOT_FOUND`, `FORBIDDEN`; `CONFLICT` while a link
    that is not retired points at it."""
    _require_right(viewer)
    async with database.transaction():
        there = await _locked(viewer, rotation_id)
        used = await MeetingLink.filter(rotation_id=there.id, retired_at__isnull=True).first()
        if used is not None:
            message = f"The link {used.name!r} uses this rotation. Retire it, or give it another one, then try again."
            raise refusal(ErrorCode.CONFLICT, message, "rotation")
        there.deleted_at = clock.now()
        await there.save(update_fields=["deleted_at"])
        await _record(viewer, there, "deleted")


def _require_right(viewer: Viewer) -> None:
    is_over_all = viewer.is_admin or viewer.user_id is None
    if not (viewer.may(Scope.LINKS_WRITE) and is_over_all):
        raise refusal(ErrorCode.FORBIDDEN, "Only an administrator may change rotations. Please ask one.", "rotation")


async def _locked(viewer: Viewer, rotation_id: int) -> Rotation:
    there = (
        await Rotation.filter(id=rotation_id, account_id=viewer.account_id, deleted_at__isnull=True)
        .select_for_update(no_key=True)
        .get_or_none()
    )
    if there is None:
        raise refusal(ErrorCode.NOT_FOUND, "There is no such rotation.", "rotation")
    return there


async def _checked(viewer: Viewer, name: str, members: Sequence[Place]) -> str:
    found = Complaints()
    named = found.ask(required_text, name, 200, "name")
    wanted = {place.user_id for place in members}
    if len(members) > AT_MOST or len(wanted) < len(members):
        message = f"A rotation has at most {AT_MOST} members, each of them once."
        found.add(ErrorCode.SETTING_INVALID, message, "members")
        members = members[:AT_MOST]
    few = [place.user_id for place in members]
    known = {user.id for user in await User.filter(id__in=few, account_id=viewer.account_id, is_active=True)}
    for index, place in enumerate(members):
        if place.user_id not in known:
            found.add(ErrorCode.NOT_FOUND, "There is no such colleague.", "members", str(index))
        if not 0 <= place.weight <= HEAVIEST:
            message = f"A weight is a whole number from 0 to {HEAVIEST}."
            found.add(ErrorCode.SETTING_INVALID, message, "members", str(index), "weight")
    found.refuse_if_any()
    return named or ""


async def _seat(there: Rotation, members: Sequence[Place]) -> None:
    """Rows for exactly these members; the counts of those who stay or return are as they were."""
    await database.lock_hosts(place.user_id for place in members)
    rows = {row.user_id: row for row in await RotationMember.filter(rotation_id=there.id).order_by("position", "id")}
    gone = set(rows) - {place.user_id for place in members}
    state = state_from(list(rows.values()))
    for user_id in gone:
        state = leave(state, user_id)
    for position, place in enumerate(members):
        state = join(state, place.user_id, weight=place.weight) if place.weight else state
        turn = state.turn_of(place.user_id)
        seat: dict[str, Any] = {"position": position, "weight": place.weight, "is_active": place.is_active}
        if place.user_id in rows:
            # The columns by name: a meeting that is deleted at this moment lowers the count beside us.
            await RotationMember.filter(id=rows[place.user_id].id).update(**seat, left_at=None)
        else:
            assigned = turn.assigned if turn is not None else 0
            await RotationMember.create(rotation_id=there.id, user_id=place.user_id, assigned=assigned, **seat)
    leaving = RotationMember.filter(rotation_id=there.id, user_id__in=gone, left_at__isnull=True)
    await leaving.update(left_at=clock.now())


async def _record(viewer: Viewer, there: Rotation, what: str) -> None:
    await record_change(
        ChangeKind.LINK_CHANGED,
        account_id=there.account_id,
        actor=viewer.actor,
        data={"rotation_id": there.id, "what": what},
    )
