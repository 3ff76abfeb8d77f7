"""A place in the change log as clients hold it: opaque, short, and safe in an address or an SSE `id:`."""

import base64
import binascii

from server.database.rows import BadCursor

_MARK = "change:"
_AND = ";"
_LARGEST = 2**63 - 1


def write(number: int, remark: str = "") -> str:
    """The cursor that stands behind the change with this number; 0 stands before the first. A `remark` is what whoever
    wrote it wants to find in it again; to everybody else it is the cursor of that number."""
    plain = f"{_MARK}{number}{_AND if remark else ''}{remark}"
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read(text: str) -> int:
    """The number behind which a cursor stands; `BadCursor` for anything that `write` did not make."""
    return _read(text)[0]


def remark_of(text: str) -> str:
    """What was written into a cursor beside its number; `BadCursor` for anything that `write` did not make."""
    return _read(text)[1]


def _read(text: str) -> tuple[int, str]:
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (ValueError, binascii.Error) as error:
        raise _bad() from error
    digits, _, remark = plain.removeprefix(_MARK).partition(_AND)
    if not plain.startswith(_MARK) or not digits.isascii() or not digits.isdigit() or len(digits) > 19:
        raise _bad()
    number = int(digits)
    if number > _LARGEST or write(number, remark) != text:
        raise _bad()
    return number, remark


def _bad() -> BadCursor:
    return BadCursor("This is no cursor of the change log; start again without `after`.")
