"""`parley import-contacts`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.cli.conftest import Command, facts

pytestmark = pytest.mark.capability("S1-42")

GOOD = "E-mail;Imię;Nazwisko;Stan\nzofia@x.example;Zofia;Żółć;nowy\n"
BAD = GOOD + "nobody;B;C;\n"


@pytest.fixture
def parley(command: Command) -> Command:
    """On a database with one account."""
    assert command("create-account", "Linden & Co").exit_code == 0
    return command


def file_of(folder: Path, text: str, encoding: str = "utf-8") -> str:
    path = folder / "contacts.csv"
    path.write_bytes(text.encode(encoding))
    return str(path)


def test_import_takes_over_a_file_and_may_be_repeated(parley: Command, tmp_path: Path) -> None:
    file = file_of(tmp_path, GOOD)
    first = facts(parley("import-contacts", file, "--json"))
    again = facts(parley("import-contacts", file, "--json"))
    told = {"dryRun": False, "lines": 1, "companiesMade": 0, "encoding": "utf-8", "delimiter": ";", "errors": []}
    told |= {"repeated": 0, "repeatedLines": []}
    assert first == told | {"written": True, "made": 1, "changed": 0, "unchanged": 0}
    assert again == told | {"written": True, "made": 0, "changed": 0, "unchanged": 1}


def test_import_says_aloud_what_it_found_out(parley: Command, tmp_path: Path) -> None:
    result = parley("import-contacts", file_of(tmp_path, GOOD, "cp1250"), "--dry-run")
    assert result.exit_code == 0
    assert result.stdout == (
        "Contacts: 1 would be made, 0 would be changed, 0 as they were. Companies: 0 would be made.\n"
    )
    assert "was read as Windows-1250" in result.stderr
    assert "E-mail is email, Imię is first_name, Nazwisko is last_name" in result.stderr
    assert "Not fields of ours: Stan." in result.stderr


def test_import_of_a_bad_line_writes_nothing_and_ends_with_one(parley: Command, tmp_path: Path) -> None:
    file = file_of(tmp_path, BAD)
    result = parley("import-contacts", file)
    assert result.exit_code == 1
    assert result.stdout.startswith("line 3, E-mail: This is not an e-mail address that can be written to:")
    assert result.stdout.endswith("Nothing was written. Mend these lines, or say --skip-bad-lines.\n")
    told = facts(parley("import-contacts", file, "--skip-bad-lines", "--json"))
    assert (told["written"], told["made"], [(one["line"], one["column"]) for one in told["errors"]]) == (
        True,
        1,
        [(3, "E-mail")],
    )


def test_import_tells_of_each_line_that_repeats_a_contact(parley: Command, tmp_path: Path) -> None:
    file = file_of(tmp_path, "email,name,phone\na@x.example,Ana,\nb@x.example,Bo,\nA@x.example,,+48 600\n")
    assert parley("import-contacts", file, "--dry-run").stdout == (
        "line 4: a@x.example is the contact of line 2 again.\n"
        "Contacts: 2 would be made, 0 would be changed, 0 as they were. Companies: 0 would be made. "
        "Lines that repeat an earlier one's contact, and add to it: 1.\n"
    )
    told = facts(parley("import-contacts", file, "--json"))
    assert {name: told[name] for name in ("lines", "made", "repeated", "repeatedLines")} == {
        "lines": 3,
        "made": 2,
        "repeated": 1,
        "repeatedLines": [{"line": 4, "firstLine": 2, "email": "a@x.example"}],
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere.csv",), "parley: nowhere.csv cannot be read: No such file or directory. (NOT_FOUND)"),
        (("--column", "Stan=stage"), "parley: 'Stan=stage' should be the name of a column, =, and one of email, "),
        (("--column", "Stan=phone", "--account", "acc_9"), "parley: There is no account acc_9. They look like acc_1."),
    ],
)
def test_import_that_cannot_begin_says_why(parley: Command, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    file = () if words[0].endswith(".csv") else (file_of(tmp_path, GOOD),)
    result = parley("import-contacts", *words, *file)
    assert result.exit_code == 1
    assert said in result.stderr
