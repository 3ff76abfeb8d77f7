"""Breaking changes are named before they are released (E-11)."""

import shutil
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema

from resolvers.breaking import CONTRACT, broken_operations, complaints, last_release
from resolvers.root import schema_text


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    """A copy of the contract, to be spoiled."""
    return Path(shutil.copytree(CONTRACT, tmp_path / "contract"))


def with_meeting_end(replacement: str) -> GraphQLSchema:
    """The schema with something else in place of `Meeting.endsAt`."""
    head, meeting = schema_text().split("type Meeting implements Node {", 1)
    body, tail = meeting.split("\n}", 1)
    assert body.count("  endsAt: DateTime!") == 1
    changed = body.replace("  endsAt: DateTime!", replacement)
    return build_schema(f"{head}type Meeting implements Node {{{changed}\n}}{tail}")


def test_the_schema_breaks_nothing_that_was_released() -> None:
    assert complaints(build_schema(schema_text())) == []


def test_a_field_that_is_removed_is_named_with_the_screens_it_breaks(contract: Path) -> None:
    (said,) = complaints(with_meeting_end("  finish: DateTime!"), contract)
    assert said.startswith("Field Meeting.endsAt was removed. Breaks ")
    assert {"today_tab", "meeting", "schedule_meeting"} <= set(said.split("Breaks ")[1].split(". ")[0].split(", "))


def test_a_removal_that_is_announced_is_accepted(contract: Path) -> None:
    with (contract / "CHANGES.md").open("a") as changes:
        changes.write("\n## 9.0.0\n\n- `Meeting.endsAt` is gone.\n")
    assert complaints(with_meeting_end("  finish: DateTime!"), contract) == []


def test_a_deprecation_names_the_day_until_which_it_holds(contract: Path) -> None:
    undated = with_meeting_end('  endsAt: DateTime! @deprecated(reason: "Use something else.")')
    dated = with_meeting_end('  endsAt: DateTime! @deprecated(reason: "Use something else; goes after 2027-11-21.")')
    assert complaints(undated, contract) == ["Meeting.endsAt is deprecated without a date (2026-11-21) in its reason."]
    assert complaints(dated, contract) == []


def test_the_newest_release_counts_not_the_last_by_name(contract: Path) -> None:
    (contract / "released" / "0.9.0.graphql").write_text("type Query { old: Int }")
    (contract / "released" / "0.10.0.graphql").write_text("type Query { new: Int }")
    query = last_release(contract).query_type
    assert query is not None
    assert list(query.fields) == ["new"]


def test_every_operation_of_the_contract_is_valid_now() -> None:
    assert broken_operations(build_schema(schema_text())) == []
