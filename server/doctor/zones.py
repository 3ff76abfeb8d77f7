"""Zone data: without it no local time, with an old one a wrong one."""

from __future__ import annotations

import zoneinfo
from importlib import import_module
from pathlib import Path

from server import clock
from server.doctor.finding import Finding, look, ok, wrong

OLD_AFTER_YEARS = 2
RENEW = "Renew it with `pip install --upgrade tzdata`, or a newer release of Parley."


def zone_data() -> list[Finding]:
    """Whether there is zone data, how old it is, and whether the clock can be right."""
    if not zoneinfo.available_timezones():
        return [wrong("zones", "There is no zone data, so no local time can be told.", "Run `pip install tzdata`.")]
    shipped = str(import_module("tzdata").IANA_VERSION)
    version = _system_version() or shipped
    year, now = int(version[:4]), clock.now()
    if now.year < year:
        said = f"The clock says {now:%Y-%m-%d}, but zone data of {year} is here already."
        return [wrong("clock", said, "Set the clock, and keep it right with NTP.")]
    if now.year - year >= OLD_AFTER_YEARS:
        return [look("zones", f"Zone data is of {version}; countries change their clocks every year.", RENEW)]
    if version < shipped:
        said = f"The system's zone data ({version}) is older than the one that came with Parley ({shipped})."
        return [look("zones", said, "Upgrade the system's tzdata, or set PYTHONTZPATH to nothing.")]
    return [ok("zones", f"Zone data is of {version}.")]


def _system_version() -> str | None:
    """The version of the zone data that Python looks at first, where the system says it."""
    for place in zoneinfo.TZPATH:
        source = Path(place) / "tzdata.zi"
        if source.is_file():
            with source.open() as lines:
                words = lines.readline().split()
            return words[-1] if words[:2] == ["#", "version"] else None
    return None
