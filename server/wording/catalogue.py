"""The sentences of each language, kept in JSON files beside this one; a folder with `common.json` is a language."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel import Locale
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from server.wording.digits import in_digits

_FOLDER = Path(__file__).parent
_SOURCE = "en"
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_ISOLATE, _POP = "\u2068", "\u2069"

# Dates are joined of parts that run the same way, and a sender's name is no place for characters that nobody sees.
_OF_ONE_PIECE = ("when.", "mail.sender")

_FOUND = sorted(file.parent.name.replace("_", "-") for file in _FOLDER.glob("*/common.json"))

LOCALES: tuple[str, ...] = (_SOURCE, *(name for name in _FOUND if name != _SOURCE))


def say(locale: str, key: str, **placeholders: object) -> str:
    """The sentence `key` in the language of `locale` (`pl`, `en-US`, `zh-Hant`), its `{placeholders}` filled in.

    With `count=` the CLDR plural form is chosen (`key.one`, `key.few`, ...). Numbers are written as the language does,
    and a language that runs from right to left isolates every value (Unicode UAX 9). A sentence that a language lacks
    is said in English; a key that nobody has, or a value that is missing, is a KeyError, because it is our mistake.
    """
    spoken = _spoken(locale, placeholders)
    if not key.startswith(_OF_ONE_PIECE) and runs_from_right(language_of(locale)):
        spoken = {
            name: value if isinstance(placeholders[name], int) else _set_apart(str(value))
            for name, value in spoken.items()
        }
    return _PLACEHOLDER.sub(lambda found: str(spoken[found[1]]), _sentence(locale, key, placeholders.get("count")))


def say_html(locale: str, key: str, **placeholders: object) -> Markup:
    """The same sentence for a page: the text escaped, every value escaped and isolated, so that a name, time or range
    keeps its own direction inside a sentence of another (Unicode UAX 9). A value that is Markup stays as it is."""
    sentence = str(escape(_sentence(locale, key, placeholders.get("count"))))
    spoken = {name: _as_html(value) for name, value in _spoken(locale, placeholders).items()}
    return Markup(_PLACEHOLDER.sub(lambda found: spoken[found[1]], sentence))


def isolated(locale: str, value: str) -> str:
    """A value as it stands inside a sentence of that language, as `say` puts it there."""
    return _set_apart(value) if runs_from_right(language_of(locale)) else value


def number(value: int, locale: str) -> str:
    """A whole number as the language writes it."""
    known = _babel(locale)
    return in_digits(str(format_decimal(value, locale=known, numbering_system="default")), known)


def catalogue(language: str) -> Mapping[str, str]:
    """Every sentence of one language of `LOCALES`, by key."""
    return _catalogue(language)


@cache
def language_of(locale: str) -> str:
    """The language of `LOCALES` that speaks for a locale tag: `en-US` is `en`, `zh-TW` is `zh-Hant`; else English."""
    if locale in LOCALES:
        return locale
    parsed = Locale.parse(locale, sep="-")
    script = f"{parsed.language}-{parsed.script}"
    return next((known for known in (script, parsed.language) if known in LOCALES), _SOURCE)


def runs_from_right(locale: str) -> bool:
    """Whether the language is written from right to left."""
    return _babel(locale).text_direction == "rtl"


def _sentence(locale: str, key: str, count: object) -> str:
    language = language_of(locale)
    if count is not None:
        plural = _babel(language).plural_form(int(str(count)))
        return _look_up(language, f"{key}.{plural}", f"{key}.other")
    return _look_up(language, key)


def _look_up(language: str, *keys: str) -> str:
    for spoken in (_catalogue(language), _catalogue(_SOURCE)):
        for key in keys:
            if key in spoken:
                return spoken[key]
    raise KeyError(f"no language has the sentence {keys[0]!r}")


def _spoken(locale: str, placeholders: Mapping[str, object]) -> Mapping[str, object]:
    return {name: number(value, locale) if isinstance(value, int) else value for name, value in placeholders.items()}


def _set_apart(value: str) -> str:
    # A program that finds addresses in a text would take the mark behind one for a part of it.
    return value if "://" in value else f"{_ISOLATE}{value}{_POP}"


def _as_html(value: object) -> str:
    return str(value) if isinstance(value, Markup) else f"<bdi>{escape(str(value))}</bdi>"


@cache
def _babel(locale: str) -> Locale:
    return Locale.parse(locale, sep="-")


@cache
def _catalogue(language: str) -> Mapping[str, str]:
    sentences: dict[str, str] = {}
    for file in sorted((_FOLDER / language.replace("-", "_")).glob("*.json")):
        sentences |= json.loads(file.read_text(encoding="utf-8"))
    return sentences
