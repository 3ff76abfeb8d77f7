"""Which language somebody reads, from what their browser or their row says."""

import re
from collections.abc import Iterator

from babel import Locale, UnknownLocaleError

from server.wording.catalogue import language_of, runs_from_right, say

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_MAX_TAGS = 12


def best_locale(accepted: str | None, default: str = "en") -> str:
    """The one of `LOCALES` that suits a language tag or an `Accept-Language` header best (RFC 9110, 12.5.4)."""
    return next((language for _, language in _spoken(accepted)), default)


def regional_locale(accepted: str | None, default: str = "en") -> str:
    """As `best_locale`, but with the region kept where it is known (`en-US`), because 12 or 24 hours and the order of
    day and month depend on it. What comes back is good for `say` and for `when`."""
    return next((tag for tag, _ in _spoken(accepted)), default)


def direction(locale: str) -> str:
    """`ltr` or `rtl`: the way in which the language runs."""
    return "rtl" if runs_from_right(locale) else "ltr"


def language_name(locale: str) -> str:
    """The language's own name for itself, as a language switch shows it."""
    return say(locale, "common.language")


def _spoken(accepted: str | None) -> Iterator[tuple[str, str]]:
    for tag in _by_preference(accepted or ""):
        try:
            parsed = Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
        language = language_of(tag)
        if Locale.parse(language, sep="-").language == parsed.language and _same_script(parsed, language):
            yield (_regional(parsed, language), language)


def _same_script(parsed: Locale, language: str) -> bool:
    script = Locale.parse(language, sep="-").script
    return script is None or script == parsed.script


def _regional(parsed: Locale, language: str) -> str:
    return f"{language}-{parsed.territory}" if parsed.territory else language


def _by_preference(accepted: str) -> list[str]:
    weighed: list[tuple[float, str]] = []
    for part in accepted.split(",")[:_MAX_TAGS]:
        tag, _, weight = part.strip().partition(";")
        if _TAG.fullmatch(tag.strip()):
            weighed.append((_weight(weight), tag.strip().replace("_", "-")))
    return [tag for weight, tag in sorted(weighed, key=lambda pair: -pair[0]) if weight > 0]


def _weight(text: str) -> float:
    found = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", text)
    return float(found[1]) if found else 1.0
