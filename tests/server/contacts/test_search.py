"""Who is meant by a few letters."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server import database
from server.accounts.viewer import Viewer
from server.contacts import queries, records
from server.contacts.almost import SHORTEST, corrections
from server.contacts.search import search
from server.database import connection, searching
from server.database.rows import BadCursor, Rows
from server.folding import search_text, words_asked
from server.models import Contact, Record
from server.models.enums import RecordKind
from tests.factories import a_contact, a_user, an_account
from tests.resolvers.asking import viewer_for

pytestmark = pytest.mark.capability("S1-42")

NAMES = (
    *(("Łukasz", "Kowalski"), ("Anna", "Kowalska"), ("Jan", "Nowak"), ("Ann", "O'Brien"), ("Marek", "Skowroński")),
    *(("太郎", "山田"), ("花子", "山本"), ("50% off", "a_b"), ('"Bob"', "\\Back"), ("Åsa", "Öberg-Kowal"), ("", "")),
)


@dataclass
class Desk:
    """Somebody who looks for contacts, and all the contacts there are, as texts."""

    viewer: Viewer
    texts: dict[int, str]
    foreign: set[int]

    async def found(self, text: str, *, rows: Rows | None = None, size: int = 100) -> list[int]:
        """The numbers that a search answers, page by page."""
        numbers: list[int] = []
        after = None
        while True:
            hits = await search(
                rows or queries.contacts(self.viewer), self.viewer.account_id, text, first=size, after=after
            )
            if hits is None:
                return []
            numbers += hits.numbers
            if not hits.has_next_page:
                return numbers
            after = hits.cursors[-1]

    def expected(self, text: str, *, looks_inside: bool = True) -> list[int]:
        """The same, worked out by looking at one contact after the other."""
        asked = words_asked(text)
        if not asked:
            return []
        ranked = [(rank, number) for number, own in self.texts.items() if (rank := _rank(asked, own, looks_inside))]
        return [number for _, number in sorted(ranked)]


def _rank(asked: tuple[str, ...], text: str, looks_inside: bool) -> tuple[Any, ...] | None:
    words = text.split()
    if all(any(word.startswith(one) for word in words) for one in asked):
        longest = max(asked, key=len)
        return 0, min(word for word in words if word.startswith(longest))
    if not looks_inside or not any(len(one) >= 3 for one in asked):
        return None
    if all(one in text for one in asked):
        return 1, ""
    if any(len(one) >= SHORTEST for one in asked) and (needed := corrections(asked, text)):
        return 2, str(needed)
    return None


async def a_desk() -> Desk:
    """Two accounts with the same contacts; one of them is looked through."""
    account, other = await an_account(), await an_account("Ash")
    for first, last in NAMES:
        await a_contact(account, first, last)
        await a_contact(other, first, last)
    texts = {one.id: one.search_text for one in await Contact.filter(account=account)}
    foreign = {one.id for one in await Contact.filter(account=other)}
    return Desk(viewer_for(await a_user(account)), texts, foreign)


async def names(numbers: list[int]) -> list[str]:
    found = {one.id: f"{one.first_name} {one.last_name}".strip() for one in await Contact.filter(id__in=numbers)}
    return [found[number] for number in numbers]


@pytest.mark.capability("S2-24")
@pytest.mark.capability("S2-39")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kow", ["Åsa Öberg-Kowal", "Anna Kowalska", "Łukasz Kowalski", "Marek Skowroński"]),
        ("KOWAL ann", ["Anna Kowalska"]),
        ("lukasz", ["Łukasz Kowalski"]),
        ("łuk", ["Łukasz Kowalski"]),
        ("owak", ["Jan Nowak"]),
        ("kowlaski", ["Łukasz Kowalski"]),
        ("skowronsky", ["Marek Skowroński"]),
        ("brien", ["Ann O'Brien"]),
        ("o'b", ["Ann O'Brien"]),
        ("太", ["太郎 山田"]),
        ("田", ["太郎 山田"]),
        ("山", ["花子 山本", "太郎 山田"]),
        ("50%", ["50% off a_b"]),
        ("%", ["50% off a_b"]),
        ("_", ["50% off a_b"]),
        ('"', ['"Bob" \\Back']),
        ("\\", ['"Bob" \\Back']),
        ("*", []),
        ("a' OR 1=1 --", []),
        ('") OR (', []),
        ("nobody", []),
        ("   ", []),
        ("\0", []),
    ],
)
async def test_a_search_finds(db: str, text: str, expected: list[str]) -> None:
    desk = await a_desk()
    assert await names(await desk.found(text)) == expected


async def test_one_letter_finds_those_with_a_word_that_begins_so(db: str) -> None:
    desk = await a_desk()
    found = set(await names(await desk.found("m")))
    assert found == {"Marek Skowroński"}


LETTERS = st.sampled_from([*"aknowlsi", "山", "田", "%", "_", "'", '"', "\\", "!", "*", " ", "Ł", "é"])


async def test_search_agrees_with_looking_at_one_after_the_other(db: str) -> None:
    """Random names, and searches made of pieces of these, of slips and of marks."""
    dice = random.Random(7)
    account = await an_account()
    viewer = viewer_for(await a_user(account))
    parts = ("kow", "al", "ski", "ann", "a", "no", "wak", "山", "田", "%", "_", "'", "ł", "é", "-")
    made = [("".join(dice.choices(parts, k=3)), "".join(dice.choices(parts, k=dice.randint(1, 5)))) for _ in range(120)]
    await Contact.bulk_create(
        Contact(account=account, email=f"{n}@x.example", first_name=one, last_name=two)
        for n, (one, two) in enumerate(made)
    )
    texts = {one.id: one.search_text for one in await Contact.all()}
    desk = Desk(viewer, texts, set())
    for _ in range(150):
        text = "".join(dice.choices(parts, k=dice.randint(1, 4)))
        text = dice.choice([text, text, f"{text} {dice.choice(parts)}", text[:2] + text[3:], text[1:]])
        assert await desk.found(text, size=dice.choice([3, 100])) == desk.expected(text), text


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.one_of(st.text(max_size=12), st.text(LETTERS, max_size=9)))
def test_any_text_may_be_looked_for(text: str) -> None:
    """What is asked of the database holds no mark of its own: the words are all that is left, whatever was typed."""
    assert all(word and not word.isspace() and "\0" not in word for word in words_asked(text))
    assert search_text(text).split() == sorted(set(search_text(text).split()), key=search_text(text).split().index)


async def test_nothing_of_another_account_is_found(db: str) -> None:
    desk = await a_desk()
    for text in ("kow", "owak", "kowlaski", "a", "山"):
        assert desk.foreign.isdisjoint(await desk.found(text))


async def test_a_page_goes_on_where_the_last_one_ended(db: str) -> None:
    desk = await a_desk()
    for text in ("kow", "a", "山", "kowalsky", "owak"):
        assert await desk.found(text, size=1) == await desk.found(text)


@pytest.mark.parametrize("cursor", ["nonsense", "WzEsMl0", "WyJhIiwiYiIsImMiXQ", "WzksImEiLDFd"])
async def test_a_cursor_of_another_list_is_refused(db: str, cursor: str) -> None:
    desk = await a_desk()
    with pytest.raises(BadCursor):
        await search(queries.contacts(desk.viewer), desk.viewer.account_id, "kow", first=5, after=cursor)


async def test_search_follows_every_write(db: str) -> None:
    account = await an_account()
    desk = Desk(viewer_for(await a_user(account)), {}, set())
    contact = await a_contact(account, "Ines", "Alder")
    assert await desk.found("alder") == [contact.id]
    contact.last_name = "Birch"
    await contact.save(update_fields=["last_name"])
    assert (await desk.found("alder"), await desk.found("bir"), await desk.found("irch")) == ([], *[[contact.id]] * 2)
    await contact.delete()
    assert (await desk.found("bir"), await desk.found("irch")) == ([], [])


async def test_records_are_found_among_those_of_their_kind(db: str) -> None:
    account = await an_account()
    viewer = viewer_for(await a_user(account))
    desk = Desk(viewer, {}, set())
    made = [
        await Record.create(account=account, kind=kind, name="Meridian renewal", external_id=f"X-{kind}")
        for kind in (RecordKind.COMPANY, RecordKind.DEAL)
    ]
    deals = records.records(viewer, kind=RecordKind.DEAL)
    assert await desk.found("merid", rows=records.records(viewer)) == [one.id for one in made]
    assert [await desk.found(text, rows=deals) for text in ("merid", "enewal", "x-deal")] == [[made[1].id]] * 3


async def test_without_an_index_of_what_is_inside_a_search_goes_by_beginnings(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on PostgreSQL without pg_trgm, or a SQLite without FTS5."""
    desk = await a_desk()
    monkeypatch.setitem(searching._known, connection.client(), False)
    for text in ("kow", "kowal ann", "owak", "kowlaski", "a"):
        assert await desk.found(text) == desk.expected(text, looks_inside=False)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_the_extension_may_come_later(db: str) -> None:
    desk = await a_desk()
    await database.execute("DROP EXTENSION pg_trgm CASCADE")
    searching._known.pop(connection.client(), None)
    assert (await database.finds_inside_words(), await desk.found("owak")) == (False, [])
    await database.migrate()
    assert (await database.finds_inside_words(), len(await desk.found("owak"))) == (True, 1)
