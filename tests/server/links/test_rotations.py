"""Rotations are made, changed, deleted."""

from __future__ import annotations

import asyncio

import pytest

from server import database
from server.errors import ErrorCode, Refused
from server.links.rotations import Place, create_rotation, delete_rotation, edit_rotation
from server.models import MeetingLink, Rotation, RotationMember
from server.models.enums import MeetingLinkKind, Role
from server.rotation.members import count_down
from tests.factories import a_link, a_user, an_account
from tests.server.booking.scene import monday, turns_of
from tests.server.meetings.scene import viewer_of


@pytest.mark.capability("S2-45")
async def test_member_who_joins_starts_at_the_lowest_level_of_the_others(db: str) -> None:
    account = await an_account()
    admin = viewer_of(await a_user(account, "Ada", role=Role.ADMIN))
    ines, piotr, olga = [await a_user(account, name) for name in ("Ines", "Piotr", "Olga")]
    rotation = await create_rotation(admin, name="Sales", members=[Place(ines.id), Place(piotr.id)])
    assert await turns_of(rotation) == [(ines.id, 0, 0), (piotr.id, 0, 0)]
    await RotationMember.filter(user_id=ines.id).update(assigned=7, last_assigned=12)
    await RotationMember.filter(user_id=piotr.id).update(assigned=5, last_assigned=11)
    await edit_rotation(admin, rotation, members=[Place(olga.id), Place(ines.id), Place(piotr.id)])
    assert await turns_of(rotation) == [(olga.id, 5, 0), (ines.id, 7, 12), (piotr.id, 5, 11)]


async def test_member_who_leaves_and_returns_keeps_the_count(db: str) -> None:
    account = await an_account()
    admin = viewer_of(await a_user(account, "Ada", role=Role.ADMIN))
    ines, piotr = [await a_user(account, name) for name in ("Ines", "Piotr")]
    rotation = await create_rotation(admin, name="Sales", members=[Place(ines.id), Place(piotr.id)])
    await RotationMember.filter(user_id=ines.id).update(assigned=7, last_assigned=12)
    await edit_rotation(admin, rotation, name="Selling", members=[Place(piotr.id, weight=2, is_active=False)])
    left = await RotationMember.get(user_id=ines.id)
    assert (left.left_at is not None, left.assigned) == (True, 7)
    await edit_rotation(admin, rotation, members=[Place(piotr.id), Place(ines.id)])
    back = await RotationMember.get(user_id=ines.id)
    assert (back.left_at, back.assigned, back.last_assigned, back.position) == (None, 7, 12, 1)
    assert (await Rotation.get(id=rotation)).name == "Selling"


async def test_rotation_in_use_is_not_deleted(db: str) -> None:
    account = await an_account()
    ada = await a_user(account, "Ada", role=Role.ADMIN)
    admin = viewer_of(ada)
    rotation = await create_rotation(admin, name="Sales", members=[Place(ada.id)])
    link = await a_link(ada, kind=MeetingLinkKind.ROUND_ROBIN, rotation_id=rotation)
    with pytest.raises(Refused) as caught:
        await delete_rotation(admin, rotation)
    assert [one.code for one in caught.value.complaints] == [ErrorCode.CONFLICT]
    await MeetingLink.filter(id=link.id).update(retired_at=monday(0))
    await delete_rotation(admin, rotation)
    assert (await Rotation.get(id=rotation)).deleted_at is not None
    with pytest.raises(Refused) as again:
        await edit_rotation(admin, rotation, name="x")
    assert [one.code for one in again.value.complaints] == [ErrorCode.NOT_FOUND]


async def test_rotation_refuses_strangers_doubles_and_members_without_right(db: str) -> None:
    account = await an_account()
    ada, ines = await a_user(account, "Ada", role=Role.ADMIN), await a_user(account)
    stranger = await a_user(await an_account())
    members = [Place(stranger.id), Place(ines.id), Place(ines.id), Place(ada.id, weight=101)]
    with pytest.raises(Refused) as caught:
        await create_rotation(viewer_of(ada), name=" ", members=members)
    assert [(one.code, one.path) for one in caught.value.complaints] == [
        (ErrorCode.NAME_REQUIRED, ("name",)),
        (ErrorCode.SETTING_INVALID, ("members",)),
        (ErrorCode.NOT_FOUND, ("members", "0")),
        (ErrorCode.SETTING_INVALID, ("members", "3", "weight")),
    ]
    with pytest.raises(Refused) as forbidden:
        await create_rotation(viewer_of(ines), name="Mine", members=[Place(ines.id)])
    assert [one.code for one in forbidden.value.complaints] == [ErrorCode.FORBIDDEN]
    assert await Rotation.all().count() == 0


async def test_edit_rotation_keeps_what_a_deleted_meeting_took_from_a_count_meanwhile(db: str) -> None:
    account = await an_account()
    admin = viewer_of(await a_user(account, "Ada", role=Role.ADMIN))
    ines = await a_user(account, "Ines")
    rotation = await create_rotation(admin, name="Sales", members=[Place(ines.id)])
    await RotationMember.filter(rotation_id=rotation).update(assigned=5)
    is_lowered, may_commit = asyncio.Event(), asyncio.Event()

    async def deleting() -> None:
        async with database.transaction():
            await count_down(rotation, ines.id)
            is_lowered.set()
            await may_commit.wait()

    first = asyncio.create_task(deleting())
    await is_lowered.wait()
    second = asyncio.create_task(edit_rotation(admin, rotation, members=[Place(ines.id, weight=2)]))
    await asyncio.sleep(0.3)
    may_commit.set()
    await asyncio.gather(first, second)
    row = await RotationMember.get(rotation_id=rotation)
    assert (row.assigned, row.weight) == (4, 2)
