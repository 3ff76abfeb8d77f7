from __future__ import annotations

from collections.abc import Iterator

import pytest

from server import sealing, settings

SECRET = b'{"manageUrl": "https://meet.example.com/b/12-abc"}' * 20


@pytest.fixture(autouse=True)
def own() -> Iterator[settings.Settings]:
    """Settings with a key, in use for the test."""
    before = list(settings._in_use)
    chosen = settings.read(secret_key="for-tests-only-" + "k" * 32, database_url="sqlite:///unused.sqlite3")
    settings.use(chosen)
    yield chosen
    settings._in_use[:] = before


def test_what_was_sealed_is_opened_with_the_same_key_and_purpose() -> None:
    seal = sealing.sealed(SECRET, purpose="kept answer")
    assert sealing.opened(seal, purpose="kept answer") == SECRET
    assert len(seal) < len(SECRET)
    assert b"manageUrl" not in seal


def test_two_seals_of_the_same_differ() -> None:
    assert sealing.sealed(SECRET, purpose="kept answer") != sealing.sealed(SECRET, purpose="kept answer")


def test_another_purpose_opens_nothing() -> None:
    assert sealing.opened(sealing.sealed(SECRET, purpose="kept answer"), purpose="other") is None


def test_another_key_opens_nothing(own: settings.Settings) -> None:
    seal = sealing.sealed(SECRET, purpose="kept answer")
    settings.use(own.model_copy(update={"secret_key": "another-" + "k" * 32}))
    assert sealing.opened(seal, purpose="kept answer") is None


@pytest.mark.parametrize("position", [0, 20, -1])
def test_what_was_changed_is_not_opened(position: int) -> None:
    seal = bytearray(sealing.sealed(SECRET, purpose="kept answer"))
    seal[position] ^= 1
    assert sealing.opened(bytes(seal), purpose="kept answer") is None


def test_what_is_no_seal_is_not_opened() -> None:
    assert [sealing.opened(one, purpose="kept answer") for one in (b"", b"short", b"x" * 40)] == [None] * 3
