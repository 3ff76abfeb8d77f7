"""House rules that a machine can keep."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [path for folder in ("server", "schema", "resolvers") for path in sorted((ROOT / folder).rglob("*.py"))]
# An exception with nothing behind its codes.
SILENT_EXCEPTION = re.compile(r"#\s*(noqa(?!\w):?[\sA-Z0-9,]*|type:\s*ignore(\[[\w, -]*\])?)[^a-zA-Z]*$")


def trees() -> list[tuple[Path, ast.Module]]:
    return [(path.relative_to(ROOT), ast.parse(path.read_text())) for path in SOURCES]


def test_imports_go_down_the_floors_only() -> None:
    command = str(Path(sys.executable).with_name("lint-imports"))
    result = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_transactions_are_opened_through_the_database_floor_only() -> None:
    offenders = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if "in_transaction(" in re.sub(r"database\.in_transaction\(\)|def in_transaction\(", "", path.read_text())
        and not path.is_relative_to(ROOT / "server" / "database")
    ]
    assert offenders == []


def test_the_clock_is_asked_in_one_place_only() -> None:
    asking = {
        f"{path}:{node.lineno}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ("now", "utcnow", "today")
        and isinstance(node.value, ast.Name)
        and node.value.id in ("datetime", "date")
    }
    assert {one for one in asking if not one.startswith("server/clock.py")} == set()


def test_nothing_starts_tasks_inside_a_transaction() -> None:
    offenders = []
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.AsyncWith) and "transaction(" in ast.unparse(node.items[0].context_expr):
                inner = ast.unparse(node)
                if re.search(r"\b(gather|create_task|TaskGroup)\(", inner):
                    offenders.append(f"{path}:{node.lineno}")
    assert offenders == []


def test_every_exception_from_lint_and_types_says_why() -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*SOURCES, *sorted((ROOT / "tests").rglob("*.py"))]
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if SILENT_EXCEPTION.search(line) and "test_floors" not in path.name
    ]
    assert silent == []


@pytest.mark.parametrize("folder", ["server", "schema", "resolvers"])
def test_no_installed_library_brings_a_package_of_our_name(folder: str) -> None:
    site = next(Path(entry) for entry in sys.path if entry.endswith("site-packages"))
    assert not (site / folder).exists()


def test_the_tree_holds_no_registry_address_and_no_path_of_a_machine() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    texts = [
        ROOT / name
        for name in tracked
        if name and (ROOT / name).suffix in {".lock", ".txt", ".toml", ".json", ".cfg", ".npmrc"}
    ]
    found = [
        str(path.relative_to(ROOT))
        for path in texts
        if path.exists()
        and re.search(r'"resolved": *"http|index-url|extra-index|find-links', path.read_text())
        and path.name != "pyproject.toml"
    ]
    assert found == []


def test_every_public_function_says_what_is_true_afterwards() -> None:
    silent = []
    for path, tree in trees():
        if path.parts[:2] == ("server", "migrations") or _is_a_door(path):
            continue
        for node in tree.body:
            public = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name[0] != "_"
            if public and not ast.get_docstring(node) and not _is_described_otherwise(node):
                silent.append(f"{path}:{node.lineno} {node.name}")
    assert silent == []


def _is_a_door(path: Path) -> bool:
    """Doors carry the description that the schema shows."""
    return path.parts[0] == "resolvers" and len(path.parts) == 3


def _is_described_otherwise(node: ast.stmt) -> bool:
    """Enums by their values, GraphQL types by the description in the schema."""
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    if any("description" in ast.unparse(decorator) for decorator in node.decorator_list):
        return True
    return isinstance(node, ast.ClassDef) and any("Enum" in ast.unparse(base) for base in node.bases)
