import os
from pathlib import Path

import pytest

from server import settings
from server.doctor.environment import address_and_key, disk, read_settings
from server.doctor.finding import State
from server.settings import Settings

KEY = "f3a9c1d27b6e48055ce0917ad4b2638f"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PARLEY_")]:
        monkeypatch.delenv(name)


def _settings(**given: object) -> Settings:
    return settings.read(**({"secret_key": KEY, "public_url": "https://meet.example.com"} | given))


def _looked(monkeypatch: pytest.MonkeyPatch, **environment: str) -> list[tuple[State, str]]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    _, found = read_settings(os.environ)
    return [(one.state, one.said.split(":")[0]) for one in found]


def test_settings_that_can_be_used_are_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _looked(monkeypatch, PARLEY_SECRET_KEY=KEY) == [(State.OK, "Every setting can be used.")]


def test_every_setting_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _looked(monkeypatch, PARLEY_PUBLIC_URL="meet.example.com", PARLEY_LOG_LEVEL="loud") == [
        (State.WRONG, "PARLEY_PUBLIC_URL"),
        (State.WRONG, "PARLEY_SECRET_KEY"),
        (State.WRONG, "PARLEY_LOG_LEVEL"),
    ]


def test_the_rest_is_examined_as_if_the_wrong_ones_were_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_PUBLIC_URL", "meet.example.com")
    monkeypatch.setenv("PARLEY_SMTP_URL", "smtp://mail.example.com")
    own, _ = read_settings(os.environ)
    assert (own.public_url, own.smtp_url) == ("http://localhost:8000", "smtp://mail.example.com")


def test_a_name_nobody_reads_is_told_with_the_nearest_that_is_read() -> None:
    _, found = read_settings({"PARLEY_SMPT_URL": "x", "PARLEY_QQQQQQ": "x", "PATH": "/bin"})
    assert [(one.state, one.said, one.mend) for one in found[:2]] == [
        (
            State.LOOK,
            "PARLEY_QQQQQQ is not a setting and has no effect.",
            "Remove it; docs/operating/settings.md lists those there are.",
        ),
        (State.LOOK, "PARLEY_SMPT_URL is not a setting and has no effect.", "Did you mean PARLEY_SMTP_URL?"),
    ]


@pytest.mark.parametrize(
    ("given", "states"),
    [
        ({}, [("address", State.OK)]),
        ({"public_url": "http://localhost:8000"}, [("address", State.LOOK)]),
        ({"public_url": "http://localhost:8000", "demo": True}, [("address", State.OK)]),
        ({"public_url": "http://meet.example.com"}, [("address", State.LOOK)]),
        ({"secret_key": "abcabcabcabcabcabcabcabcabcabcabcabc"}, [("address", State.OK), ("key", State.LOOK)]),
    ],
)
def test_an_address_people_cannot_use_and_a_typed_key_are_seen(
    given: dict[str, object], states: list[tuple[str, State]]
) -> None:
    assert [(one.subject, one.state) for one in address_and_key(_settings(**given))] == states


def test_a_folder_that_is_not_there_is_wrong(tmp_path: Path) -> None:
    (found,) = disk(_settings(database_url=f"sqlite:///{tmp_path}/none/parley.sqlite3"))
    assert (found.state, found.mend) == (State.WRONG, f"Make it: mkdir -p {tmp_path}/none")


def test_a_folder_with_room_is_fine(tmp_path: Path) -> None:
    (found,) = disk(_settings(database_url=f"sqlite:///{tmp_path}/parley.sqlite3"))
    assert found.said.endswith(f"MB free in {tmp_path}.")
    assert found.state in (State.OK, State.LOOK)
