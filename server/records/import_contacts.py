"""Many contacts come in at once, from another system's file: all of them, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from server import database
from server.changes.data_version import raise_data_version
from server.errors import ErrorCode
from server.folding import folded
from server.models import Contact, Record, User
from server.models.enums import RecordKind
from server.records.checked_lines import BadLine, GoodLine, checked_lines
from server.records.csv_table import Table

T = TypeVar("T")

AT_ONCE = 500
OnStep = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RepeatedLine:
    """A line that means the same contact as an earlier one, to which it adds what it says. Both by their numbers in the
    file."""

    line: int
    first_line: int
    email: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do: each good line is in one of the first three counts, or among the `repeated`.
    Where `bad` has lines and they were not to be skipped, nothing was done."""

    made: int
    changed: int
    unchanged: int
    companies_made: int
    bad: tuple[BadLine, ...]
    is_written: bool
    repeated: tuple[RepeatedLine, ...] = ()


async def import_contacts(
    account_id: int,
    table: Table,
    *,
    keeps_others: bool = False,
    skips_bad_lines: bool = False,
    is_dry_run: bool = False,
    on_step: OnStep = lambda what: None,
) -> Imported:
    """The account's contacts are as the table says, found by external id or address, or made; a cell that is empty
    leaves what is known. Companies are found by name, or made; owners by their address. One transaction.

    A second import of the same table changes nothing. `on_step` hears of each line "checked" and "written"."""
    owners = {
        str(email).lower(): id for id, email in await User.filter(account_id=account_id).values_list("id", "email")
    }
    good, bad = checked_lines(table, owners, keeps_others=keeps_others, on_line=lambda: on_step("checked"))
    async with database.transaction():
        companies = await _companies(account_id)
        plan = await _planned(account_id, good, owners, companies)
        bad = sorted([*bad, *plan.bad], key=lambda one: one.line)
        is_written = not is_dry_run and (skips_bad_lines or not bad)
        if is_written and (plan.fresh or plan.changed):
            await _write(account_id, plan, companies, on_step)
            await raise_data_version(account_id)
    missing = {folded(name) for _, name in plan.companies} - companies.keys()
    return Imported(
        len(plan.fresh),
        len(plan.changed),
        len(plan.met) - len(plan.fresh) - len(plan.changed),
        plan.companies_made or len(missing),
        tuple(bad),
        is_written,
        tuple(plan.repeated),
    )


class _Plan:
    """What is to be written, by contact: a later line of the same contact adds to an earlier one. `met` are the numbers
    of the first lines, by contact."""

    def __init__(self) -> None:
        self.met: dict[int, int] = {}
        self.repeated: list[RepeatedLine] = []
        self.fresh: list[Contact] = []
        self.changed: dict[int, tuple[Contact, set[str]]] = {}
        self.companies: list[tuple[Contact, str]] = []
        self.bad: list[BadLine] = []
        self.companies_made = 0


async def _planned(
    account_id: int, good: Sequence[GoodLine], owners: dict[str, int], companies: dict[str, int]
) -> _Plan:
    plan, known = _Plan(), _Known(account_id)
    for lines in _batches(good):
        await known.look_up(lines)
        for line in lines:
            columns = dict(line.columns)
            email, external_id = str(columns["email"]), columns.get("external_id")
            contact, other = known.by_external_id.get(str(external_id or "")), known.by_email.get(email)
            if contact is not None and other is not None and contact is not other:
                message = f"{email} is another contact than {external_id}. Please give each its own address."
                plan.bad.append(BadLine(line.line, "email", ErrorCode.ALREADY_USED, message))
                continue
            contact = contact or other
            if contact is None:
                contact = Contact(account_id=account_id)
                plan.fresh.append(contact)
            known.by_email[email] = contact
            if external_id:
                known.by_external_id[str(external_id)] = contact
            # One that is new has no number yet, and is the same object for all of its lines.
            first = plan.met.setdefault(id(contact), line.line)
            if first != line.line:
                plan.repeated.append(RepeatedLine(line.line, first, email))
            _apply(plan, contact, line, columns, owners, companies)
    return plan


class _Known:
    """The contacts that lines mean, each once however many lines mean them."""

    def __init__(self, account_id: int) -> None:
        self._account_id = account_id
        self._seen: set[int] = set()
        self.by_email: dict[str, Contact] = {}
        self.by_external_id: dict[str, Contact] = {}

    async def look_up(self, lines: Sequence[GoodLine]) -> None:
        """Whoever is known by an address or external id of the lines is found by it from now on."""
        own = Contact.filter(account_id=self._account_id)
        outside = [line.columns["external_id"] for line in lines if line.columns.get("external_id")]
        found = await own.filter(email__in=[line.columns["email"] for line in lines])
        found += await own.filter(external_id__in=outside) if outside else []
        for contact in found:
            if contact.id not in self._seen:
                self._seen.add(contact.id)
                self.by_email.setdefault(contact.email, contact)
                if contact.external_id:
                    self.by_external_id.setdefault(contact.external_id, contact)


def _apply(
    plan: _Plan,
    contact: Contact,
    line: GoodLine,
    columns: dict[str, Any],
    owners: dict[str, int],
    companies: dict[str, int],
) -> None:
    """The contact has what the line says; what that changes of one who is known is in the plan."""
    if line.owner:
        columns["owner_id"] = owners[line.owner]
    if line.properties:
        columns["properties"] = dict(sorted({**contact.properties, **line.properties}.items()))
    company = companies.get(folded(line.company)) if line.company else None
    if company is not None:
        columns["company_id"] = company
    elif line.company:
        plan.companies.append((contact, line.company))
    changed = {name for name, value in columns.items() if getattr(contact, name) != value}
    for name in changed:
        setattr(contact, name, columns[name])
    if contact.pk is None:
        return
    if changed or (line.company and company is None):
        plan.changed.setdefault(contact.id, (contact, set()))[1].update(changed)


async def _companies(account_id: int) -> dict[str, int]:
    """The account's companies by name, folded; of several of one name the first."""
    own = Record.filter(account_id=account_id, kind=RecordKind.COMPANY).order_by("-id")
    return {folded(name): id for id, name in await own.values_list("id", "name")}


async def _write(account_id: int, plan: _Plan, companies: dict[str, int], on_step: OnStep) -> None:
    names = {folded(name): name for _, name in reversed(plan.companies)}
    await Record.bulk_create(
        Record(account_id=account_id, kind=RecordKind.COMPANY, name=name) for name in reversed(names.values())
    )
    plan.companies_made = len(names)
    made = await _companies(account_id)
    for contact, name in plan.companies:
        contact.company_id = made[folded(name)]
        if contact.pk is not None:
            plan.changed[contact.id][1].add("company_id")
    for batch in _batches(plan.fresh):
        await Contact.bulk_create(batch)
        _told(on_step, len(batch))
    # By number, so that two imports never wait for each other in a circle.
    for _, (contact, columns) in sorted(plan.changed.items()):
        await contact.save(update_fields=sorted(columns))
        on_step("written")


def _told(on_step: OnStep, count: int) -> None:
    for _ in range(count):
        on_step("written")


def _batches(things: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(things)
    while batch := list(islice(rest, AT_ONCE)):
        yield batch
