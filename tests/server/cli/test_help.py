import shlex

import click
import pytest
import typer.main

from server.cli import COMMANDS, app
from tests.server.cli.conftest import Command

CONTRACT = {
    "serve",
    "worker",
    "migrate",
    "demo",
    "doctor",
    "export-schema",
    "create-account",
    "create-user",
    "create-token",
    "explain",
    "plan",
    "deliveries",
    "retry-delivery",
    "receive-mail",
    "slots",
    "import-contacts",
    "report",
}


def _commands() -> dict[str, click.Command]:
    group = typer.main.get_command(app)
    return dict(group.commands)  # type: ignore[attr-defined]  # a typer app with several commands is a group


def test_the_commands_are_those_of_the_contract() -> None:
    assert set(_commands()) == CONTRACT


@pytest.mark.parametrize("name", sorted(CONTRACT))
def test_every_command_has_help_with_an_example_that_it_understands(command: Command, name: str) -> None:
    shown = command(name, "--help")
    (example,) = [words for _, known, words in COMMANDS if known == name]
    assert shown.exit_code == 0
    assert " ".join(f"Example: {example}".split()) in " ".join(shown.stdout.split())
    _commands()[name].make_context(name, shlex.split(example)[2:])


@pytest.mark.parametrize("name", sorted(CONTRACT))
def test_every_command_answers_in_json(name: str) -> None:
    assert any("--json" in option.opts for option in _commands()[name].params)


def test_nothing_said_is_help(command: Command) -> None:
    shown = command()
    assert "Meetings, scheduling pages" in shown.output


def test_an_unknown_command_ends_with_two(command: Command) -> None:
    assert command("book").exit_code == 2
