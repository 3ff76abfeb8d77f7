import os
from pathlib import Path

import pytest

from server import settings
from server.settings import Settings, SettingsWrong, read

KEY = "0123456789abcdef" * 2


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PARLEY_")]:
        monkeypatch.delenv(name)


def _complaints(**environment: str) -> list[str]:
    """The variables complained about."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(f"PARLEY_{name}", value)
        with pytest.raises(SettingsWrong) as caught:
            read()
    return [line.split(": ")[0].removeprefix("PARLEY_") for line in str(caught.value).splitlines()]


def test_what_is_not_said_has_a_default() -> None:
    own = read(secret_key=KEY)
    assert (own.database_url, own.public_url, own.log_level, own.persisted_only, own.allowed_origins) == (
        "sqlite:///parley.sqlite3",
        "http://localhost:8000",
        "INFO",
        False,
        (),
    )


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_SECRET_KEY", KEY)
    monkeypatch.setenv("PARLEY_PUBLIC_URL", "https://meet.example.com/")
    monkeypatch.setenv("PARLEY_ALLOWED_ORIGINS", "https://app.example.com/, https://example.com")
    monkeypatch.setenv("PARLEY_LOG_LEVEL", "warning")
    own = read()
    assert own.public_url == "https://meet.example.com"
    assert own.allowed_origins == ("https://app.example.com", "https://example.com")
    assert own.log_level == "WARNING"


def test_what_is_given_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_PUBLIC_URL", "https://one.example")
    assert read(secret_key=KEY, public_url="https://two.example").public_url == "https://two.example"


@pytest.mark.parametrize(
    ("base", "path", "whole"),
    [
        ("https://meet.example.com", "/m/ines", "https://meet.example.com/m/ines"),
        ("https://example.com/meet/", "/m/ines", "https://example.com/meet/m/ines"),
    ],
)
def test_addresses_begin_with_the_public_one(base: str, path: str, whole: str) -> None:
    assert read(secret_key=KEY, public_url=base).address(path) == whole


def test_a_secret_key_is_required_outside_the_demo() -> None:
    assert _complaints() == ["SECRET_KEY"]
    assert _complaints(SECRET_KEY="too short") == ["SECRET_KEY"]
    assert read(demo=True).secret_key == ""


def test_the_complaint_about_the_key_brings_one_and_never_the_same() -> None:
    made = set()
    for _ in range(2):
        with pytest.raises(SettingsWrong) as caught:
            read()
        made.add(str(caught.value).rsplit(" ", 1)[-1])
    assert len(made) == 2
    assert all(read(secret_key=key) for key in made)


def test_all_complaints_are_told_at_once() -> None:
    assert sorted(
        _complaints(
            PUBLIC_URL="meet.example.com",
            DATABASE_URL="mysql://x",
            SMTP_URL="mail.example.com",
            DATABASE_POOL="many",
            LOG_LEVEL="noisy",
            LIMIT_SIGN_IN="often",
            MAIL_FROM="Meetings <m@example.com>",
            RECORD_URL="https://crm.example",
            ALLOWED_ORIGINS="app.example.com",
        )
    ) == [
        "ALLOWED_ORIGINS",
        "DATABASE_POOL",
        "DATABASE_URL",
        "LIMIT_SIGN_IN",
        "LOG_LEVEL",
        "MAIL_FROM",
        "PUBLIC_URL",
        "RECORD_URL",
        "SECRET_KEY",
        "SMTP_URL",
    ]


@pytest.mark.parametrize(
    ("given", "runs"),
    [
        ({"database_url": "sqlite:///x"}, True),
        ({"database_url": "postgresql://h/x"}, False),
        ({"database_url": "postgresql://h/x", "worker_in_process": True}, True),
        ({"database_url": "sqlite:///x", "worker_in_process": False}, False),
    ],
)
def test_one_process_is_enough_on_sqlite(given: dict[str, object], runs: bool) -> None:
    assert read(secret_key=KEY, **given).runs_worker is runs


def test_secrets_are_not_in_what_a_log_would_show() -> None:
    own = read(secret_key=KEY, smtp_url="smtp://me:hush@mail.example", database_url="postgresql://me:hush@h/x")
    assert KEY not in repr(own)
    assert "hush" not in repr(own)


def test_the_process_lives_with_what_it_is_told_to_use() -> None:
    before = list(settings._in_use)
    try:
        own = read(secret_key=KEY)
        settings.use(own)
        assert settings.current() is own
    finally:
        settings._in_use[:] = before


def test_files_lie_beside_a_database_that_is_a_file_unless_somebody_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    places = [
        read(secret_key=KEY, **given).files_url
        for given in (
            {"database_url": "sqlite:////srv/our%20data/parley.sqlite3"},
            {"database_url": "postgresql://db.example/parley"},
            {"database_url": "sqlite:////srv/parley.sqlite3", "files_url": "file:///kept"},
        )
    ]
    assert places == ["file:///srv/our%20data/files", (tmp_path / "files").as_uri(), "file:///kept"]


def test_every_setting_is_in_the_manual_with_its_default() -> None:
    lines = (Path(__file__).parents[2] / "docs" / "operating" / "settings.md").read_text().splitlines()
    cells = [[cell.strip(" `") for cell in line.split("|")[1:3]] for line in lines if line.startswith("| `PARLEY_")]
    assert dict(cells) == {
        f"PARLEY_{name.upper()}": _written(field.get_default()) for name, field in Settings.model_fields.items()
    }


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(value)
    return "" if value in ("", None) else str(value)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"web_push_contact": "ops@example.com"}, "PARLEY_WEB_PUSH_CONTACT: must be an address to reach you at"),
        ({"apns_url": "http://api.push.apple.com"}, "PARLEY_APNS_URL: must begin with https://"),
        ({"fcm_url": "https://"}, "PARLEY_FCM_URL: must begin with https://"),
    ],
)
def test_push_goes_encrypted_and_somebody_can_be_reached(given: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsWrong, match=said):
        read(secret_key=KEY, **given)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"stripe_secret_key": "sk_test_1"}, "PARLEY_STRIPE_WEBHOOK_SECRET: belongs with PARLEY_STRIPE_SECRET_KEY"),
        ({"stripe_webhook_secret": "whsec_1"}, "PARLEY_STRIPE_WEBHOOK_SECRET: belongs with PARLEY_STRIPE_SECRET_KEY"),
        ({"stripe_url": "http://api.stripe.com"}, "PARLEY_STRIPE_URL: must begin with https://"),
    ],
)
def test_payments_are_told_of_and_go_encrypted(given: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsWrong, match=said):
        read(secret_key=KEY, **given)


def test_the_secrets_of_payments_are_never_shown() -> None:
    chosen = read(secret_key=KEY, stripe_secret_key="sk_test_1", stripe_webhook_secret="whsec_1")
    assert "sk_test_1" not in f"{chosen!r} {chosen} {chosen.model_dump_json()}"
    assert "whsec_1" not in f"{chosen!r} {chosen} {chosen.model_dump_json()}"


def test_private_hosts_are_listed_with_commas() -> None:
    assert read(secret_key=KEY, private_hosts=" Intranet.example, 10.1.2.3,").private_hosts == (
        "intranet.example",
        "10.1.2.3",
    )


def test_the_path_below_which_people_reach_us_is_part_of_the_public_address() -> None:
    assert read(secret_key=KEY, public_url="https://example.com/meetings/").sub_path == "/meetings"
    assert read(secret_key=KEY, public_url="https://meet.example.com").sub_path == ""


def test_proxies_are_addresses_and_networks() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARLEY_TRUSTED_PROXIES", "10.0.0.5, 172.16.0.0/12")
        assert read(secret_key=KEY).trusted_proxies == ("10.0.0.5", "172.16.0.0/12")
    assert _complaints(SECRET_KEY=KEY, TRUSTED_PROXIES="proxy.internal") == ["TRUSTED_PROXIES"]
