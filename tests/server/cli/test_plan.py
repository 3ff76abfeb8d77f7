"""`parley plan`: what it tells of an operation, without a database and without doing anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from mobile_contract.record_examples import HERE as CONTRACT
from server.cli import app

OPERATIONS = json.loads((CONTRACT / "persisted.json").read_text())["operations"]


@pytest.fixture
def run(surroundings: pytest.MonkeyPatch) -> Any:
    """Runs `parley plan <words>` where nothing is set and no database is."""
    surroundings.setenv("PARLEY_DATABASE_URL", "sqlite:////nowhere/at/all.sqlite3")

    def plan(*words: str) -> Result:
        return CliRunner().invoke(app, ["plan", *words])

    return plan


def facts(result: Result) -> Any:
    """What a plan that could be made says in JSON."""
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def fields(result: Result) -> dict[str, Any]:
    """The same by root field."""
    return {one["field"]: one for one in facts(result)["fields"]}


@pytest.mark.parametrize("name", ["outcomes", "todayMeetings"])
def test_the_sql_of_a_root_field_is_told_with_its_parameters(run: Any, name: str) -> None:
    (statement,) = fields(run("today_tab", "--json"))[name]["statements"]
    assert statement["text"].startswith("SELECT ")
    assert "account_id = $1" in statement["text"]
    assert "LIMIT 200" in statement["text"]
    assert statement["parameters"][0] == 1


def test_an_operation_is_found_by_name_by_file_name_and_by_sha256(run: Any) -> None:
    told = facts(run("today_tab", "--json"))
    assert (told["operation"], told["kind"], told["mostCost"]) == ("TodayTab", "query", 20_000)
    assert facts(run("TodayTab", "--json")) == facts(run(told["sha256"], "--json")) == told
    file = CONTRACT / "operations" / "today_tab.graphql"
    assert facts(run(str(file), "--json"))["cost"] == told["cost"]


@pytest.mark.parametrize(("database", "word"), [("sqlite", "json_group_array"), ("postgresql", "json_agg")])
def test_each_database_has_its_own_sql(run: Any, database: str, word: str) -> None:
    told = fields(run("today_tab", "--database", database, "--json"))["todayMeetings"]
    assert word in told["statements"][0]["text"].lower().replace("jsonb_agg", "json_agg")


def test_the_completion_is_shown_where_it_is_asked_for(run: Any) -> None:
    assert "def complete(" not in run("today_tab").stdout
    assert "def complete(" in run("today_tab", "--completion").stdout
    assert fields(run("today_tab", "--json"))["outcomes"]["completion"].startswith("def complete(")


@pytest.mark.parametrize("name", [one["name"] for one in OPERATIONS])
def test_every_operation_of_the_contract_is_planned(run: Any, name: str) -> None:
    told = fields(run(name, "--json"))
    assert {field: one["fallback"] for field, one in told.items() if not one["isPlanned"]} == {}


def test_what_is_left_to_the_reference_executor_is_told_with_its_reason(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "asked.graphql"
    file.write_text("{ __schema { queryType { name } } }")
    assert "__schema: left to the reference executor (introspection)" in run(str(file)).stdout
    file.write_text("query ($id: ID!) { meeting(id: $id) { id } }")
    shown = run(str(file), "--variables", "{}").stdout
    assert "meeting: left to the reference executor (variables: Variable '$id'" in shown
    assert "WHERE" in run(str(file), "--variables", '{"id": "mtg_1"}').stdout


def test_no_mutation_is_done(run: Any) -> None:
    """There is no database in which it could be; the rows of the answer are known to the act alone."""
    told = fields(run("record_outcome", "--json"))["recordOutcome"]
    assert [one["parameters"] for one in told["statements"]] == [None] * len(told["statements"])
    assert all(one["text"].endswith(" WHERE …") for one in told["statements"])


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["tomorrow_tab"], 1, "no operation of the contract. Those are:"),
        (["today_tab", "--variables", "[]"], 2, "takes a JSON object"),
        (["today_tab", "--variables", "{"], 2, "takes a JSON object"),
        (["today_tab", "--name", "Other"], 1, "has no operation 'Other'"),
        (["{file}"], 1, "Cannot query field 'nothing' on type 'Query'"),
    ],
)
def test_what_cannot_be_planned_is_said_in_a_line(
    run: Any, tmp_path: Path, words: list[str], status: int, told: str
) -> None:
    file = tmp_path / "asked.graphql"
    file.write_text("{ nothing }")
    result = run(*(word.replace("{file}", str(file)) for word in words))
    assert (result.exit_code, told in result.output) == (status, True)
    assert "Traceback" not in result.output
