"""Files kept in a folder, and in a store that speaks S3."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from server import clock, settings
from server.gateways import files
from tests.server.gateways.s3 import ACCESS_KEY, BUCKET, REGION, SECRET_KEY, Store, running_store

LARGE = 12 * 1024 * 1024


@pytest.fixture(params=["folder", "s3"])
def storage(request: pytest.FixtureRequest) -> Iterator[None]:
    request.getfixturevalue(request.param)
    return


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield from _in_use((tmp_path / "not yet there").as_uri(), tmp_path)


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    with running_store() as store:
        yield from _in_use(f"s3://{BUCKET}/own%20folder?region={REGION}&endpoint={store.url}", store)
        assert store.refused == []


def _in_use(url: str, what: object) -> Iterator[object]:
    before = list(settings._in_use)
    settings.use(settings.read(demo=True, files_url=url))
    yield what
    settings._in_use[:] = before


async def pieces(*given: bytes | Exception) -> AsyncIterator[bytes]:
    for one in given:
        if isinstance(one, Exception):
            raise one
        yield one


async def read(key: str, *, span: files.Span | None = None) -> bytes | None:
    found = await files.fetch(key, span=span)
    if found is None:
        return None
    body = b"".join([piece async for piece in found.pieces])
    assert span is not None or len(body) == found.size_bytes
    return body


async def keys(prefix: str) -> list[str]:
    tomorrow = clock.now() + timedelta(days=1)
    return sorted([key async for some in files.kept_keys(prefix, before=tomorrow) for key in some])


@pytest.mark.usefixtures("storage")
async def test_a_file_is_kept_fetched_and_dropped() -> None:
    await files.keep("attachments/1/one", pieces(b"some ", b"bytes"))
    await files.keep("attachments/2/two", pieces(b"x"))
    assert await read("attachments/1/one") == b"some bytes"
    assert await keys("attachments") == ["attachments/1/one", "attachments/2/two"]
    await files.drop("attachments/1/one")
    await files.drop("attachments/1/one")
    assert (await read("attachments/1/one"), await keys("attachments")) == (None, ["attachments/2/two"])


@pytest.mark.usefixtures("storage")
async def test_a_large_file_comes_back_whole() -> None:
    body = bytes(range(256)) * (LARGE // 256)
    await files.keep("attachments/1/large", pieces(*(body[at : at + 100_000] for at in range(0, LARGE, 100_000))))
    assert await read("attachments/1/large", span=(3_000_001, 7_000_003)) == body[3_000_001:7_000_003]
    assert await read("attachments/1/nothing", span=(0, 1)) is None
    assert await read("attachments/1/large") == body


@pytest.mark.usefixtures("storage")
@pytest.mark.parametrize("size", [10, LARGE])
async def test_a_file_that_breaks_off_leaves_nothing(size: int) -> None:
    with pytest.raises(ValueError, match="enough"):
        await files.keep("attachments/1/broken", pieces(b"x" * size, ValueError("enough")))
    assert (await read("attachments/1/broken"), await keys("attachments")) == (None, [])


async def test_s3_is_asked_below_the_folder_and_with_signatures_only(s3: Store) -> None:
    await files.keep("attachments/1/one", pieces(b"x"))
    assert await read("attachments/1/one") == b"x"
    assert {path for _, path in s3.asked} == {"own folder/attachments/1/one"}


async def test_a_wrong_key_is_a_storage_that_is_away(s3: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    settings.use(settings.read(demo=True, files_url=f"s3://{BUCKET}/other?region={REGION}&endpoint={s3.url}"))
    with pytest.raises(files.StorageAway):
        await files.keep("attachments/1/one", pieces(b"x"))
    assert s3.objects == {}
    s3.refused.clear()


async def test_a_folder_that_cannot_be_written_is_a_storage_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for _ in _in_use((tmp_path / "file" / "below").as_uri(), None):
        with pytest.raises(files.StorageAway):
            await files.keep("one", pieces(b"x"))
