"""The lock files: written from pyproject.toml, and checked against it without a network.

`python -m tests.house.locks` says whether they are fresh, `--write` makes them anew."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
# Each file, and the extras whose requirements it holds beside the product's own.
LOCKS = {
    "requirements.lock": ("build",),
    "requirements-test.lock": ("build", "test"),
    "constraints.txt": ("build", "test"),
}


def write() -> None:
    """All lock files hold the newest versions that pyproject.toml allows, and no registry's address."""
    for name, extras in LOCKS.items():
        hashes = [] if name == "constraints.txt" else ["--generate-hashes"]
        command = [str(Path(sys.executable).with_name("uv")), "pip", "compile", "--quiet", "--universal"]
        command += ["--python-version", "3.11", "--no-header", "--no-annotate", *hashes]
        command += [f"--extra={extra}" for extra in extras]
        subprocess.run([*command, "pyproject.toml", "--output-file", name], cwd=ROOT, check=True)


def complaints() -> list[str]:
    """What is wrong with the lock files, one sentence each; empty when they are fresh."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    found = []
    for name, extras in LOCKS.items():
        locked = locked_versions((ROOT / name).read_text())
        wanted = [*project["dependencies"]]
        for extra in extras:
            wanted += project["optional-dependencies"][extra]
        for requirement in map(Requirement, wanted):
            versions = locked.get(canonical(requirement.name), [])
            if not any(requirement.specifier.contains(version, prereleases=True) for version in versions):
                found.append(f"{name}: nothing locked satisfies {requirement}; run `make lock`")
        if re.search(r"https?://|index-url|find-links", (ROOT / name).read_text()):
            found.append(f"{name}: holds a registry's address")
    return found


def locked_versions(text: str) -> dict[str, list[str]]:
    """Package name to the versions a lock file pins (several where markers differ)."""
    versions: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text, re.MULTILINE):
        versions.setdefault(canonical(name), []).append(version)
    return versions


def canonical(name: str) -> str:
    """A package name in the one spelling that PyPI compares by."""
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        write()
    problems = complaints()
    print("\n".join(problems) or "Lock files are fresh.")  # noqa: T201  # a command line
    sys.exit(1 if problems else 0)
