"""`python -m resolvers.export [--check]`: the contract's generated files say what schema and operations say now."""

import argparse
import hashlib
import json
import sys
from pathlib import Path

from graphql import OperationDefinitionNode, parse

from resolvers.root import schema_text

CONTRACT = Path(__file__).parents[1] / "mobile_contract"


def export(contract: Path = CONTRACT) -> None:
    """`schema.graphql` and `persisted.json` under `contract` are up to date."""
    for name, text in generated(contract).items():
        (contract / name).write_text(text)


def stale(contract: Path = CONTRACT) -> list[str]:
    """The names of the generated files that are not what they would be now."""
    return [
        name
        for name, text in generated(contract).items()
        if not (contract / name).is_file() or (contract / name).read_text() != text
    ]


def generated(contract: Path) -> dict[str, str]:
    """The generated files of the contract, by name."""
    return {"schema.graphql": schema_text(), "persisted.json": manifest_text(contract / "operations")}


def manifest_text(operations: Path) -> str:
    """Apollo's persisted-query manifest of a folder of documents, ordered by name."""
    entries = [entry_of(path.read_text().rstrip("\n")) for path in sorted(operations.glob("*.graphql"))]
    manifest = {"format": "apollo-persisted-query-manifest", "version": 1, "operations": entries}
    return json.dumps(manifest, indent=2) + "\n"


def entry_of(body: str) -> dict[str, str]:
    """One document of the manifest; its id is the sha256 of the body as it is sent."""
    (operation,) = (node for node in parse(body).definitions if isinstance(node, OperationDefinitionNode))
    name = operation.name.value if operation.name else ""
    return {
        "id": hashlib.sha256(body.encode()).hexdigest(),
        "name": name,
        "type": operation.operation.value,
        "body": body,
    }


def main() -> int:
    """Writes the files, or with `--check` only says whether they are up to date; the exit status."""
    parser = argparse.ArgumentParser(description="Write schema.graphql and persisted.json of the mobile contract.")
    parser.add_argument("--check", action="store_true", help="only say whether they are up to date")
    if not parser.parse_args().check:
        export()
        return 0
    for name in (old := stale()):
        sys.stderr.write(f"mobile_contract/{name} is out of date; run `make schema` and look at what changed.\n")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main())
