"""`python -m resolvers.breaking`: what an app built against the last release would trip over, named in time."""

import re
import sys
from pathlib import Path

from graphql import BreakingChange, GraphQLSchema, build_schema, find_breaking_changes, parse, validate

from resolvers.root import schema_text

CONTRACT = Path(__file__).parents[1] / "mobile_contract"


def complaints(schema: GraphQLSchema, contract: Path = CONTRACT) -> list[str]:
    """One sentence for each change that breaks the last release's schema and is not owned up to in `CHANGES.md`, with
    the operations, and so the screens, that it breaks; and one for each deprecation without a date."""
    announced = (contract / "CHANGES.md").read_text()
    broken = broken_operations(schema, contract)
    found = [
        f"{change.description} Breaks {', '.join(broken) or 'no operation of the contract'}. Deprecate it with a date "
        f"instead, or say `{subject_of(change)}` under a heading of mobile_contract/CHANGES.md."
        for change in find_breaking_changes(last_release(contract), schema)
        if f"`{subject_of(change)}`" not in announced
    ]
    return found + [f"{name} is deprecated without a date (2026-11-21) in its reason." for name in undated(schema)]


def last_release(contract: Path = CONTRACT) -> GraphQLSchema:
    """The schema of the newest release, from `released/<version>.graphql`."""
    newest = max((contract / "released").glob("*.graphql"), key=version_of)
    return build_schema(newest.read_text())


def version_of(path: Path) -> tuple[int, ...]:
    """`0.10.2.graphql` as numbers that sort."""
    return tuple(int(part) for part in path.stem.split("."))


def broken_operations(schema: GraphQLSchema, contract: Path = CONTRACT) -> list[str]:
    """The operations of the contract that are not valid any more, by the names of their files."""
    paths = sorted((contract / "operations").glob("*.graphql"))
    return [path.stem for path in paths if validate(schema, parse(path.read_text()))]


def subject_of(change: BreakingChange) -> str:
    """What a change is about, as `Meeting.title` or `Meeting`."""
    dotted = re.search(r"\w+(?:\.\w+)+", change.description)
    named = re.search(r"\b(?!Field |Type |Input |Enum |Argument |Directive |Standard )[A-Z]\w+", change.description)
    found = dotted or named
    return found[0] if found else change.description


def undated(schema: GraphQLSchema) -> list[str]:
    """Deprecated fields and enum values whose reason names no day."""
    members = [
        (f"{type_.name}.{name}", member.deprecation_reason)
        for type_ in schema.type_map.values()
        for name, member in {**getattr(type_, "fields", {}), **getattr(type_, "values", {})}.items()
        if not type_.name.startswith("__")
    ]
    return [name for name, reason in members if reason and not re.search(r"\d{4}-\d\d-\d\d", reason)]


if __name__ == "__main__":
    problems = complaints(build_schema(schema_text()))
    sys.stderr.writelines(f"{one}\n" for one in problems)
    sys.exit(1 if problems else 0)
