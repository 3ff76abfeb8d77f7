from pathlib import Path

import pytest

from tests.server.cli.conftest import Command, facts

COMMANDS = (
    ("create-account", "Linden & Co"),
    ("create-user", "ines@linden.example", "--name", "Ines"),
    ("create-token", "Import"),
    ("slots", "ines"),
    ("explain", "ines", "2026-11-24T10:00:00Z"),
)


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_a_database_without_tables_is_told_in_one_line(
    command: Command, surroundings: pytest.MonkeyPatch, tmp_path: Path, words: tuple[str, ...]
) -> None:
    surroundings.setenv("PARLEY_DATABASE_URL", f"sqlite:///{tmp_path}/new.sqlite3")
    result = command(*words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "parley: The database lacks 2 migrations. Run `parley migrate` first.\n"


@pytest.mark.parametrize("url", ["postgresql://parley:hush@127.0.0.1:1/parley", "sqlite:////nowhere/at/all.sqlite3"])
def test_a_database_that_is_away_is_told_in_one_line(
    command: Command, surroundings: pytest.MonkeyPatch, url: str
) -> None:
    surroundings.setenv("PARLEY_DATABASE_URL", url)
    result = command("migrate")
    (line,) = result.stderr.splitlines()
    assert result.exit_code == 1
    assert line.startswith("parley: That did not work: ")
    assert line.endswith("`parley doctor` says what is missing.")
    assert "hush" not in line


def test_wrong_settings_are_told_all_at_once(command: Command, surroundings: pytest.MonkeyPatch) -> None:
    surroundings.setenv("PARLEY_SECRET_KEY", "short")
    surroundings.setenv("PARLEY_PUBLIC_URL", "meet.example.com")
    result = command("migrate")
    assert result.exit_code == 1
    assert [line.split(": ")[1] for line in result.stderr.splitlines()] == ["PARLEY_PUBLIC_URL", "PARLEY_SECRET_KEY"]


def test_migrating_twice_is_once(command: Command, surroundings: pytest.MonkeyPatch, tmp_path: Path) -> None:
    surroundings.setenv("PARLEY_DATABASE_URL", f"sqlite:///{tmp_path}/new.sqlite3")
    assert facts(command("migrate", "--json")) == {"applied": ["0001_initial", "0002_integrity"]}
    second = command("migrate")
    assert (second.exit_code, second.stdout, second.stderr) == (0, "The database is up to date.\n", "")
