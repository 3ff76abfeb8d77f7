"""Whoever keeps the records says what is known of a company, deal, ticket or custom object."""

from __future__ import annotations

import pytest

from server.contacts.object_types import create_object_type, edit_object_type
from server.contacts.save_record import RecordEntry, Saved, save_record
from server.errors import ErrorCode, Refused
from server.models import ObjectType, Record, User
from server.models.enums import RecordKind, Role
from tests.factories import a_user, an_account
from tests.resolvers.asking import answer, viewer_for

pytestmark = pytest.mark.capability("S1-42")


async def an_admin() -> User:
    return await a_user(await an_account(), role=Role.ADMIN)


async def complaints(user: User, entry: RecordEntry) -> list[tuple[ErrorCode, tuple[str, ...]]]:
    with pytest.raises(Refused) as refused:
        await save_record(viewer_for(user), entry)
    return [(one.code, one.path) for one in refused.value.complaints]


@pytest.mark.parametrize("kind", [RecordKind.COMPANY, RecordKind.DEAL, RecordKind.TICKET])
async def test_a_record_is_made_and_found_again_by_its_external_id(db: str, kind: RecordKind) -> None:
    user = await an_admin()
    made = await save_record(viewer_for(user), RecordEntry(kind=kind, external_id="7", name="Meridian"))
    other = await save_record(viewer_for(user), RecordEntry(kind=kind, name="Meridian"))
    entry = RecordEntry(kind=kind, external_id="7", name="Meridian AG", owner_id=user.id, properties=(("Stage", "2"),))
    again = await save_record(viewer_for(user), entry)
    record = await Record.get(id=made.id)
    assert (made.is_new, other.is_new, again) == (True, True, Saved(made.id, is_new=False))
    assert (record.kind, record.name, record.owner_id, record.properties) == (
        kind,
        "Meridian AG",
        user.id,
        {"Stage": "2"},
    )


async def test_an_object_type_makes_room_for_custom_records(db: str) -> None:
    user = await an_admin()
    viewer = viewer_for(user)
    number = await create_object_type(viewer, key="machine", label="Machine", plural_label="Machines")
    await edit_object_type(viewer, number, label="Press")
    entry = RecordEntry(kind=RecordKind.CUSTOM, object_type="machine", name="Press 4")
    saved = await save_record(viewer, entry)
    told = await answer(
        '{ objectTypes { id key label pluralLabel } records(kind: CUSTOM, objectType: "machine") '
        "{ edges { node { id name objectType } } } }",
        viewer,
    )
    assert told == {
        "objectTypes": [{"id": f"oty_{number}", "key": "machine", "label": "Press", "pluralLabel": "Machines"}],
        "records": {"edges": [{"node": {"id": f"rec_{saved.id}", "name": "Press 4", "objectType": "machine"}}]},
    }


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (RecordEntry(), [(ErrorCode.SETTING_INVALID, ("kind",)), (ErrorCode.NAME_REQUIRED, ("name",))]),
        (RecordEntry(kind=RecordKind.DEAL), [(ErrorCode.NAME_REQUIRED, ("name",))]),
        (RecordEntry(kind=RecordKind.DEAL, name=" "), [(ErrorCode.NAME_REQUIRED, ("name",))]),
        (RecordEntry(kind=RecordKind.CUSTOM, name="x"), [(ErrorCode.NOT_FOUND, ("objectType",))]),
        (
            RecordEntry(kind=RecordKind.DEAL, name="x", object_type="machine"),
            [(ErrorCode.SETTING_INVALID, ("objectType",))],
        ),
        (RecordEntry(record_id=99, name="x"), [(ErrorCode.NOT_FOUND, ("record",))]),
        (RecordEntry(kind=RecordKind.DEAL, name="x", owner_id=99), [(ErrorCode.NOT_FOUND, ("owner",))]),
        (RecordEntry(kind=RecordKind.DEAL, name="x" * 201), [(ErrorCode.TEXT_TOO_LONG, ("name",))]),
    ],
)
async def test_what_cannot_be_is_refused(
    db: str, entry: RecordEntry, expected: list[tuple[ErrorCode, tuple[str, ...]]]
) -> None:
    assert await complaints(await an_admin(), entry) == expected
    assert await Record.all().count() == 0


async def test_a_record_stays_of_its_kind_and_external_ids_are_used_once(db: str) -> None:
    user = await an_admin()
    first = await save_record(viewer_for(user), RecordEntry(kind=RecordKind.DEAL, name="A", external_id="1"))
    second = await save_record(viewer_for(user), RecordEntry(kind=RecordKind.DEAL, name="B"))
    changed = RecordEntry(record_id=first.id, kind=RecordKind.TICKET)
    assert await complaints(user, changed) == [(ErrorCode.SETTING_INVALID, ("kind",))]
    taken = RecordEntry(record_id=second.id, external_id="1")
    assert await complaints(user, taken) == [(ErrorCode.ALREADY_USED, ("externalId",))]
    free = RecordEntry(kind=RecordKind.TICKET, name="C", external_id="1")
    assert (await save_record(viewer_for(user), free)).is_new


@pytest.mark.parametrize(
    ("key", "label", "expected"),
    [
        ("Machine", "x", [(ErrorCode.SETTING_INVALID, ("key",))]),
        ("machine", "", [(ErrorCode.ALREADY_USED, ("key",)), (ErrorCode.NAME_REQUIRED, ("label",))]),
        ("x" * 65, "x", [(ErrorCode.SETTING_INVALID, ("key",))]),
    ],
)
async def test_an_object_type_that_cannot_be_is_refused(
    db: str, key: str, label: str, expected: list[tuple[ErrorCode, tuple[str, ...]]]
) -> None:
    viewer = viewer_for(await an_admin())
    await create_object_type(viewer, key="machine", label="Machine", plural_label="Machines")
    with pytest.raises(Refused) as refused:
        await create_object_type(viewer, key=key, label=label, plural_label="x")
    assert [(one.code, one.path) for one in refused.value.complaints] == expected


async def test_only_an_administrator_makes_kinds_of_records(db: str) -> None:
    member = viewer_for(await a_user(await an_account()))
    for act in (
        create_object_type(member, key="x", label="x", plural_label="x"),
        edit_object_type(member, 1, label="x"),
    ):
        with pytest.raises(Refused) as refused:
            await act
        assert [one.code for one in refused.value.complaints] == [ErrorCode.FORBIDDEN]
    assert await ObjectType.all().count() == 0
