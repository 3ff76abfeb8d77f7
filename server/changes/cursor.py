"""A place in the change log as clients hold it: opaque, short, and safe in an address or an SSE `id:`."""

import base64
import binascii

from server.database.rows import BadCursor

_MARK = "change:"
_LARGEST = 2**63 - 1


def write(number: int) -> str:
    """The cursor that stands behind the change with this number; 0 stands before the first."""
    return base64.urlsafe_b64encode(f"{_MARK}{number}".encode()).decode().rstrip("=")


def read(text: str) -> int:
    """The number behind which a cursor stands; `BadCursor` for anything that `write` did not make."""
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (ValueError, binascii.Error) as error:
        raise _bad() from error
    digits = plain.removeprefix(_MARK)
    if digits == plain or not digits.isascii() or not digits.isdigit() or len(digits) > 19 or int(digits) > _LARGEST:
        raise _bad()
    number = int(digits)
    if write(number) != text:
        raise _bad()
    return number


def _bad() -> BadCursor:
    return BadCursor("This is no cursor of the change log; start again without `after`.")
