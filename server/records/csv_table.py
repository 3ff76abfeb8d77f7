"""A file of somebody else's making, read as lines with named cells: what it is encoded in, what stands between the
cells, and which column is which are found out. Pure."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from server.errors import ErrorCode, refusal
from server.folding import folded

DELIMITERS = (",", ";", "\t", "|")

# What other programs call the columns, without blanks and marks.
_NAMES: dict[str, str] = {
    **dict.fromkeys(("email", "emailaddress", "mail", "adresemail", "emailadresse", "correo"), "email"),
    **dict.fromkeys(("firstname", "first", "givenname", "forename", "imie", "vorname", "prenom"), "first_name"),
    **dict.fromkeys(("lastname", "last", "surname", "familyname", "nazwisko", "nachname", "nom"), "last_name"),
    **dict.fromkeys(("name", "fullname", "contactname", "imieinazwisko"), "name"),
    **dict.fromkeys(("phone", "phonenumber", "mobile", "mobilephonenumber", "telephone", "tel", "telefon"), "phone"),
    **dict.fromkeys(("company", "companyname", "organization", "organisation", "firma", "account"), "company"),
    **dict.fromkeys(("owner", "contactowner", "owneremail", "opiekun"), "owner"),
    **dict.fromkeys(("timezone", "zone", "tz", "strefaczasowa"), "time_zone"),
    **dict.fromkeys(("locale", "language", "lang", "preferredlanguage", "jezyk"), "locale"),
    **dict.fromkeys(("externalid", "recordid", "contactid", "id", "crmid"), "external_id"),
}
FIELDS = tuple(dict.fromkeys(_NAMES.values()))


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number in the file, as editors count, its cells by field, other cells by the name of their column,
    and how many cells it has beyond the header's."""

    number: int
    cells: Mapping[str, str]
    others: Mapping[str, str]
    surplus: int


@dataclass(frozen=True, slots=True)
class Table:
    """The lines, and what was found out about the file. `columns` is what each field's column is called in it."""

    encoding: str
    delimiter: str
    columns: Mapping[str, str]
    others: tuple[str, ...]
    lines: tuple[Line, ...]


def read_table(data: bytes, *, named: Mapping[str, str] | None = None) -> Table:
    """The file as a table. `named` says of columns, by what they are called in it, which field they are.

    `SETTING_INVALID` for a file without a header, without a column of addresses, with two columns for one field, or
    that is no text."""
    text, encoding = decoded(data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    numbered = _numbered(reader)
    _, header = next(numbered, (0, []))
    places = _places([name.strip() for name in header], named or {})
    lines = tuple(_line(number, cells, places, header) for number, cells in numbered)
    columns = {field: header[place].strip() for place, field in places.items() if field}
    others = tuple(header[place].strip() for place, field in places.items() if not field)
    return Table(encoding, delimiter, columns, others, lines)


def decoded(data: bytes) -> tuple[str, str]:
    """The text and what it was encoded in: by its first bytes, else UTF-8, else Windows-1250, in which spreadsheets of
    Central Europe still save."""
    marks = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    marked = next((encoding for mark, encoding in marks.items() if data.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "cp1250"]:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    message = "This file is no text in UTF-8 or Windows-1250. Please save it as CSV in UTF-8."
    raise refusal(ErrorCode.SETTING_INVALID, message)


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """The lines that hold something, each with the number of its first line in the file."""
    counted = 0
    while True:
        begins = counted + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = f"Line {begins} cannot be read: {error}. Please look for a quotation mark that is not closed."
            raise refusal(ErrorCode.SETTING_INVALID, message) from error
        counted = reader.line_num  # type: ignore[attr-defined]  # csv.reader has it, its type says Iterator
        if any(cell.strip() for cell in cells):
            yield begins, cells


def _places(header: list[str], named: Mapping[str, str]) -> dict[int, str]:
    """Which field each column is; empty where it is none of ours."""
    given = {folded(name): field for name, field in named.items()}
    if unknown := [name for name in named if folded(name) not in {folded(one) for one in header}]:
        message = f"There is no column {unknown[0]!r}. The header has {', '.join(header)}."
        raise refusal(ErrorCode.SETTING_INVALID, message)
    places = {place: given.get(folded(name)) or _NAMES.get(_plain(name), "") for place, name in enumerate(header)}
    fields = [field for field in places.values() if field]
    if twice := next((field for field in fields if fields.count(field) > 1), None):
        same = " and ".join(repr(header[place]) for place, field in places.items() if field == twice)
        message = f"{same} would both be {twice}. Please say which is, as in --column 'E-mail=email', or rename one."
        raise refusal(ErrorCode.SETTING_INVALID, message)
    if "email" not in fields:
        message = (
            f"No column of e-mail addresses was found; the header has {', '.join(header) or 'nothing'}. "
            "Please say which it is, as in --column 'Contact address=email'."
        )
        raise refusal(ErrorCode.SETTING_INVALID, message)
    return places


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, folded(name)))


def _line(number: int, cells: list[str], places: Mapping[int, str], header: list[str]) -> Line:
    found = {field: cells[place].strip() for place, field in places.items() if field and place < len(cells)}
    others = {
        header[place].strip(): cells[place].strip()
        for place, field in places.items()
        if not field and place < len(cells) and header[place].strip()
    }
    surplus = len([cell for cell in cells[len(header) :] if cell.strip()])
    return Line(number, found, others, surplus)
