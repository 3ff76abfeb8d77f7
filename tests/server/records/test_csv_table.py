"""A file of somebody else's making, read as lines."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import Refused
from server.records.csv_table import Line, read_table


def refused(data: bytes, **named: str) -> str:
    with pytest.raises(Refused) as found:
        read_table(data, named=named)
    return found.value.complaints[0].message


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250"])
def test_encoding_and_delimiter_are_found_out(delimiter: str, encoding: str) -> None:
    text = f"E-mail{delimiter}Imię{delimiter}Nazwisko\r\nzofia@x.example{delimiter}Zofia{delimiter}Żółć\r\n"
    table = read_table(text.encode(encoding))
    cells = {"email": "zofia@x.example", "first_name": "Zofia", "last_name": "Żółć"}
    assert (table.encoding, table.delimiter) == (encoding, delimiter)
    assert table.lines == (Line(2, cells, {}, 0),)


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("Email,First Name,Last Name,Phone Number,Company name", "email first_name last_name phone company"),
        (
            "id,EMAIL ADDRESS,Full name,Contact owner,Time zone,Language",
            "external_id email name owner time_zone locale",
        ),
        ("Adres e-mail,Telefon,Firma,Opiekun", "email phone company owner"),
        ("E_Mail,surname", "email last_name"),
    ],
)
def test_columns_are_known_by_what_others_call_them(header: str, fields: str) -> None:
    assert list(read_table(header.encode()).columns) == fields.split()


def test_a_column_may_be_named_and_others_are_kept_apart() -> None:
    table = read_table(b"Reach at,Stage,,email\na@x.example,Lead,x,b\n", named={"Reach at": "email", "email": "phone"})
    assert (table.columns, table.others) == ({"email": "Reach at", "phone": "email"}, ("Stage", ""))
    assert table.lines[0].others == {"Stage": "Lead"}


def test_lines_are_counted_as_an_editor_does() -> None:
    data = b'email,name\n\na@x.example,"two\nlines"\n ,\nb@x.example,B,,surplus,more\n'
    assert [(line.number, line.surplus) for line in read_table(data).lines] == [(3, 0), (6, 2)]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "No column of e-mail addresses was found; the header has nothing."),
        (b"name,phone\n", "No column of e-mail addresses was found; the header has name, phone."),
        (b"email,mail\n", "'email' and 'mail' would both be email."),
        (b"email\n\x81\x83\x98", "This file is no text in UTF-8 or Windows-1250."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(data: bytes, words: str) -> None:
    assert refused(data).startswith(words)


def test_a_column_that_is_not_there_is_refused() -> None:
    assert refused(b"email\n", Mail="email") == "There is no column 'Mail'. The header has email."


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5), st.sampled_from([",", ";", "\t"]))
def test_what_a_spreadsheet_writes_is_read_back(rows: list[tuple[str, str]], delimiter: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([("email", "name"), *rows])
    table = read_table(out.getvalue().encode())
    found = [(line.cells["email"], line.cells["name"]) for line in table.lines]
    assert found == [(one.strip(), two.strip()) for one, two in rows if one.strip() or two.strip()]
