"""Contacts and their meetings, very many: one account has half of everything and nine share the rest, as on a server of
several companies; meetings lie in four years, put in about as they begin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from tortoise.models import Model

from benchmarks.data import FIRST_NAMES, MADE_AT, Row, outcome_id, outcomes
from server import ids, models
from server.accounts.defaults import OUTCOMES
from server.folding import search_text

FIRST = datetime(2023, 1, 2, 8, tzinfo=UTC)
DAYS = 1460

_SYLLABLES = (
    "an",
    "bar",
    "cor",
    "da",
    "el",
    "fin",
    "ga",
    "har",
    "in",
    "jo",
    "kar",
    "lis",
    "mar",
    "nor",
    "os",
    "pel",
    "qui",
    "ros",
    "sel",
    "tor",
    "ul",
    "vin",
    "wal",
    "xen",
    "yor",
    "zab",
)
_ENDS = ("ski", "son", "ez", "ova", "er", "ini", "sen", "wicz", "a", "o")
# Names that begin alike, as somebody types them.
_CALLED = (*FIRST_NAMES, "Maria", "Marek", "Martin", "Marta", "Anna", "Annika")


@dataclass(frozen=True)
class Size:
    """How many contacts and meetings there are; the first account has half of them."""

    contacts: int
    meetings: int
    accounts: int = 10
    users: int = 40

    def account_of(self, number: int, count: int) -> int:
        """The first half belongs to the first account, the rest to the others in turn."""
        return 1 if number <= count // 2 else 2 + number % (self.accounts - 1)


FULL = Size(100_000, 1_000_000)
QUICK = Size(10_000, 100_000)


def tables(size: Size) -> Iterator[tuple[type[Model], Iterator[Row]]]:
    """Each table with its rows, in an order in which keys can be checked."""
    yield models.Account, ({"id": n, "name": f"Firm {n}", "time_zone": "Europe/Warsaw"} for n in _upto(size.accounts))
    yield models.User, _users(size)
    yield models.Outcome, outcomes(size.accounts)
    yield models.Record, _companies(size)
    yield models.Contact, _contacts(size)
    yield models.Meeting, _meetings(size)
    yield models.Attendee, _attendees(size)
    yield models.Association, _associations(size)
    yield models.Change, _changes(size)


def _upto(count: int) -> range:
    return range(1, count + 1)


def _users(size: Size) -> Iterator[Row]:
    for n in _upto(size.accounts * size.users):
        account = (n - 1) // size.users + 1
        yield {"id": n, "account_id": account, "email": f"user{n}@parley.example", "name": f"User {n}"}


def _companies(size: Size) -> Iterator[Row]:
    dice = Random("companies")
    count = size.contacts // 5
    for n in _upto(count):
        name = f"{_name(dice)} {n} GmbH"
        account = size.account_of(n, count)
        yield {"id": n, "account_id": account, "kind": "COMPANY", "name": name, "search_text": search_text(name)}


def _name(dice: Random) -> str:
    return ("".join(dice.choices(_SYLLABLES, k=dice.choice((1, 2, 2, 3)))) + dice.choice(_ENDS)).capitalize()


def _contacts(size: Size) -> Iterator[Row]:
    dice = Random("contacts")
    for n in _upto(size.contacts):
        first, last = dice.choice(_CALLED), _name(dice)
        email, phone = f"{ids.slug_from(first)}.{last.lower()}{n}@clients.example", f"+44 20 7946 {n % 10_000:04}"
        yield {
            "id": n,
            "account_id": size.account_of(n, size.contacts),
            "email": email,
            "first_name": first,
            "last_name": last,
            "phone": phone,
            "search_text": search_text(first, last, email, phone),
            "company_id": _company_of(size, n),
        }


def _company_of(size: Size, contact: int) -> int | None:
    """A company of the same account; every tenth contact belongs to none."""
    half, companies = size.contacts // 2, size.contacts // 10
    return (contact - 1) % companies + 1 if contact <= half and contact % 10 else None


def _contact_of(size: Size, meeting: int) -> int:
    half = size.contacts // 2
    if meeting <= size.meetings // 2:
        return meeting * 7919 % half + 1
    others = size.accounts - 1
    # The one among the contacts of the other accounts whose account is that of the meeting.
    return half + 1 + ((meeting - half - 1) % others) + meeting * 31 % (half // others - 1) * others


def _meetings(size: Size) -> Iterator[Row]:
    dice = Random("meetings")
    first = int(FIRST.timestamp())
    for n in _upto(size.meetings):
        contact = _contact_of(size, n)
        account = size.account_of(contact, size.contacts)
        day = n * DAYS * 2 // size.meetings % DAYS + dice.randrange(14)
        starts = first + day * 86400 + dice.randrange(36) * 900
        host, organizer = (1 + (account - 1) * size.users + dice.randrange(size.users) for _ in range(2))
        yield {
            "id": n,
            "account_id": account,
            "title": "Yearly review",
            "starts_at": starts,
            "ends_at": starts + 1800,
            "time_zone": "Europe/Warsaw",
            "host_id": host,
            "organizer_id": organizer if n % 3 == 0 else host,
            "contact_id": contact,
            "outcome_id": outcome_id(account, dice.randrange(len(OUTCOMES))),
            "source": ("MEETING_LINK", "CRM", "MOBILE_IOS")[n % 3],
            "ical_uid": f"{n}@parley.example",
        }


def _attendees(size: Size) -> Iterator[Row]:
    for n in _upto(size.meetings):
        contact = _contact_of(size, n)
        yield {
            "id": n,
            "account_id": size.account_of(contact, size.contacts),
            "meeting_id": n,
            "kind": "CONTACT",
            "contact_id": contact,
            "name": "Somebody",
            "email": f"contact{contact}@clients.example",
        }


def _associations(size: Size) -> Iterator[Row]:
    """Every tenth meeting of the first account is about a company of its own, the first company has a thousandth, and
    every tenth is about its contact as well."""
    for n in range(10, size.meetings // 2 + 1, 10):
        record = 1 if n % 1000 == 0 else n % (size.contacts // 10) + 1
        yield {"id": n, "account_id": 1, "meeting_id": n, "record_id": record}
        yield {"id": n + 1, "account_id": 1, "meeting_id": n, "contact_id": _contact_of(size, n)}


def _changes(size: Size) -> Iterator[Row]:
    """Two changes of each meeting of the first account that is in the log."""
    for number in _upto(size.meetings // 2):
        meeting = (number + 1) // 2
        yield {
            "id": number,
            "account_id": 1,
            "number": number,
            "kind": "MEETING_SCHEDULED" if number % 2 else "OUTCOME_RECORDED",
            "meeting_id": meeting,
            "occurred_at": MADE_AT + number,
            "actor": "user:1",
            "data": "{}" if number % 2 else '{"outcome": "COMPLETED"}',
        }
