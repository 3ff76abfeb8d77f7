"""`python -m benchmarks.records [--quick] [--json FILE]`: R alone, which `make bench` measures too."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.records.gates import gates


def main() -> None:
    words = argparse.ArgumentParser(description="search, timeline and report among many")
    words.add_argument("--quick", action="store_true", help="a tenth of the rows; the kept plans stay as they are")
    words.add_argument("--json", metavar="FILE", help="write the gates to FILE")
    given = words.parse_args()
    judged = gates(is_quick=given.quick)
    for gate in judged:
        said = "holds" if gate["holds"] else "NOT HELD"
        print(f"{gate['gate']:20} {gate['value']:8.2f} ms   floor {gate['floor']:.0f}   {said}")
    if given.json:
        Path(given.json).write_text(json.dumps(judged, indent=1))


if __name__ == "__main__":
    main()
