"""The clients from npm, installed once, however many test processes ask for them at the same moment."""

import fcntl
import subprocess
from pathlib import Path

HERE = Path(__file__).parent


def installed_packages() -> Path:
    """The folder whose `node_modules` holds what the lock file says."""
    kept = HERE / "node_modules" / ".package-lock.json"
    with (HERE / ".installing").open("w") as turn:
        # npm empties the folder first: a second one at the same time would pull it away under the first.
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not kept.is_file() or kept.stat().st_mtime < (HERE / "package-lock.json").stat().st_mtime:
            subprocess.run(["npm", "ci"], cwd=HERE, check=True, capture_output=True, timeout=300)
    return HERE
