"""Fernhill's people and customers as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from server.accounts import defaults
from server.demo.cast import COLLEAGUES, COMPANY, CUSTOMERS, MATTERS, ZONE
from server.models import Account, Contact, Outcome, Record, User
from server.models.enums import RecordKind

REMINDERS = [{"amount": 1, "unit": "DAYS"}, {"amount": 1, "unit": "HOURS"}]


async def make_account() -> Account:
    """The account, with its five outcomes and two reminders a meeting."""
    account = await Account.create(
        name=COMPANY,
        time_zone=ZONE,
        sender_name=COMPANY,
        website_url="https://fernhill.example",
        postal_address="Ul. Długa 12, 80-827 Gdańsk, Poland",
        privacy_url="https://fernhill.example/privacy",
        contact_email="hello@fernhill.example",
        reminders_by_default=True,
        default_reminders=REMINDERS,
    )
    await Outcome.bulk_create(defaults.outcomes_of(account.id))
    return account


async def make_users(account: Account, password_hash: str) -> dict[str, User]:
    """Everybody at Fernhill by their key, all with the one password of the demo."""
    users: dict[str, User] = {}
    for colleague in COLLEAGUES:
        user = users[colleague.key] = await User.create(
            account_id=account.id,
            email=colleague.email,
            name=colleague.name,
            password_hash=password_hash,
            role=colleague.role,
            has_seat=colleague.has_seat,
            time_zone=colleague.time_zone,
            locale=colleague.locale,
            job_title=colleague.job_title,
            weekly_hours=defaults.weekly_hours(),
            # The same in every demo; the secret that follows from it is not, since each has a key of its own.
            feed_seed=colleague.email,
        )
        await defaults.calendar_of(user).save()
    return users


async def make_contacts(account: Account, owners: Sequence[User]) -> list[Contact]:
    """Every customer's people, in the order of the cast, each with an owner at Fernhill and their company."""
    companies = await _make_companies(account)
    await _make_matters(account, companies)
    people = [(customer, person) for customer in CUSTOMERS for person in customer.people]
    await Contact.bulk_create(
        Contact(
            account_id=account.id,
            email=f"{_ascii(first)}.{_ascii(last)}@{customer.domain}".lower(),
            first_name=first,
            last_name=last,
            phone=f"+44 20 7946 0{100 + number}",
            owner_id=owners[number % len(owners)].id,
            company_id=companies[customer.name].id,
            time_zone=zone,
        )
        for number, (customer, (first, last, zone)) in enumerate(people)
    )
    return await Contact.filter(account_id=account.id).order_by("id")


async def matters_of(account: Account) -> Mapping[int, Record]:
    """What there is to talk about, by the id of the company it concerns."""
    companies = {
        record.name: record.id for record in await Record.filter(account_id=account.id, kind=RecordKind.COMPANY)
    }
    matters = await Record.filter(account_id=account.id).exclude(kind=RecordKind.COMPANY)
    return {companies[matter.properties["company"]]: matter for matter in matters}


async def _make_companies(account: Account) -> dict[str, Record]:
    await Record.bulk_create(
        Record(
            account_id=account.id,
            kind=RecordKind.COMPANY,
            name=customer.name,
            properties={"domain": customer.domain, "city": customer.city, "industry": customer.trade},
        )
        for customer in CUSTOMERS
    )
    return {record.name: record for record in await Record.filter(account_id=account.id)}


async def _make_matters(account: Account, companies: Mapping[str, Record]) -> None:
    await Record.bulk_create(
        Record(account_id=account.id, kind=matter.kind, name=matter.name, properties={"company": matter.customer})
        for matter in MATTERS
        if matter.customer in companies
    )


def _ascii(name: str) -> str:
    """A name as it stands in an address."""
    return name.translate(str.maketrans("łŁóńśżźćęą ", "lLonszzcea-"))
