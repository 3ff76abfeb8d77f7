"""The rows that the benchmarks ask for: made from a seed, with the same ids on every database.

A user has twelve meetings on each of `DAYS` days: nine as host, two as organizer for the colleague before them, one as
an attendee of that colleague's. All start between 8:00 and 14:40 UTC, so that they are of one local day in each of
`ZONES`. Twenty links and one session belong to each user."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from random import Random
from typing import Any

from tortoise.models import Model

from server import models
from server.accounts.defaults import OUTCOMES, weekly_hours

FIRST_DAY = date(2027, 3, 1)
DAYS = 23
HOSTED = 9
LINKS = 20
ZONES = (
    "Europe/Warsaw",
    "Europe/London",
    "Europe/Lisbon",
    "Europe/Madrid",
    "Europe/Paris",
    "Europe/Berlin",
    "Europe/Helsinki",
    "Europe/Athens",
    "Europe/Istanbul",
    "Africa/Lagos",
    "Africa/Cairo",
    "Africa/Nairobi",
    "Africa/Johannesburg",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Dhaka",
    "America/Sao_Paulo",
    "America/Halifax",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "Atlantic/Azores",
    "UTC",
)
MADE_AT = int(datetime(2027, 2, 1, tzinfo=UTC).timestamp())

FIRST_NAMES = (
    "Ana",
    "Björn",
    "Chloé",
    "Dmitri",
    "Elif",
    "Grażyna",
    "Hana",
    "João",
    "Kofi",
    "Łukasz",
    "Mei",
    "Noor",
    "Priya",
)
_LAST = (
    "Adeyemi",
    "Becker",
    "Chen",
    "Dvořák",
    "Eriksen",
    "Fernández",
    "Haddad",
    "Ito",
    "Kowalski",
    "Lindqvist",
    "Moreau",
)
_FIRM = (
    "Harbour",
    "Juniper",
    "Lantern",
    "Meridian",
    "Northwind",
    "Orchard",
    "Pinewood",
    "Quarry",
    "Sextant",
    "Tidewater",
)
_ABOUT = ("Yearly review", "Second demo", "Contract questions", "Onboarding", "Pilot: first results", "Introduction")
_PLACES = (
    ("VIDEO", "", "https://video.example/rooms/{id:x}", "EXTENSION"),
    ("PHONE", "+48 22 555 {last:04}", None, None),
    ("ADDRESS", "14 Mill Lane, second floor", None, None),
    ("CUSTOM", "At the café by the station", None, None),
)

Row = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """How much there is: accounts, users and contacts in each."""

    name: str
    accounts: int
    users: int
    contacts: int

    @property
    def all_users(self) -> int:
        return self.accounts * self.users


SMALL = Size("S", accounts=4, users=25, contacts=250)
MEDIUM = Size("M", accounts=10, users=100, contacts=1000)


def account_of(size: Size, user: int) -> int:
    """The number of a user's account."""
    return (user - 1) // size.users + 1


def colleague_after(size: Size, user: int) -> int:
    """The next user of the same account, the first after the last."""
    return user + 1 if user % size.users else user + 1 - size.users


def meeting_id(size: Size, day: int, user: int, place: int) -> int:
    """The number of the meeting that a user hosts on the given day, as the first (0) to ninth (8) of it."""
    return (day * size.all_users + user - 1) * HOSTED + place + 1


def meetings_of(size: Size) -> int:
    """How many meetings there are."""
    return DAYS * size.all_users * HOSTED


def tables(size: Size) -> Iterator[tuple[type[Model], Iterator[Row]]]:
    """Each table with its rows, in an order in which keys can be checked. A column that a row leaves out has the
    default of its model."""
    yield models.Account, _accounts(size)
    yield models.User, _users(size)
    yield models.Session, _sessions(size)
    yield models.CalendarAccount, _calendars(size)
    yield models.Outcome, outcomes(size.accounts)
    yield models.Record, _companies(size)
    yield models.Contact, _contacts(size)
    yield models.MeetingLink, _links(size)
    yield models.LinkSlug, _slugs(size)
    yield models.Meeting, _meetings(size)
    yield models.Attendee, _attendees(size)


def columns_of(model: type[Model]) -> dict[str, Any]:
    """The table's columns with the value of each where a row says nothing, as the database stores it."""
    made: dict[str, Any] = {}
    for name, column in model._meta.fields_db_projection.items():
        default = model._meta.fields_map[name].default
        made[column] = _stored(default() if callable(default) else default)
    return made | {"created_at": MADE_AT}


def _stored(value: Any) -> Any:
    if isinstance(value, list | dict):
        return json.dumps(value)
    if isinstance(value, datetime):
        return int(value.timestamp())
    return value.value if isinstance(value, Enum) else value


def _dice(size: Size, what: str) -> Random:
    return Random(f"{what} {size.name}")


def _accounts(size: Size) -> Iterator[Row]:
    for number in range(1, size.accounts + 1):
        yield {"id": number, "name": f"{_FIRM[number % len(_FIRM)]} {number} Ltd", "sender_name": "Parley"}


def _users(size: Size) -> Iterator[Row]:
    dice = _dice(size, "users")
    hours = json.dumps(weekly_hours())
    for number in range(1, size.all_users + 1):
        yield {
            "id": number,
            "account_id": account_of(size, number),
            "email": f"user{number}@parley.example",
            "name": f"{dice.choice(FIRST_NAMES)} {dice.choice(_LAST)}",
            "time_zone": dice.choice(ZONES),
            "weekly_hours": hours,
        }


def _sessions(size: Size) -> Iterator[Row]:
    for number in range(1, size.all_users + 1):
        yield {"id": number, "account_id": account_of(size, number), "user_id": number, "last_used_at": MADE_AT}


def _calendars(size: Size) -> Iterator[Row]:
    for number in range(1, size.all_users + 1):
        yield {"id": number, "account_id": account_of(size, number), "user_id": number, "name": "Parley"}


def outcomes(accounts: int) -> Iterator[Row]:
    """The five outcomes of each account."""
    for account in range(1, accounts + 1):
        for place, (key, label) in enumerate(OUTCOMES):
            yield {
                "id": outcome_id(account, place),
                "account_id": account,
                "key": key,
                "label": label,
                "position": place,
                "is_default": True,
            }


def outcome_id(account: int, place: int) -> int:
    """The number of the account's outcome at this place of the five."""
    return (account - 1) * len(OUTCOMES) + place + 1


def _companies(size: Size) -> Iterator[Row]:
    for number in range(1, size.accounts * size.contacts // 5 + 1):
        account = (number - 1) // (size.contacts // 5) + 1
        name = f"{_FIRM[number % len(_FIRM)]} {number} GmbH & Co"
        yield {"id": number, "account_id": account, "kind": "COMPANY", "name": name}


def _contacts(size: Size) -> Iterator[Row]:
    dice = _dice(size, "contacts")
    for number in range(1, size.accounts * size.contacts + 1):
        yield {
            "id": number,
            "account_id": (number - 1) // size.contacts + 1,
            "email": f"contact{number}@clients.example",
            "first_name": dice.choice(FIRST_NAMES),
            "last_name": dice.choice(_LAST),
            "phone": f"+44 20 7946 {number % 10_000:04}",
            "company_id": None if number % 10 == 0 else (number - 1) // 5 + 1,
        }


def _links(size: Size) -> Iterator[Row]:
    for owner in range(1, size.all_users + 1):
        for place in range(LINKS):
            number = (owner - 1) * LINKS + place + 1
            yield {
                "id": number,
                "account_id": account_of(size, owner),
                "owner_id": owner,
                "slug": _slug(number),
                "name": f"{_ABOUT[place % len(_ABOUT)]} {place}",
                "title": "{contact} and {host}",
                "durations_minutes": "[15, 30, 60]" if place % 2 else "[30]",
                "booking_count": number % 97,
                "is_default": place == 0,
            }


def _slugs(size: Size) -> Iterator[Row]:
    for number in range(1, size.all_users * LINKS + 1):
        yield {"id": number, "link_id": number, "slug": _slug(number)}


def _slug(number: int) -> str:
    return f"page-{number:06}"


def _meetings(size: Size) -> Iterator[Row]:
    dice = _dice(size, "meetings")
    first = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, 8, tzinfo=UTC)
    for day in range(DAYS):
        opening = int((first + timedelta(days=day)).timestamp())
        for user in range(1, size.all_users + 1):
            for place in range(HOSTED):
                yield _meeting(size, dice, meeting_id(size, day, user, place), user, place, opening + place * 50 * 60)


def _meeting(size: Size, dice: Random, number: int, host: int, place: int, starts: int) -> Row:
    account = account_of(size, host)
    kind, text, url, provider = _PLACES[number % len(_PLACES)]
    return {
        "id": number,
        "account_id": account,
        "title": f"{dice.choice(_ABOUT)}: {dice.choice(_FIRM)}",
        "starts_at": starts,
        "ends_at": starts + 30 * 60,
        "time_zone": ZONES[host % len(ZONES)],
        "host_id": host,
        "organizer_id": colleague_after(size, host) if place < 2 else host,
        "contact_id": _contact_at(size, number, account),
        "location_kind": kind,
        "location_text": text.format(last=number % 10_000),
        "location_join_url": url and url.format(id=number),
        "location_provider": provider,
        "outcome_id": outcome_id(account, 0),
        "link_id": (host - 1) * LINKS + number % LINKS + 1,
        "source": "MEETING_LINK",
        "ical_uid": f"{number}@parley.example",
    }


def _contact_at(size: Size, meeting: int, account: int) -> int:
    return (account - 1) * size.contacts + meeting * 7919 % size.contacts + 1


def _attendees(size: Size) -> Iterator[Row]:
    dice = _dice(size, "attendees")
    for number in range(1, meetings_of(size) + 1):
        host = (number - 1) // HOSTED % size.all_users + 1
        colleague = colleague_after(size, host) if (number - 1) % HOSTED == 2 else host
        account = account_of(size, host)
        contact = _contact_at(size, number, account)
        base = {"account_id": account, "meeting_id": number}
        names = [f"{dice.choice(FIRST_NAMES)} {dice.choice(_LAST)}" for _ in range(3)]
        first = 3 * number - 2
        yield base | {
            "id": first,
            "kind": "CONTACT",
            "name": names[0],
            "contact_id": contact,
            "email": f"contact{contact}@clients.example",
            "reply": "ACCEPTED",
        }
        yield base | {
            "id": first + 1,
            "kind": "USER",
            "name": names[1],
            "user_id": colleague,
            "email": f"user{colleague}@parley.example",
            "reply": "TENTATIVE",
        }
        address = f"guest{number % 1000}@friends.example"
        yield base | {"id": first + 2, "kind": "GUEST", "name": names[2], "email": address}
