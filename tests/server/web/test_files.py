"""Files brought and fetched over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from server import clock, settings
from server.app import build_app
from server.attachments.attach import NewAttachment, attach_file
from server.attachments.tokens import download_url, upload_url
from server.models import Attachment, Meeting
from tests.factories import a_meeting, a_user, an_account
from tests.server.meetings.scene import viewer_of
from tests.server.web.graphql.serving import serving

LARGE = 3 * 1024 * 1024


@asynccontextmanager
async def site(in_use: settings.Settings, tmp_path: Path, **more: object) -> AsyncIterator[httpx.AsyncClient]:
    """The server, with a folder for files and room for more than a usual body."""
    given = {"files_url": (tmp_path / "files").as_uri(), "limit_file_bytes": LARGE, **more}
    own = in_use.model_copy(update=given)
    settings.use(own)
    async with (
        serving(build_app(own), own, lifespan="on") as (place, _),
        httpx.AsyncClient(base_url=f"http://{place}") as client,
    ):
        yield client
    settings.use(in_use)


async def announced(body: bytes, name: str = "Plan ł.pdf", kind: str = "application/pdf") -> Attachment:
    ines = await a_user(await an_account())
    meeting = await a_meeting(ines)
    return await attach_file(viewer_of(ines), NewAttachment(meeting.id, name, kind, len(body)))


def path_of(url: str) -> str:
    return url.removeprefix(settings.current().public_url)


async def half_brought(client: httpx.AsyncClient, path: str) -> int:
    """The status of the answer to whoever sends three bytes of ten and then nothing."""
    reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
    writer.write(f"PUT {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc".encode())
    status = int((await reader.readline()).split()[1])
    writer.close()
    await writer.wait_closed()
    return status


async def fetched_path(number: int) -> str:
    kept = await Attachment.get(id=number)
    return path_of(download_url(kept.id, kept.storage_key))


@pytest.mark.capability("S2-22")
async def test_a_large_file_is_brought_and_fetched_as_an_attachment(in_use: settings.Settings, tmp_path: Path) -> None:
    body = bytes(range(256)) * (LARGE // 256)
    async with site(in_use, tmp_path) as client:
        file = await announced(body)
        brought = await client.put(path_of(upload_url(file)), content=body)
        answer = await client.get(await fetched_path(file.id))
        head = await client.head(await fetched_path(file.id))
    assert brought.status_code == 201
    assert brought.json() == {"id": f"fil_{file.id}", "name": "Plan ł.pdf", "sizeBytes": LARGE}
    assert (answer.status_code, answer.content == body, head.content) == (200, True, b"")
    shown = {name: answer.headers[name] for name in answer.headers if name not in ("date", "x-request-id", "etag")}
    assert shown == {
        "content-type": "application/pdf",
        "content-length": str(LARGE),
        "accept-ranges": "bytes",
        "content-disposition": "attachment; filename=\"Plan _.pdf\"; filename*=UTF-8''Plan%20%C5%82.pdf",
        "cache-control": "private, no-store",
        "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-robots-tag": "noindex",
    }


async def test_a_download_that_broke_off_goes_on_where_it_was(in_use: settings.Settings, tmp_path: Path) -> None:
    body = bytes(range(256)) * (LARGE // 256)
    async with site(in_use, tmp_path) as client:
        file = await announced(body)
        await client.put(path_of(upload_url(file)), content=body)
        path = await fetched_path(file.id)
        whole = await client.head(path, headers={"range": "bytes=0-9"})
        mark = whole.headers["etag"]

        async def part(asked: str, **more: str) -> tuple[int, str | None, bool]:
            answer = await client.get(path, headers={"range": asked, **more})
            first, end = _span_told(answer) or (0, LARGE)
            assert (answer.headers["etag"], answer.headers["accept-ranges"]) == (mark, "bytes")
            assert answer.headers["content-disposition"] == whole.headers["content-disposition"]
            assert int(answer.headers["content-length"]) == end - first
            return answer.status_code, answer.headers.get("content-range"), answer.content == body[first:end]

        told = [
            await part("bytes=1000000-"),
            await part("bytes=0-0"),
            await part("bytes=-5"),
            await part("bytes=5-9", **{"if-range": mark}),
            await part("bytes=5-9", **{"if-range": '"of another file"'}),
            await part("bytes=5-9", **{"if-range": f"W/{mark}"}),
            await part("bytes=5-9", **{"if-range": "Sat, 21 Nov 2026 10:00:00 GMT"}),
            await part("bytes=0-1,5-9"),
        ]
        beyond = await client.get(path, headers={"range": f"bytes={LARGE}-"})
        nowhere = await client.get("/files/f1-2-x", headers={"range": "bytes=0-1"})
    assert (whole.status_code, whole.headers["content-length"], "content-range" in whole.headers) == (
        200,
        str(LARGE),
        False,
    )
    assert told == [
        (206, f"bytes 1000000-{LARGE - 1}/{LARGE}", True),
        (206, f"bytes 0-0/{LARGE}", True),
        (206, f"bytes {LARGE - 5}-{LARGE - 1}/{LARGE}", True),
        (206, f"bytes 5-9/{LARGE}", True),
        *[(200, None, True)] * 4,
    ]
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{LARGE}")
    assert (nowhere.status_code, "content-range" in nowhere.headers) == (404, False)


def _span_told(answer: httpx.Response) -> tuple[int, int] | None:
    told = answer.headers.get("content-range")
    if told is None:
        return None
    first, _, last = told.removeprefix("bytes ").partition("/")[0].partition("-")
    return int(first), int(last) + 1


async def test_a_page_in_disguise_is_handed_out_as_nothing_a_browser_would_show(
    in_use: settings.Settings, tmp_path: Path
) -> None:
    body = b"<!doctype html><script>alert(1)</script>"
    async with site(in_use, tmp_path) as client:
        file = await announced(body, "photo.png", "image/png")
        assert (await client.put(path_of(upload_url(file)), content=body)).status_code == 201
        answer = await client.get(await fetched_path(file.id))
    assert (answer.headers["content-type"], answer.content) == ("application/octet-stream", body)


async def test_what_is_wrong_is_said_by_the_status(in_use: settings.Settings, tmp_path: Path) -> None:
    body = b"%PDF plans"
    async with site(in_use, tmp_path, limit_request_seconds=0.2) as client:
        file = await announced(body)
        address = path_of(upload_url(file))

        async def chunks(size: int) -> AsyncIterator[bytes]:
            for _ in range(0, size, 65_536):
                yield b"x" * 65_536

        statuses = {
            "other bytes": (await client.put(address, content=body + b"!")).status_code,
            "too large, and says so": (await client.put(address, content=b"x" * (LARGE + 1))).status_code,
            "too large, in pieces": (await client.put(address, content=chunks(LARGE * 2))).status_code,
            "a program": (await client.put(address, content=b"MZ" + body[2:])).status_code,
            "too slow": await half_brought(client, address),
            "not made here": (await client.put("/files/b1-2-x", content=body)).status_code,
            "posted": (await client.post(address, content=body)).status_code,
            "brought": (await client.put(address, content=body)).status_code,
            "brought again": (await client.put(address, content=body)).status_code,
            "not to be fetched there": (await client.get(address)).status_code,
        }
        kept = await fetched_path(file.id)
        with clock.travel(clock.now() - timedelta(hours=2)):
            ended = await fetched_path(file.id)
        statuses["ended"] = (await client.get(ended)).status_code
        await Meeting.all().update(deleted_at=clock.now())
        statuses["deleted with its meeting"] = (await client.get(kept)).status_code
    assert statuses == {
        "other bytes": 422,
        "too large, and says so": 413,
        "too large, in pieces": 422,
        "a program": 422,
        "too slow": 408,
        "not made here": 404,
        "posted": 405,
        "brought": 201,
        "brought again": 409,
        "not to be fetched there": 404,
        "ended": 410,
        "deleted with its meeting": 404,
    }


async def test_while_the_storage_is_away_the_client_is_told_to_come_again(
    in_use: settings.Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    async with site(in_use, tmp_path, files_url=(tmp_path / "file" / "below").as_uri()) as client:
        file = await announced(b"x")
        answer = await client.put(path_of(upload_url(file)), content=b"x")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert str(tmp_path) not in answer.text


async def test_pages_of_allowed_origins_may_bring_files(in_use: settings.Settings, tmp_path: Path) -> None:
    async with site(in_use, tmp_path, allowed_origins=("https://app.example",)) as client:
        address = path_of(upload_url(await announced(b"x")))
        ours = await client.options(address, headers={"origin": "https://app.example"})
        theirs = await client.options(address, headers={"origin": "https://evil.example"})
        brought = await client.put(address, content=b"x", headers={"origin": "https://app.example"})
    assert (ours.status_code, ours.headers["access-control-allow-origin"]) == (204, "https://app.example")
    assert "PUT" in ours.headers["access-control-allow-methods"]
    assert "access-control-allow-origin" not in theirs.headers
    assert brought.headers["access-control-allow-origin"] == "https://app.example"
