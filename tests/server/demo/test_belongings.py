import stat
from pathlib import Path

from server.accounts.passwords import valid_password
from server.demo.belongings import belongings


def test_a_folder_keeps_its_own_secrets(tmp_path: Path) -> None:
    first = belongings(tmp_path / "demo", seed=None)
    assert belongings(tmp_path / "demo", seed=None) == first
    assert belongings(tmp_path / "demo", seed=5) == first
    other = belongings(tmp_path / "other", seed=None)
    assert not {first.secret_key, first.password, first.api_token} & {
        other.secret_key,
        other.password,
        other.api_token,
    }


def test_a_seed_makes_the_same_secrets_anywhere(tmp_path: Path) -> None:
    assert belongings(tmp_path / "a", seed=5) == belongings(tmp_path / "b", seed=5)
    assert belongings(tmp_path / "c", seed=6) != belongings(tmp_path / "a", seed=5)


def test_the_secrets_are_fit_for_use_and_for_the_owners_eyes_only(tmp_path: Path) -> None:
    made = belongings(tmp_path, seed=None)
    assert len(made.secret_key) >= 32
    assert made.api_token.startswith("parley_")
    valid_password(made.password)
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
