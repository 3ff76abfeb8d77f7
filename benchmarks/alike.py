"""G12: the test suite's oracle, asked for as many compared answers as the gate wants."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.processes import Cores

ROOT = Path(__file__).parent.parent
ORACLE = "tests/server/web/fastpath/test_oracle.py"
WANTED, WANTED_QUICK = 10_000, 400


def compared(where: Cores, *, is_quick: bool) -> tuple[float, str]:
    """1.0 if plan and reference executor gave the same bytes each time, 0.0 if they once did not; and how often they
    were compared. Each core has an oracle, with a seed of its own."""
    usable = sorted({where.server, where.rest})
    each = -(-(WANTED_QUICK if is_quick else WANTED) // len(usable))
    with tempfile.TemporaryDirectory(prefix="parley-oracle-") as folder:
        files = [Path(folder) / f"{core}.xml" for core in usable]
        running = [_oracle(file, core, each) for file, core in zip(files, usable, strict=True)]
        said = [process.communicate(timeout=900)[0] for process in running]
        told = [_read(file, words) for file, words in zip(files, said, strict=True)]
    count = sum(number for number, _ in told)
    faults = [fault for _, fault in told if fault]
    words = f"{count} answers to random operations compared with the reference executor's, on SQLite"
    return (0.0, f"{words}; {faults[0][:600]}") if faults else (1.0, words)


def _oracle(file: Path, core: int, answers: int) -> subprocess.Popen[str]:
    words = ["taskset", "-c", str(core), sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider"]
    words += ["-k", "sqlite", "-o", "junit_family=xunit1", f"--junitxml={file}", ORACLE]
    own = os.environ | {"PARLEY_TEST_COMPARED": str(answers), "PARLEY_TEST_SEED": str(core + 1)}
    return subprocess.Popen(words, cwd=ROOT, env=own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def _read(file: Path, said: str) -> tuple[int, str | None]:
    """How many answers were compared, and the fault if one was found. Raises if the oracle did not run."""
    case = ElementTree.parse(file).find(".//testcase") if file.is_file() else None
    if case is None or case.find("error") is not None:
        raise RuntimeError(f"the oracle did not run: {said[-400:]}")
    failure = case.find("failure")
    if failure is not None:
        return 0, f"{failure.get('message')}"
    counted = case.find(".//property[@name='compared']")
    assert counted is not None
    return int(counted.get("value", "0")), None
