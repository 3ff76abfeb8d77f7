"""Text as a search sees it: without case, without accents, word by word. Pure.

`Łukasz O'Brien-Nowak` is found by `lukasz`, `o'brien`, `brien` and `nowak`; `山田太郎` also by `太郎`."""

from __future__ import annotations

import re
import unicodedata

LONGEST_WORD = 64
MOST_WORDS = 100

# Letters that carry no accent in Unicode, although people type them without one.
_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ð": "d", "ø": "o", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"})
_LETTERS |= str.maketrans({"ı": "i", "ŋ": "n", "ĸ": "k", "ſ": "s"})
_ACCENTS = re.compile("[\u0300-\u036f]")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028\u2029\u2060\ufeff\ud800-\udfff]+")
_PART = re.compile(r"[^\W_]+")
# From where a word may be looked for besides its beginning: from its marks (`@client`, `%`), and from any sign of a
# script that is written without blanks.
_ENDS = re.compile(
    r"[^\w\s.\-]|_|[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]"
)


def folded(text: str) -> str:
    """The text in the one form in which texts are compared; folded again it stays as it is."""
    plain = unicodedata.normalize("NFKD", _UNSEEN.sub(" ", text))
    lower = unicodedata.normalize("NFKD", plain.casefold()).translate(_LETTERS)
    return unicodedata.normalize("NFC", _ACCENTS.sub("", lower))


def words_asked(text: str, most: int = 8) -> tuple[str, ...]:
    """The words of what somebody looks for, each once."""
    return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in folded(text).split()))[:most]


def search_text(*texts: str) -> str:
    """The words by whose beginnings these texts are found, each once, with a blank before and behind every one."""
    found = dict.fromkeys(
        word[:LONGEST_WORD] for text in texts for token in folded(text).split() for word in _of(token)
    )
    return f" {' '.join(list(found)[:MOST_WORDS])} " if found else ""


def _of(token: str) -> list[str]:
    """The token as it stands, its parts between marks, and what it ends in."""
    ends = [token[place.start() :] for place in _ENDS.finditer(token)]
    return [token, *_PART.findall(token), *ends[:20]]
