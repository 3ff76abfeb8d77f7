import hashlib
import uuid

import pytest

from server import ids


def test_secrets_are_long_and_never_the_same() -> None:
    made = {ids.new_secret() for _ in range(100)}
    assert len(made) == 100
    assert {len(one) for one in made} == {43}


def test_a_digest_is_the_sha256_in_hex() -> None:
    assert ids.digest("a secret") == hashlib.sha256(b"a secret").hexdigest()


def test_a_uid_is_a_uuid() -> None:
    assert uuid.UUID(ids.new_uid()).version == 4


def test_short_random_texts_have_no_letters_that_are_mistaken() -> None:
    assert all(len(one) == 6 and not set(one) & set("01ilo") for one in (ids.short_random() for _ in range(200)))


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Ines Almeida", "ines-almeida"),
        ("  Intro -- call!  ", "intro-call"),
        ("Zażółć gęślą", "zazoc-gesla"),
        ("陳小姐", ""),
        ("x" * 200, "x" * 80),
        ("a" * 79 + " b", "a" * 79),
    ],
)
def test_a_slug_is_made_of_what_can_be_kept(text: str, slug: str) -> None:
    assert ids.slug_from(text) == slug
    assert slug == "" or ids.is_slug(slug)


@pytest.mark.parametrize("text", ["", "-a", "a-", "A", "a b", "ä", "a/b", "a" * 81, "a\n"])
def test_what_cannot_stand_in_an_address_is_no_slug(text: str) -> None:
    assert not ids.is_slug(text)


def test_a_public_id_gives_its_number_back() -> None:
    assert ids.public_id("mtg", 12) == "mtg_12"
    assert ids.number_of("mtg", "mtg_12") == 12


@pytest.mark.parametrize(
    "text", ["", "mtg", "mtg_", "mtg_x", "mtg_-1", "usr_12", "mtg_１２", "mtg_1e3", "mtg_" + "9" * 19]
)
def test_anything_else_is_no_id_of_that_kind(text: str) -> None:
    assert ids.number_of("mtg", text) is None
