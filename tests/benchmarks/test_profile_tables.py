import cProfile
from pathlib import Path

from benchmarks.profile_tables import seen_in, told
from benchmarks.profiling import missed
from server.changes import cursor


def test_a_profile_names_functions_by_their_place(tmp_path: Path) -> None:
    profile = cProfile.Profile()
    profile.enable()
    for number in range(40):
        cursor.write(number)
    profile.disable()
    profile.dump_stats(tmp_path / "profile")
    seen = {one.name: one for one in seen_in(tmp_path / "profile", answers=20)}
    assert seen["server/changes/cursor.py:write"].calls == 2.0
    assert sum(one.own for one in seen.values()) > 0.99
    assert "C:method 'encode' of 'str' objects" in seen
    lines = list(told("Cursors", list(seen.values()), 50.0))
    assert lines[0] == "## Cursors"
    assert any(line.startswith("| `server/changes/cursor.py:write` | 2.0 | ") for line in lines)


def test_each_workload_of_a_missed_gate_is_profiled_once() -> None:
    assert missed([("W1", False), ("W1", False), ("W2", True), ("W4", False), ("", False)]) == ["W1", "W4"]
