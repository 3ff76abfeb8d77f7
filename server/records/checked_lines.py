"""The lines of a file as entries of contacts, and what is wrong with those that are none. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from server.complaints import Complaints
from server.contacts.properties import MOST, with_properties
from server.contacts.save_contact import ContactEntry, checked_columns
from server.errors import Complaint, ErrorCode
from server.records.csv_table import Line, Table

_FIELDS = {
    "externalId": "external_id",
    "firstName": "first_name",
    "lastName": "last_name",
    "timeZone": "time_zone",
}


@dataclass(frozen=True, slots=True)
class BadLine:
    """What is wrong with a line: its number in the file, the column as the file calls it, and how to mend it."""

    line: int
    column: str
    code: ErrorCode
    wrong: str


@dataclass(frozen=True, slots=True)
class GoodLine:
    """A line that can be taken over: what it says of the contact, cleaned, by column of the table."""

    line: int
    columns: Mapping[str, object]
    company: str
    owner: str
    properties: Mapping[str, str]


def checked_lines(
    table: Table, owners: Collection[str], *, keeps_others: bool, on_line: Callable[[], None] = lambda: None
) -> tuple[list[GoodLine], list[BadLine]]:
    """The lines that can be taken over, and what is wrong with the others. `owners` are the addresses of colleagues;
    with `keeps_others` columns that are no field of ours become properties. `on_line` is told of each line."""
    good, bad = [], []
    for line in table.lines:
        checked = _checked(line, table, owners, keeps_others=keeps_others)
        if isinstance(checked, GoodLine):
            good.append(checked)
        else:
            bad += checked
        on_line()
    return good, bad


def _checked(line: Line, table: Table, owners: Collection[str], *, keeps_others: bool) -> GoodLine | list[BadLine]:
    found = Complaints()
    columns = checked_columns(_entry(line), found)
    owner = line.cells.get("owner", "").lower()
    if owner and owner not in owners:
        message = f"Nobody of this account signs in with {owner}. Please invite them first, or leave the cell empty."
        found.add(ErrorCode.NOT_FOUND, message, "owner")
    if not line.cells.get("email"):
        found.add(ErrorCode.EMAIL_INVALID, "This cell is empty. A contact is known by an e-mail address.", "email")
    if len(company := line.cells.get("company", "")) > 200:
        message = f"This may have 200 characters and has {len(company)}; please shorten it."
        found.add(ErrorCode.TEXT_TOO_LONG, message, "company")
    if line.surplus:
        message = f"This line has {line.surplus} cells more than the header. Please put quotes around cells with "
        found.add(ErrorCode.SETTING_INVALID, f"{message}{table.delimiter!r} in them.")
    others = [(name, value) for name, value in line.others.items() if value] if keeps_others else []
    properties = with_properties({}, tuple(others[: MOST + 1]), found, "properties")
    if found.all:
        return [_bad(line.number, complaint, table) for complaint in found.all]
    return GoodLine(line.number, columns, company, owner, properties)


def _entry(line: Line) -> ContactEntry:
    said = {name: line.cells.get(name) or None for name in ("email", "first_name", "last_name", "phone", "external_id")}
    said |= {name: line.cells.get(name) or None for name in ("time_zone", "locale")}
    first, _, last = line.cells.get("name", "").rpartition(" ")
    entry = ContactEntry(**said)  # type: ignore[arg-type]  # every value is a text or None
    return replace(entry, first_name=entry.first_name or first or None, last_name=entry.last_name or last or None)


def _bad(number: int, complaint: Complaint, table: Table) -> BadLine:
    where = complaint.path[0] if complaint.path else ""
    return BadLine(number, table.columns.get(_FIELDS.get(where, where), where), complaint.code, complaint.message)
