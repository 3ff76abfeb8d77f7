"""Who is expected at a meeting that a user puts in: contacts, colleagues, and addresses that are neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.checks import short_text, valid_email
from server.complaints import Complaints
from server.errors import ErrorCode, Refused, refusal
from server.models import Account, Attendee, Contact, Meeting, User
from server.models.enums import AccountKind, AttendeeKind, Reply

AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Expected:
    """One wish: exactly one of a contact's number, a user's number, or an e-mail address (with a name, if known)."""

    contact_id: int | None = None
    user_id: int | None = None
    address: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is expected, as the invitation will name them. `contact` or `user` is set for whoever is known."""

    kind: AttendeeKind
    email: str
    name: str
    contact: Contact | None = None
    user: User | None = None


async def expected_people(account: Account, wanted: Sequence[Expected], found: Complaints) -> list[Person]:
    """The people behind the wishes, each address once. An address that a contact or a colleague has stands for them.

    Complaints: `NOT_FOUND` for foreign or unknown numbers, `ATTENDEE_EMAIL_INVALID` (S2-26), and in a sandbox
    `SANDBOX_ONLY` for whoever is no user of it (S2-05)."""
    if len(wanted) > AT_MOST:
        found.add(ErrorCode.GUEST_LIMIT, f"A meeting has at most {AT_MOST} attendees. Please remove some.", "attendees")
        return []
    people: dict[str, Person] = {}
    for index, one in enumerate(wanted):
        path = ("attendees", str(index))
        person = await _person(account, one, found, path)
        if person is None:
            continue
        if account.kind is AccountKind.SANDBOX and not await _is_user(account, person):
            message = "This is a sandbox: only its own users can be invited. Please choose one of them."
            found.add(ErrorCode.SANDBOX_ONLY, message, *path)
        people.setdefault(person.email, person)
    return list(people.values())


def attendee_of(meeting: Meeting, person: Person) -> Attendee:
    """The person as a row of the meeting, not saved yet; the host has accepted by hosting, the others are asked."""
    hosts = person.user is not None and person.user.id == meeting.host_id
    return Attendee(
        account_id=meeting.account_id,
        meeting_id=meeting.id,
        kind=person.kind,
        contact_id=person.contact.id if person.contact is not None else None,
        user_id=person.user.id if person.user is not None else None,
        name=person.name,
        email=person.email,
        reply=Reply.ACCEPTED if hosts else Reply.NEEDS_ACTION,
    )


def colleague(user: User) -> Person:
    """A user as somebody who is expected."""
    return Person(AttendeeKind.USER, user.email, user.name, user=user)


async def _person(account: Account, wanted: Expected, found: Complaints, path: tuple[str, ...]) -> Person | None:
    if wanted.contact_id is not None:
        contact = await Contact.get_or_none(id=wanted.contact_id, account_id=account.id)
        if contact is None:
            return _nobody("contact", found, path)
        return _of_contact(contact) if found.ask(_reachable, contact.email, *path) is not None else None
    if wanted.user_id is not None:
        user = await User.get_or_none(id=wanted.user_id, account_id=account.id, is_active=True)
        return colleague(user) if user is not None else _nobody("colleague", found, path)
    address = found.ask(_reachable, wanted.address or "", *path)
    name = found.ask(short_text, wanted.name, 400, *path)
    if address is None or name is None:
        return None
    if user := await User.get_or_none(email=address, account_id=account.id, is_active=True):
        return colleague(user)
    if contact := await Contact.get_or_none(email=address, account_id=account.id):
        return _of_contact(contact)
    return Person(AttendeeKind.GUEST, address, name)


def _reachable(address: str, *path: str) -> str:
    """The address in the one form; `ATTENDEE_EMAIL_INVALID` if no invitation can get there (S2-26)."""
    try:
        return valid_email(address, *path)
    except Refused as refused:
        message = refused.complaints[0].message
        raise refusal(ErrorCode.ATTENDEE_EMAIL_INVALID, message, *path) from refused


def _of_contact(contact: Contact) -> Person:
    name = f"{contact.first_name} {contact.last_name}".strip()
    return Person(AttendeeKind.CONTACT, contact.email, name, contact=contact)


def _nobody(what: str, found: Complaints, path: tuple[str, ...]) -> Person | None:
    found.add(ErrorCode.NOT_FOUND, f"There is no such {what}. Please choose one from the list.", *path)
    return None


async def _is_user(account: Account, person: Person) -> bool:
    return person.user is not None or await User.exists(account_id=account.id, email=person.email, is_active=True)
