"""Who or what somebody means by a few letters: first those whose words begin so, then those with the letters inside a
word, last those that are spelt almost so. One statement; `docs/concepts/records.md` says what counts as what."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from server import database
from server.contacts.almost import SHORTEST, corrections, halves
from server.database.placeholders import placeholders
from server.database.rows import BadCursor, Rows, Value, cursor_of, cursor_values
from server.folding import words_asked

LONGEST = 200
MOST_CANDIDATES = 300

BEGINS, INSIDE, ALMOST = range(3)
# Behind every text that goes on from here: the last character there is.
_LAST = "\U0010ffff"
_TRIGRAM = 3

Place = tuple[int, str, int]
"""Where something stands in a list of what was found: how well it fits, by what, and its number."""


@dataclass(frozen=True, slots=True)
class Hits:
    """One page of what was found: numbers in the order of how well they fit, and the cursor of each."""

    rows: Rows
    places: tuple[Place, ...]
    has_next_page: bool

    @property
    def numbers(self) -> list[int]:
        return [number for _, _, number in self.places]

    @property
    def cursors(self) -> list[str]:
        return [cursor_of(place) for place in self.places]

    @property
    def named(self) -> Rows:
        """The rows of this page, by number."""
        narrowed = self.rows.also(f"t.id IN ({placeholders(self.numbers)})", *self.numbers)
        return dataclasses.replace(narrowed, order=("id",), limit=len(self.places))


async def search(rows: Rows, account_id: int, text: str, *, first: int, after: str | None) -> Hits | None:
    """Those of the account's `rows`, of contacts or records, that the text may mean: `first` of them behind the cursor.
    None for a text without a word, which means nothing in particular. `BadCursor`."""
    words = words_asked(text[:LONGEST])
    if not words:
        return None
    begin = None if after is None else _place(after)
    asked = _Question(rows, account_id, words, first + 1, begin, await database.finds_inside_words())
    found = _ranked(await database.fetch(asked.sql(), *asked.parameters), words, begin)
    return Hits(rows, tuple(found[:first]), len(found) > first)


def _place(cursor: str) -> Place:
    tier, key, number = cursor_values(cursor, 3)
    if not (isinstance(tier, int) and isinstance(key, str) and isinstance(number, int)) or tier not in range(3):
        raise BadCursor("This cursor belongs to another list; start again without `after`.")
    return tier, key, number


def _ranked(found: Sequence[Sequence[Any]], words: Sequence[str], begin: Place | None) -> list[Place]:
    """The places in their order; candidates that are not even spelt almost so are left out."""
    exact = [(int(tier), str(word), int(number)) for tier, word, number, _ in found if tier != ALMOST]
    guessed = []
    for tier, _, number, text in found:
        if tier == ALMOST and (needed := corrections(words, text)) is not None:
            guessed.append((ALMOST, str(needed), int(number)))
    return exact + [place for place in sorted(guessed) if begin is None or begin[0] < ALMOST or place > begin]


class _Question:
    """The statement and its parameters. Each part is asked only if those before it leave room on the page."""

    def __init__(
        self, rows: Rows, account_id: int, words: Sequence[str], limit: int, begin: Place | None, looks_inside: bool
    ) -> None:
        self.parameters: list[Value] = list(rows.parameters)
        self._rows, self._account_id, self._words, self._limit, self._begin = rows, account_id, words, limit, begin
        self._table = rows.table
        self._looks_inside = looks_inside
        self._is_sqlite = database.dialect() == "sqlite"

    def sql(self) -> str:
        tier = BEGINS if self._begin is None else self._begin[0]
        has_trigram = self._looks_inside and any(len(word) >= _TRIGRAM for word in self._words)
        is_guessed = self._looks_inside and any(len(word) >= SHORTEST for word in self._words)
        parts = [self._beginning()] if tier == BEGINS else []
        parts += [self._inside()] if tier <= INSIDE and has_trigram else []
        nothing = "SELECT 0 AS tier, '' AS word, 0 AS id, '' AS text WHERE 1 = 0"
        exact = " UNION ALL ".join(f"SELECT * FROM ({part}) p{n}" for n, part in enumerate(parts)) or nothing
        guessed = f" UNION ALL SELECT * FROM ({self._almost()}) q" if is_guessed else ""
        bounded = f"SELECT * FROM ({exact}) e LIMIT {self._limit}"
        return f"WITH exact AS MATERIALIZED ({bounded}) SELECT tier, word, id, text FROM exact{guessed}"

    def _beginning(self) -> str:
        """Those each of whose asked words is the beginning of one of theirs, by the word that the longest found. The
        scalar selects keep the planners from reading the whole table."""
        longest, *others = sorted(self._words, key=len, reverse=True)
        table, key = f"{self._table}_word", f"{self._table}_id"
        low, high = self._value(longest), self._value(longest + _LAST)
        least = f"(SELECT min(v.word) FROM {table} v WHERE v.{key} = w.{key} AND v.word >= {{0}})"
        conditions = [
            f"w.account_id = {self._value(self._account_id)} AND w.word >= {low} AND w.word < {high}",
            f"w.word = {least.format(low)}",
            *(f"{least.format(self._value(word))} < {self._value(word + _LAST)}" for word in others),
            f'(SELECT 1 FROM "{self._table}" t WHERE t.id = w.{key} AND ({self._rows.condition})) = 1',
        ]
        if self._begin is not None:
            _, word, number = self._begin
            conditions.append(f"(w.word, w.{key}) > ({self._value(word)}, {self._value(number)})")
        return (
            f"SELECT {BEGINS} AS tier, w.word AS word, w.{key} AS id, '' AS text FROM {table} w"
            f" WHERE {' AND '.join(conditions)} ORDER BY w.word, w.{key} LIMIT {self._limit}"
        )

    def _inside(self) -> str:
        """Those in whose words everything asked for stands, but not each at a beginning."""
        narrowed = f"{self._each(_is_inside)} AND NOT ({self._each(_is_beginning)})"
        number = self._begin[2] if self._begin is not None and self._begin[0] == INSIDE else None
        after = "" if number is None else f" AND t.id > {self._value(number)}"
        wanted = " AND ".join(_all_trigrams(word) for word in self._words if len(word) >= _TRIGRAM)
        source = self._source(wanted, f"{narrowed}{after}")
        return f"SELECT {INSIDE} AS tier, '' AS word, t.id AS id, '' AS text FROM {source} LIMIT {self._limit}"

    def _almost(self) -> str:
        """Those that may be spelt almost so: half of each longer word is right. Looked over afterwards."""
        narrowed = f"{self._each(_is_nearly)} AND NOT ({self._each(_is_inside)})"
        wanted = " AND ".join(_some_trigrams(word) for word in self._words if len(word) >= _TRIGRAM)
        source = self._source(wanted, f"(SELECT count(*) FROM exact) < {self._limit} AND {narrowed}", is_last=True)
        return (
            f"SELECT {ALMOST} AS tier, '' AS word, t.id AS id, t.search_text AS text FROM {source}"
            f" LIMIT {MOST_CANDIDATES}"
        )

    def _source(self, trigrams: str, condition: str, *, is_last: bool = False) -> str:
        """The rows that fit, by number; on SQLite found in the index of trigrams, which PostgreSQL finds by itself. The
        plus keeps the planners from gathering all that the account has."""
        narrowed = self._rows.condition.replace("t.account_id", "+t.account_id")
        tables, order, where = f'"{self._table}" t', "t.id", f"({narrowed}) AND {condition}"
        if self._is_sqlite:
            index = f"{self._table}_trigram"
            wanted = self._value(trigrams)
            if is_last:
                # Looking for what nobody has ends at once; a condition beside it would be asked of each row found.
                nobody = self._value(_all_trigrams("\x01" * _TRIGRAM))
                wanted = f"CASE WHEN (SELECT count(*) FROM exact) < {self._limit} THEN {wanted} ELSE {nobody} END"
            tables = f"{index} CROSS JOIN {tables} ON t.id = {index}.rowid"
            where, order = f"{index} MATCH {wanted} AND {where}", f"{index}.rowid"
        # PostgreSQL would gather all candidates to put them in order; it comes upon them in about that order anyway.
        is_in_order = self._is_sqlite or not is_last
        return f"{tables} WHERE {where}{f' ORDER BY {order}' if is_in_order else ''}"

    def _each(self, test: Callable[[str], list[str]]) -> str:
        """Every word is in the text in one of the forms that `test` gives."""
        return " AND ".join(
            f"({' OR '.join(f't.search_text LIKE {self._value(_like(form))} ESCAPE {_MARK!r}' for form in test(word))})"
            for word in self._words
        )

    def _value(self, value: Value) -> str:
        self.parameters.append(value)
        return f"${len(self.parameters)}"


_MARK = "!"


def _like(text: str) -> str:
    for mark in (_MARK, "%", "_"):
        text = text.replace(mark, f"{_MARK}{mark}")
    return f"%{text}%"


def _is_inside(word: str) -> list[str]:
    return [word]


def _is_beginning(word: str) -> list[str]:
    return [f" {word}"]


def _is_nearly(word: str) -> list[str]:
    return [word, *halves(word)] if len(word) >= SHORTEST else [word]


def _all_trigrams(text: str) -> str:
    """For FTS5: enough trigrams to cover the text; what they find is looked over."""
    last = len(text) - _TRIGRAM
    starts = dict.fromkeys([*range(0, last + 1, _TRIGRAM), last])
    quoted = ('"' + text[start : start + _TRIGRAM].replace('"', '""') + '"' for start in starts)
    return f"({' AND '.join(quoted)})"


def _some_trigrams(word: str) -> str:
    return f"({' OR '.join(_all_trigrams(form) for form in _is_nearly(word))})"
