import zoneinfo
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest

from server import clock
from server.doctor.finding import State
from server.doctor.zones import zone_data

SHIPPED = str(import_module("tzdata").IANA_VERSION)
YEAR = int(SHIPPED[:4])


def _looked(monkeypatch: pytest.MonkeyPatch, folder: Path, version: str | None, year: int) -> tuple[str, State]:
    if version is not None:
        (folder / "tzdata.zi").write_text(f"# version {version}\n# more\n")
    monkeypatch.setattr(zoneinfo, "TZPATH", (str(folder),))
    with clock.travel(datetime(year, 11, 24, tzinfo=UTC)):
        (found,) = zone_data()
    return found.subject, found.state


@pytest.mark.parametrize(
    ("version", "years_later", "subject", "state"),
    [
        (SHIPPED, 0, "zones", State.OK),
        (None, 0, "zones", State.OK),
        ("# what is this", 0, "zones", State.OK),
        (f"{YEAR - 1}a", 0, "zones", State.LOOK),
        (SHIPPED, 2, "zones", State.LOOK),
        (SHIPPED, -1, "clock", State.WRONG),
    ],
)
def test_old_zone_data_and_an_old_clock_are_seen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: str | None, years_later: int, subject: str, state: State
) -> None:
    if version == "# what is this":
        (tmp_path / "tzdata.zi").write_text(version)
        version = None
    assert _looked(monkeypatch, tmp_path, version, YEAR + years_later) == (subject, state)
