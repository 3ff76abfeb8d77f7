"""A contact is found by e-mail address, or made; both in the transaction of whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from server import clock
from server.models import Contact


@dataclass(frozen=True, slots=True)
class Person:
    """What somebody said of themselves; the address is valid and in lower case. `properties` are those for which a
    contact has no column, such as `company` or `job_title`."""

    email: str
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


async def upsert_contact(account_id: int, person: Person) -> Contact:
    """The account's one contact with that address, locked until the transaction ends (S1-16).

    A known contact keeps what is known; only what was empty is filled in, because whoever books has proved nothing."""
    fresh = Contact(account_id=account_id, email=person.email, first_name=person.first_name, last_name=person.last_name)
    await Contact.bulk_create([fresh], ignore_conflicts=True)
    contact = await Contact.filter(account_id=account_id, email=person.email).select_for_update(no_key=True).get()
    if not (contact.first_name or contact.last_name):
        contact.first_name, contact.last_name = person.first_name, person.last_name
    contact.phone = contact.phone or person.phone
    contact.properties = {**person.properties, **{name: one for name, one in contact.properties.items() if one}}
    await contact.save(update_fields=["first_name", "last_name", "phone", "properties"])
    return contact


async def owner_of(account_id: int, email: str) -> int | None:
    """The user who owns the contact with that address; None if there is no such contact, or it has no owner."""
    contact = await Contact.get_or_none(account_id=account_id, email=email)
    return contact.owner_id if contact is not None else None


async def note_booking(contact: Contact, *, organizer_id: int, campaign: str, source: str, medium: str) -> None:
    """The contact says when and through what it last booked (S1-14), and has an owner: the organizer, if it had none
    (S1-15). A booking without tracking leaves the three properties of the one before."""
    contact.last_booked_at = clock.now()
    contact.owner_id = contact.owner_id or organizer_id
    if campaign or source or medium:
        contact.last_booking_campaign = campaign or None
        contact.last_booking_source = source or None
        contact.last_booking_medium = medium or None
    await contact.save()
