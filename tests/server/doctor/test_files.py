from __future__ import annotations

from pathlib import Path

import pytest

from server import settings
from server.doctor.files import files
from server.doctor.finding import Finding, State, look, ok
from tests.server.gateways.s3 import ACCESS_KEY, BUCKET, REGION, SECRET_KEY, running_store

KEY = "k" * 32


async def found_of(**given: str) -> Finding:
    (finding,) = await files(settings.read(secret_key=KEY, **given))
    return finding


async def test_a_folder_that_can_be_made_is_fine_and_is_not_made_by_looking(tmp_path: Path) -> None:
    place = tmp_path / "files"
    assert await found_of(files_url=place.as_uri()) == ok("files", f"Attachments are kept in {place}.")
    assert not place.exists()


async def test_a_folder_beside_the_database_is_fine(tmp_path: Path) -> None:
    said = f"Attachments are kept in {tmp_path / 'files'}."
    assert await found_of(database_url=f"sqlite:///{tmp_path}/parley.sqlite3") == ok("files", said)


async def test_a_folder_that_nobody_named_deserves_a_look_where_the_database_is_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = f"Attachments are kept in {tmp_path / 'files'}, below where this was started."
    mend = "Set PARLEY_FILES_URL if another folder is meant, or if the worker is started elsewhere."
    assert await found_of(database_url="postgresql://db.example/parley") == look("files", said, mend)


async def test_a_file_where_the_folder_should_be_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("")
    finding = await found_of(files_url=(tmp_path / "files").as_uri())
    assert (finding.state, finding.said) == (State.WRONG, f"There is no folder {tmp_path / 'files'}.")


@pytest.mark.parametrize(("key", "state"), [(SECRET_KEY, State.OK), ("another", State.WRONG)])
async def test_a_store_is_asked_and_nothing_is_written(monkeypatch: pytest.MonkeyPatch, key: str, state: State) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key)
    with running_store() as store:
        url = f"s3://{BUCKET}/folder-of-{state}?region={REGION}&endpoint={store.url}"
        finding = await found_of(files_url=url)
    assert (finding.subject, finding.state, finding.said.startswith(f"The store s3://{BUCKET} ")) == (
        "files",
        state,
        True,
    )
    assert {method for method, _ in store.asked} <= {"GET"}
    assert SECRET_KEY not in finding.said


async def test_a_store_that_does_not_answer_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    finding = await found_of(files_url="s3://kept?region=x&endpoint=http://127.0.0.1:1")
    assert (finding.state, bool(finding.mend)) == (State.WRONG, True)
