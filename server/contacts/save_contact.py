"""Whoever keeps the records says what is known of a contact, who is found or made (S1-42)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, field, fields
from functools import partial
from typing import Any

from server.accounts import policy
from server.accounts.settings_form import valid_locale
from server.accounts.viewer import Viewer
from server.changes.data_version import raise_data_version
from server.checks import short_text, valid_email, valid_time_zone
from server.complaints import Complaints
from server.contacts.properties import Property, with_properties
from server.contacts.related import own_company, own_user
from server.errors import ErrorCode, refusal
from server.models import Contact
from server.repeats import kept_or

LONGEST_ID = 255

CLEARABLE: dict[str, Any] = {
    "first_name": "",
    "last_name": "",
    "phone": "",
    "owner": None,
    "company": None,
    "time_zone": None,
    "locale": None,
    "external_id": None,
}
"""What can be taken back, and what stands there afterwards."""


@dataclass(frozen=True, slots=True)
class ContactEntry:
    """What is said of a contact. Which one it is, the number says, else the external id, else the e-mail address. None
    leaves what is known as it is; `properties` change those of the same name; `clear` takes back."""

    contact_id: int | None = None
    external_id: str | None = None
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    owner_id: int | None = None
    company_id: int | None = None
    time_zone: str | None = None
    locale: str | None = None
    properties: tuple[Property, ...] = field(default=())
    clear: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Saved:
    """Whose entry it was, and whether nobody had known them before."""

    id: int
    is_new: bool


async def save_contact(viewer: Viewer, entry: ContactEntry, *, idempotency_key: str | None = None) -> Saved:
    """The account's contact is known as the entry says; every screen that shows them shows it so.

    `FORBIDDEN`, `NOT_FOUND` (contact, owner, company), `ALREADY_USED` (an address or external id of somebody else), or
    all at once what is wrong: `EMAIL_INVALID`, `TEXT_TOO_LONG`, `TIME_ZONE_INVALID`, `SETTING_INVALID`."""
    if not policy.may_edit_contact(viewer, viewer.account_id):
        raise refusal(ErrorCode.FORBIDDEN, "This token may not change contacts.", "contact")
    result = await kept_or(
        "upsertContact",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=idempotency_key,
        input=asdict(entry) | {"clear": sorted(entry.clear)},
        run=partial(_save, viewer, entry),
    )
    return Saved(int(result["contact_id"]), bool(result["is_new"]))


async def _save(viewer: Viewer, entry: ContactEntry) -> dict[str, Any]:
    found = Complaints()
    columns = checked_columns(entry, found)
    columns |= await _related(viewer, entry, found)
    contact = await _known(viewer, entry, columns, found)
    columns |= {_column(name): CLEARABLE[name] for name in CLEARABLE.keys() & set(entry.clear)}
    if entry.properties:
        before = contact.properties if contact is not None else {}
        columns["properties"] = with_properties(before, entry.properties, found, "properties")
    if contact is None and entry.email is None:
        message = "A new contact needs an e-mail address, by which they are known."
        found.add(ErrorCode.EMAIL_INVALID, message, "email")
    found.refuse_if_any()
    is_new = contact is None
    contact = await _made(viewer.account_id, columns) if contact is None else await _changed(contact, columns)
    await raise_data_version(viewer.account_id)
    return {"contact_id": contact.id, "is_new": is_new}


def checked_columns(entry: ContactEntry, found: Complaints) -> dict[str, Any]:
    """The columns of the entry's own texts, cleaned; what is wrong with them is among the complaints."""
    said = {one.name: getattr(entry, one.name) for one in fields(entry) if one.name in _CHECKS}
    return {name: _CHECKS[name](value, found) for name, value in said.items() if value is not None}


async def _related(viewer: Viewer, entry: ContactEntry, found: Complaints) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if entry.owner_id is not None:
        columns["owner_id"] = await own_user(viewer.account_id, entry.owner_id, found, "owner")
    if entry.company_id is not None:
        columns["company_id"] = await own_company(viewer.account_id, entry.company_id, found, "company")
    return columns


async def _known(viewer: Viewer, entry: ContactEntry, columns: dict[str, Any], found: Complaints) -> Contact | None:
    """The contact that is meant, locked; None if they are new."""
    locked = Contact.filter(account_id=viewer.account_id).select_for_update(no_key=True)
    by = {name: columns[name] for name in ("external_id", "email") if columns.get(name)}
    others = {name: await locked.get_or_none(**{name: value}) for name, value in by.items()}
    if entry.contact_id is not None:
        meant = await locked.get_or_none(id=entry.contact_id)
        if meant is None:
            found.add(ErrorCode.NOT_FOUND, "There is no such contact. Please choose one from the list.", "contact")
            return None
    else:
        meant = next((other for other in others.values() if other is not None), None)
    for name, other in others.items():
        if other is not None and meant is not None and other.id != meant.id:
            found.add(ErrorCode.ALREADY_USED, f"{other.email} is another contact with this {_SAID[name]}.", name)
    return meant


async def _made(account_id: int, columns: dict[str, Any]) -> Contact:
    """A new contact. Whoever was made meanwhile with the same address is changed instead."""
    await Contact.bulk_create([Contact(account_id=account_id, **columns)], ignore_conflicts=True)
    there = Contact.filter(account_id=account_id, email=columns["email"]).select_for_update(no_key=True)
    contact = await there.get_or_none()
    if contact is None:
        raise refusal(ErrorCode.ALREADY_USED, "Somebody was just made with this external id.", "externalId")
    return await _changed(contact, columns)


async def _changed(contact: Contact, columns: dict[str, Any]) -> Contact:
    if columns:
        contact.update_from_dict(columns)
        await contact.save(update_fields=list(columns))
    return contact


def _column(name: str) -> str:
    return f"{name}_id" if name in ("owner", "company") else name


_SAID = {"external_id": "external id", "email": "address"}
_CHECKS: dict[str, Callable[[str, Complaints], Any]] = {
    "external_id": lambda text, found: found.ask(short_text, text, LONGEST_ID, "externalId") or None,
    "email": lambda text, found: found.ask(valid_email, text, "email"),
    "first_name": lambda text, found: found.ask(short_text, text, 200, "firstName"),
    "last_name": lambda text, found: found.ask(short_text, text, 200, "lastName"),
    "phone": lambda text, found: found.ask(short_text, text, 64, "phone"),
    "time_zone": lambda text, found: found.ask(valid_time_zone, text, "timeZone"),
    "locale": lambda text, found: found.ask(valid_locale, text, "locale"),
}
