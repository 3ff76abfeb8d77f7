import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.processes import cpu_of, postmaster_of, tree_of

# A child that works for half a second of processor time; then it rests, or has ended, while its parent stays.
CHILD = "import sys, time\nwhile time.process_time() < 0.5: pass\ntime.sleep({rest})"
PARENT = "import subprocess, sys, time\nsubprocess.run([sys.executable, '-c', {child!r}])\ntime.sleep(30)"


def test_the_database_server_is_the_parent_of_its_backends(postgresql_server: str) -> None:
    postmaster = asyncio.run(postmaster_of(postgresql_server))
    assert Path(f"/proc/{postmaster}/comm").read_text() == "postgres\n"
    assert len(tree_of(postmaster)) > 3


@pytest.mark.parametrize("rest", [30, 0], ids=["while it runs", "after it has ended"])
def test_the_time_of_a_process_has_that_of_its_child_in_it(rest: int) -> None:
    words = [sys.executable, "-c", PARENT.format(child=CHILD.format(rest=rest))]
    with subprocess.Popen(words) as process:
        until = time.monotonic() + 20
        # The books are kept in ticks, a little behind.
        while cpu_of(process.pid) < 0.45 and time.monotonic() < until:
            time.sleep(0.05)
        found = cpu_of(process.pid)
        for pid in reversed(tree_of(process.pid)):
            os.kill(pid, signal.SIGTERM)
    assert 0.45 <= found < 2
