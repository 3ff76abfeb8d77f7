"""People pass; a program that is in a hurry does not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from server import clock, settings
from server.web.pages.spam_guard import is_hasty, seen_for
from server.web.pages.typed import Typed


@pytest.fixture(autouse=True)
def _with_settings() -> Iterator[None]:
    before = list(settings._in_use)
    settings.use(settings.read(demo=True, secret_key="s" * 40))
    yield
    settings._in_use[:] = before


def test_a_form_that_took_a_moment_passes() -> None:
    typed = Typed(seen=seen_for(Typed(), "intro"))
    with clock.travel(clock.now() + timedelta(seconds=3)):
        assert not is_hasty(typed, "intro")


def test_a_form_that_took_no_time_does_not() -> None:
    assert is_hasty(Typed(seen=seen_for(Typed(), "intro")), "intro")


def test_a_form_that_took_no_time_passes_where_scripts_are_welcome() -> None:
    settings.use(settings.read(demo=True, secret_key="s" * 40, limit_form_seconds=0))
    typed = Typed(seen=seen_for(Typed(), "intro"))
    assert not is_hasty(typed, "intro")
    assert is_hasty(replace(typed, trap="https://spam.example"), "intro")


@pytest.mark.parametrize("seen", ["", "0.", "1795000000.0123456789abcdef01234567", "ü.ü", "nonsense"])
def test_a_forged_mark_does_not(seen: str) -> None:
    assert is_hasty(Typed(seen=seen), "intro")


def test_the_hidden_field_does_not_and_the_mark_of_another_page_neither() -> None:
    typed = Typed(seen=seen_for(Typed(), "intro"))
    with clock.travel(clock.now() + timedelta(seconds=3)):
        assert is_hasty(replace(typed, trap="https://spam.example"), "intro")
        assert is_hasty(typed, "other")


def test_whoever_comes_back_with_a_good_mark_keeps_it() -> None:
    typed = Typed(seen=seen_for(Typed(), "intro"))
    with clock.travel(clock.now() + timedelta(seconds=1)):
        assert seen_for(typed, "intro") == typed.seen


def test_a_mark_more_than_a_day_old_is_renewed() -> None:
    typed = Typed(seen=seen_for(Typed(), "intro"))
    with clock.travel(clock.now() + timedelta(days=2)):
        assert is_hasty(typed, "intro")
        assert seen_for(typed, "intro") != typed.seen
