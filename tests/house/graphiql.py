"""`make graphiql`: GraphiQL and React as npm publishes them, packed beside the page that shows them.

They are not ours, so they are not in the repository. What is left out of them: the fonts, which are two thirds of the
style sheet, and the addresses of source maps."""

from __future__ import annotations

import fcntl
import gzip
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "server" / "web" / "graphiql" / "static"
_FONT = re.compile(rb"@font-face\s*\{.*?\}", re.DOTALL)
_SOURCE_MAP = re.compile(rb"\n?//# sourceMappingURL=\S+\s*$")


@dataclass(frozen=True)
class Package:
    """A release on npm, the sha512 of its archive, and the names that its files get here."""

    name: str
    integrity: str
    files: dict[str, str]


PACKAGES = (
    Package(
        "react@18.3.1",
        "sha512-wS+hAgJShR0KhEvPJArfuPVN1+Hz1t0Y6n5jLrGQbkb4urgPE/0Rve+1kMB1v/oWgHgm4WIcV+i7F2pTVj+2iQ==",
        {"umd/react.production.min.js": "react.js"},
    ),
    Package(
        "react-dom@18.3.1",
        "sha512-5m4nQKp+rZRb09LNH59GM4BxTh9251/ylbKIbpe7TpGxfJ+9kv6BLkLBXIjjspbgbnIBNqlI23tRnTWT0snUIw==",
        {"umd/react-dom.production.min.js": "react-dom.js"},
    ),
    Package(
        "graphiql@4.1.2",
        "sha512-rNlzQIAzm6i2KBXmVQWBgLvt0TloxFVB2d18bukvdsvjEuFDHsKx5IVOomL1W1o5WW+tE54+ioHb2AEKzO2cUg==",
        {"graphiql.min.js": "graphiql.js", "dist/style.css": "graphiql.css"},
    ),
)


def packed() -> dict[str, bytes]:
    """The content of each file under its name here, fetched from the registry and checked against its digest."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            archive = _fetched(package, Path(folder))
            with tarfile.open(archive) as contents:
                for place, name in package.files.items():
                    member = contents.extractfile(f"package/{place}")
                    assert member is not None, place
                    found[name] = _trimmed(member.read())
    return found


def kept() -> dict[str, bytes]:
    """The same files as they lie in the server."""
    return {one.name.removesuffix(".gz"): gzip.decompress(one.read_bytes()) for one in FOLDER.glob("*.gz")}


def _fetched(package: Package, folder: Path) -> Path:
    told = subprocess.run(
        ["npm", "pack", "--json", package.name], cwd=folder, check=True, capture_output=True, timeout=120
    )
    archive = json.loads(told.stdout)[0]
    if archive["integrity"] != package.integrity:
        raise SystemExit(f"{package.name} is {archive['integrity']}, not what was looked at.")
    return folder / str(archive["filename"])


def _trimmed(content: bytes) -> bytes:
    return _SOURCE_MAP.sub(b"\n", _FONT.sub(b"", content))


def fetch() -> bool:
    """Whether the files are there, after they were fetched once if npm is; whichever process asks first does it."""
    with (FOLDER / ".fetching").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not kept() and shutil.which("npm"):
            for name, content in packed().items():
                (FOLDER / f"{name}.gz").write_bytes(gzip.compress(content, compresslevel=9, mtime=0))
    return bool(kept())


def main() -> None:
    """The files are there, or the command says what it lacks."""
    if not fetch():
        raise SystemExit("GraphiQL comes from npm: install Node 20 and try again.")
    sys.stdout.write(f"GraphiQL lies in {FOLDER}\n")


if __name__ == "__main__":
    main()
