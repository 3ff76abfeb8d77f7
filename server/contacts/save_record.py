"""Whoever keeps the records says what is known of a company, deal, ticket or custom object (S1-42)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from server.accounts import policy
from server.accounts.viewer import Viewer
from server.changes.data_version import raise_data_version
from server.checks import required_text, short_text
from server.complaints import Complaints
from server.contacts.properties import Property, with_properties
from server.contacts.related import own_user
from server.contacts.save_contact import LONGEST_ID, Saved
from server.errors import ErrorCode, refusal
from server.models import ObjectType, Record
from server.models.enums import RecordKind
from server.repeats import kept_or

CLEARABLE: dict[str, Any] = {"owner": None, "external_id": None}


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """What is said of a record. Which one it is, the number says, else the external id among those of its kind; with
    neither it is a new one. None leaves what is known as it is."""

    record_id: int | None = None
    kind: RecordKind | None = None
    object_type: str | None = None
    external_id: str | None = None
    name: str | None = None
    owner_id: int | None = None
    properties: tuple[Property, ...] = field(default=())
    clear: Collection[str] = ()


async def save_record(viewer: Viewer, entry: RecordEntry, *, idempotency_key: str | None = None) -> Saved:
    """The account's record is known as the entry says; every screen that shows it shows it so.

    `FORBIDDEN`, `NOT_FOUND` (record, owner, object type), `ALREADY_USED` (another one's external id), or all at once
    what is wrong: `NAME_REQUIRED`, `TEXT_TOO_LONG`, `SETTING_INVALID` (the kind)."""
    if not policy.may_edit_contact(viewer, viewer.account_id):
        raise refusal(ErrorCode.FORBIDDEN, "This token may not change records.", "record")
    result = await kept_or(
        "upsertRecord",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=idempotency_key,
        input=asdict(entry) | {"clear": sorted(entry.clear)},
        run=partial(_save, viewer, entry),
    )
    return Saved(int(result["record_id"]), bool(result["is_new"]))


async def _save(viewer: Viewer, entry: RecordEntry) -> dict[str, Any]:
    found = Complaints()
    columns = _checked(entry, found)
    if entry.owner_id is not None:
        columns["owner_id"] = await own_user(viewer.account_id, entry.owner_id, found, "owner")
    known = await _known(viewer, entry, found)
    record = known or Record(account_id=viewer.account_id, kind=entry.kind or RecordKind.CUSTOM, name="")
    await _check_kind(record, entry, found, is_new=known is None)
    if known is None and entry.name is None:
        found.add(ErrorCode.NAME_REQUIRED, "A new record needs a name.", "name")
    if entry.properties:
        columns["properties"] = with_properties(record.properties, entry.properties, found, "properties")
    columns |= {_column(name): CLEARABLE[name] for name in CLEARABLE.keys() & set(entry.clear)}
    await _check_external_id(record, columns, found)
    found.refuse_if_any()
    record.update_from_dict(columns)
    await record.save()
    await raise_data_version(viewer.account_id)
    return {"record_id": record.id, "is_new": known is None}


def _checked(entry: RecordEntry, found: Complaints) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if entry.name is not None:
        columns["name"] = found.ask(required_text, entry.name, 200, "name") or ""
    if entry.external_id is not None:
        columns["external_id"] = found.ask(short_text, entry.external_id, LONGEST_ID, "externalId") or None
    return columns


async def _known(viewer: Viewer, entry: RecordEntry, found: Complaints) -> Record | None:
    """The record that is meant, locked; None if it is new."""
    locked = Record.filter(account_id=viewer.account_id).select_for_update(no_key=True)
    if entry.record_id is not None:
        record = await locked.get_or_none(id=entry.record_id)
        if record is None:
            found.add(ErrorCode.NOT_FOUND, "There is no such record. Please choose one from the list.", "record")
        return record
    if not entry.external_id or entry.kind is None:
        return None
    type_ = entry.object_type or ""
    return await locked.get_or_none(kind=entry.kind, object_type=type_, external_id=entry.external_id.strip())


async def _check_kind(record: Record, entry: RecordEntry, found: Complaints, *, is_new: bool) -> None:
    """A new record has the kind that is said, and a custom one an object type of the account; both stay."""
    if not is_new:
        said = (entry.kind or record.kind, record.object_type if entry.object_type is None else entry.object_type)
        if said != (record.kind, record.object_type):
            message = "A record stays of the kind it is. Please make another one."
            found.add(ErrorCode.SETTING_INVALID, message, "kind")
    elif entry.kind is None:
        if entry.record_id is None:
            found.add(ErrorCode.SETTING_INVALID, "Please say what kind of record it is.", "kind")
    elif entry.kind is not RecordKind.CUSTOM:
        if entry.object_type:
            found.add(ErrorCode.SETTING_INVALID, "Only a custom record has an object type.", "objectType")
    elif not await ObjectType.exists(account_id=record.account_id, key=entry.object_type or ""):
        message = "There is no such object type. Please choose one from the list, or have one made."
        found.add(ErrorCode.NOT_FOUND, message, "objectType")
    else:
        record.object_type = entry.object_type or ""


async def _check_external_id(record: Record, columns: dict[str, Any], found: Complaints) -> None:
    if (external_id := columns.get("external_id")) is None:
        return
    named = Record.filter(account_id=record.account_id, kind=record.kind, object_type=record.object_type)
    other = await named.filter(external_id=external_id).first()
    if other is not None and other.id != record.id:
        message = f"{other.name} has this external id already."
        found.add(ErrorCode.ALREADY_USED, message, "externalId")


def _column(name: str) -> str:
    return f"{name}_id" if name == "owner" else name
