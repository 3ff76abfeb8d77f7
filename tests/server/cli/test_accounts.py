from typing import Any

import pytest

from server.accounts.scopes import READ_SCOPES
from tests.server.cli.conftest import Command, facts


@pytest.fixture
def linden(command: Command) -> str:
    """An account."""
    return str(facts(command("create-account", "Linden & Co", "--time-zone", "Europe/Warsaw", "--json"))["account"])


def _signs_in(result: dict[str, Any]) -> bool:
    return set(result) == {"user", "email", "created", "password"}


def test_an_account_is_made_once(command: Command) -> None:
    first = facts(command("create-account", "Linden & Co", "--json"))
    second = facts(command("create-account", "Linden & Co", "--json"))
    assert first == {"account": "acc_1", "name": "Linden & Co", "created": True}
    assert second == first | {"created": False}


def test_an_account_in_an_unknown_zone_is_refused_in_one_line(command: Command) -> None:
    result = command("create-account", "Linden & Co", "--time-zone", "Warsaw")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "parley: 'Warsaw' is not a time zone known here; did you mean Europe/Warsaw? (TIME_ZONE_INVALID)\n"
    )


def test_without_a_terminal_a_password_is_made_up_and_shown_once(command: Command, linden: str) -> None:
    words = ("create-user", "ines@linden.example", "--name", "Ines Marek", "--admin", "--json")
    first, second = facts(command(*words)), facts(command(*words))
    assert _signs_in(first)
    assert len(first["password"]) >= 12
    assert second == {"user": first["user"], "email": "ines@linden.example", "created": False}


def test_a_password_can_be_handed_in(command: Command, linden: str) -> None:
    words = ("create-user", "ines@linden.example", "--name", "Ines", "--password-stdin", "--json")
    assert facts(command(*words, given="four quiet words\n")) == {
        "user": "usr_1",
        "email": "ines@linden.example",
        "created": True,
    }


def test_a_short_password_makes_nobody(command: Command, linden: str) -> None:
    words = ("create-user", "ines@linden.example", "--name", "Ines", "--password-stdin")
    refused = command(*words, given="short\n")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "12 to 256 characters" in refused.stderr
    assert facts(command(*words, "--json", given="four quiet words\n"))["created"] is True


def test_without_an_account_the_next_step_is_told(command: Command) -> None:
    result = command("create-user", "ines@linden.example", "--name", "Ines")
    assert result.exit_code == 1
    assert "parley create-account" in result.stderr


def test_with_several_accounts_one_has_to_be_named(command: Command, linden: str) -> None:
    facts(command("create-account", "Beech", "--json"))
    words = ("create-user", "ines@linden.example", "--name", "Ines", "--json")
    result = command(*words)
    assert result.exit_code == 1
    assert "acc_1 (Linden & Co), acc_2 (Beech)" in result.stderr
    assert command(*words, "--account", "acc_9").exit_code == 1
    assert _signs_in(facts(command(*words, "--account", linden)))


def test_a_token_has_every_read_scope_unless_told_otherwise(command: Command, linden: str) -> None:
    made = facts(command("create-token", "Report", "--json"))
    assert made["token"].startswith("parley_")
    assert made["scopes"] == sorted(READ_SCOPES)


def test_a_token_may_act_for_a_user_for_some_days(command: Command, linden: str) -> None:
    facts(command("create-user", "ines@linden.example", "--name", "Ines", "--json"))
    words = ("create-token", "Import", "--scope", "contacts:write", "--user", "ines@linden.example", "--days", "90")
    assert facts(command(*words, "--json"))["scopes"] == ["contacts:write"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--scope", "everything"), "There is no scope everything. Choose among account:admin"),
        (("--user", "nobody@linden.example"), "parley create-user"),
        (("--account", "linden"), "They look like acc_1."),
    ],
)
def test_a_token_that_cannot_be_made_says_why(command: Command, linden: str, words: tuple[str, ...], said: str) -> None:
    result = command("create-token", "Import", *words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr
