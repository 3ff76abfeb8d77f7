from pathlib import Path

import pytest

from server.doctor import State, examine


async def test_everything_that_is_wrong_is_told_at_once_each_with_the_next_step(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment = {
        "PARLEY_SECRET_KEY": "short",
        "PARLEY_DATABASE_URL": f"sqlite:///{tmp_path}/missing/parley.sqlite3",
        "PARLEY_SMTP_URL": "smtp://127.0.0.1:1",
        "PARLEY_PUBLIC_URL": "ftp://meet.example.com",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    wrong = [one for one in await examine(environment) if one.state is State.WRONG]
    assert [one.subject for one in wrong] == ["settings", "settings", "disk", "database", "mail"]
    assert all(one.mend for one in wrong)
