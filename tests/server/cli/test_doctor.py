import pytest

from tests.server.cli.conftest import Command, facts


def test_a_sound_installation_ends_with_nought(command: Command) -> None:
    assert facts(command("doctor", "--json"))["ok"] is True


def test_what_is_wrong_is_told_with_the_next_step_and_ends_with_one(
    command: Command, surroundings: pytest.MonkeyPatch
) -> None:
    surroundings.setenv("PARLEY_SECRET_KEY", "short")
    surroundings.setenv("PARLEY_SMTP_URL", "smtp://127.0.0.1:1")
    result = command("doctor")
    assert result.exit_code == 1
    wrong = [line for line in result.stdout.splitlines() if line.startswith("WRONG")]
    assert [line.split()[1] for line in wrong] == ["settings", "mail"]
    assert result.stdout.count("\n       -> ") >= 2
