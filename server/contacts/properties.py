"""The free properties of a contact or record: short texts by name, as many as somebody may read. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from server.checks import long_text, required_text
from server.complaints import Complaints
from server.errors import ErrorCode

MOST = 50
LONGEST_NAME = 64
LONGEST_VALUE = 1000

Property = tuple[str, str | None]


def with_properties(
    before: Mapping[str, str], changes: tuple[Property, ...], found: Complaints, *path: str
) -> dict[str, str]:
    """The properties after the changes, by name: a value takes the place of the one before, an empty one takes the
    property away. `TEXT_TOO_LONG`, `NAME_REQUIRED`, `SETTING_INVALID` above `MOST` of them."""
    after = dict(before)
    for index, (name, value) in enumerate(changes):
        where = (*path, str(index))
        key = found.ask(required_text, name, LONGEST_NAME, *where, "name")
        text = found.ask(long_text, value or "", LONGEST_VALUE, *where, "value")
        if key and text:
            after[key] = text
        elif key:
            after.pop(key, None)
    if len(after) > MOST:
        message = f"There may be {MOST} properties, and these would be {len(after)}. Please take some away."
        found.add(ErrorCode.SETTING_INVALID, message, *path)
    return dict(sorted(after.items()))
