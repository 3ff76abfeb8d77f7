"""Is this text what it claims to be? Every door and every verb asks here, so that all of them agree."""

from __future__ import annotations

import difflib
import re
import zoneinfo
from functools import cache

from email_validator import EmailNotValidError, validate_email

from server.errors import ErrorCode, refusal

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_NOT_PLACES = frozenset({"Factory", "localtime", "posixrules"})


def valid_email(text: str, *path: str) -> str:
    """The address in lower case, fit to be delivered to; `EMAIL_INVALID` otherwise. Nothing is asked of the network."""
    try:
        # 254 characters is the longest that fits an SMTP path (RFC 5321, 4.5.3.1.3); more is not worth parsing.
        found = validate_email(
            text.strip()[:255], check_deliverability=False, allow_smtputf8=False, test_environment=True
        )
    except EmailNotValidError as error:
        message = f"This is not an e-mail address that can be written to: {error} Please look it over."
        raise refusal(ErrorCode.EMAIL_INVALID, message, *path) from error
    return (found.ascii_email or found.normalized).lower()


def valid_time_zone(text: str, *path: str) -> str:
    """The name as the IANA database has it; `TIME_ZONE_INVALID`, with the nearest name that exists, otherwise."""
    if text in time_zones():
        return text
    nearest = _nearest_zone(text)
    hint = f"did you mean {nearest}?" if nearest else "names look like Europe/Warsaw."
    raise refusal(ErrorCode.TIME_ZONE_INVALID, f"{short(text)!r} is not a time zone known here; {hint}", *path)


def short_text(value: str, maximum: int, *path: str) -> str:
    """`value` on one line, without marks that cannot be printed; `TEXT_TOO_LONG` above `maximum` characters."""
    return _bounded(" ".join(_UNPRINTABLE.sub("", value).split()), maximum, path)


def long_text(value: str, maximum: int, *path: str) -> str:
    """`value` with its lines kept and nothing unprintable; `TEXT_TOO_LONG` above `maximum` characters."""
    lines = _UNPRINTABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return _bounded(lines.strip(), maximum, path)


def required_text(value: str, maximum: int, *path: str, code: ErrorCode = ErrorCode.NAME_REQUIRED) -> str:
    """Like `short_text`, and refused with `code` when nothing is left to read."""
    text = short_text(value, maximum, *path)
    if not text:
        raise refusal(code, "Please write something here; it was empty.", *path)
    return text


def printable_line(text: str, most: int) -> str:
    """What nobody typed who could be asked to mend it, on one line and cut to `most` characters. What cannot be printed
    is a blank: no database keeps a NUL, or half a character."""
    return " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())[:most]


def short(text: str) -> str:
    """`text` cut so that it can be repeated in a message."""
    return text if len(text) <= 60 else f"{text[:57]}..."


@cache
def time_zones() -> frozenset[str]:
    """Every zone name that this machine's zone data knows."""
    return frozenset(zoneinfo.available_timezones() - _NOT_PLACES)


def _nearest_zone(text: str) -> str | None:
    names = {name.lower(): name for name in time_zones()}
    places = {name.rsplit("/", 1)[-1].lower(): name for name in sorted(time_zones(), reverse=True)}
    wanted = text.strip().lower().replace(" ", "_")[:64]
    for known in (names, places):
        close = difflib.get_close_matches(wanted, known, n=1, cutoff=0.7)
        if close:
            return known[close[0]]
    return None


def _bounded(text: str, maximum: int, path: tuple[str, ...]) -> str:
    if len(text) > maximum:
        message = f"This may have {maximum} characters and has {len(text)}; please shorten it."
        raise refusal(ErrorCode.TEXT_TOO_LONG, message, *path)
    return text
