from pathlib import Path

from resolvers.root import schema
from tests.server.cli.conftest import Command, facts


def test_the_schema_is_printed_as_it_is(command: Command) -> None:
    assert command("export-schema").stdout.strip() == schema.as_str().strip()
    assert facts(command("export-schema", "--json"))["schema"].strip() == schema.as_str().strip()


def test_the_schema_is_written_where_it_is_wanted(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "schema.graphql"
    assert facts(command("export-schema", "--out", str(file), "--json")) == {"written": str(file)}
    assert file.read_text().strip() == schema.as_str().strip()
    assert command("export-schema", "--out", str(tmp_path)).exit_code == 1
