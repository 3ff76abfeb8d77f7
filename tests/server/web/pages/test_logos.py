"""A logo, from the address it is brought to, to the pages that show it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from server import clock, settings
from server.account_settings.bring_logo import announce_logo
from server.accounts.viewer import Viewer
from server.app import build_app
from server.models import Account
from server.models.enums import Role
from tests.factories import a_link, a_user, an_account
from tests.server.account_settings.drawings import a_png
from tests.server.meetings.scene import viewer_of
from tests.server.web.pages.visiting import MONDAY

WIDE, SQUARE = a_png(200, 50), a_png(64, 64)


@asynccontextmanager
async def site(in_use: settings.Settings, folder: Path, **more: object) -> AsyncIterator[httpx.AsyncClient]:
    """The server with a folder for files."""
    own = in_use.model_copy(update={"files_url": folder.as_uri(), **more})
    settings.use(own)
    transport = httpx.ASGITransport(app=build_app(own))
    async with httpx.AsyncClient(transport=transport, base_url=own.public_url.removesuffix("/team")) as client:
        yield client
    settings.use(in_use)


async def a_page() -> Viewer:
    """The page of Ines Almeida at Fernhill Robotics, and its administrator."""
    account = await an_account("Fernhill Robotics", website_url="https://fernhill.example")
    admin = await a_user(account, "Ines Almeida", role=Role.ADMIN)
    await a_link(admin, "Product walkthrough", slug="ines")
    return viewer_of(admin)


async def brought(client: httpx.AsyncClient, viewer: Viewer, content: bytes) -> httpx.Response:
    announced = announce_logo(viewer, size_bytes=len(content))
    return await client.put(announced.upload_url, content=content)


async def sign(client: httpx.AsyncClient) -> str:
    """What stands at the beginning of the company bar."""
    with clock.travel(MONDAY):
        page = (await client.get("/m/ines")).text
    return page.partition('<header class="company">')[2].partition("<details")[0].strip()


async def test_logo_is_brought_shown_and_kept_for_a_year(db: str, in_use: settings.Settings, tmp_path: Path) -> None:
    viewer = await a_page()
    async with site(in_use, tmp_path) as client:
        answer = await brought(client, viewer, WIDE)
        url = answer.json()["logoUrl"]
        logo = await client.get(url, headers={"accept-encoding": "gzip"})
        again = await client.get(url, headers={"if-none-match": logo.headers["etag"]})
        unknown = await client.get(url.replace("-200x50", "-200x51"))
        odd = await client.get("/logos/..%2fpages.sqlite3")
    assert (answer.status_code, list(answer.json())) == (201, ["logoUrl"])
    assert (logo.status_code, logo.content) == (200, WIDE)
    expected = {
        "content-type": "image/png",
        "cache-control": "public, max-age=31536000, immutable",
        "content-security-policy": "default-src 'none'; sandbox",
        "cross-origin-resource-policy": "cross-origin",
        "x-content-type-options": "nosniff",
    }
    assert {name: logo.headers[name] for name in expected} == expected
    assert (again.status_code, again.content) == (304, b"")
    assert (unknown.status_code, odd.status_code) == (404, 404)


async def test_wide_logo_stands_for_the_name_and_any_other_before_it(
    db: str, in_use: settings.Settings, tmp_path: Path
) -> None:
    viewer = await a_page()
    async with site(in_use, tmp_path) as client:
        without = await sign(client)
        await brought(client, viewer, WIDE)
        wide = await sign(client)
        path = f"/logos/{(await Account.get(id=viewer.account_id)).logo}"
        await brought(client, viewer, SQUARE)
        square = await sign(client)
        other = f"/logos/{(await Account.get(id=viewer.account_id)).logo}"
    around = '<a href="https://fernhill.example" rel="noreferrer">\n{}\n</a>'
    assert without.replace("\n", "") == around.format(
        '<span class="mark" aria-hidden="true">F</span><bdi>Fernhill Robotics</bdi>'
    ).replace("\n", "")
    assert wide.replace("\n", "") == around.format(
        f'<img class="logo" src="{path}" width="112" height="28" alt="Fernhill Robotics">'
    ).replace("\n", "")
    assert square.replace("\n", "") == around.format(
        f'<img class="logo" src="{other}" width="28" height="28" alt=""><bdi>Fernhill Robotics</bdi>'
    ).replace("\n", "")


async def test_what_is_no_logo_is_refused_in_words(db: str, in_use: settings.Settings, tmp_path: Path) -> None:
    viewer = await a_page()
    async with site(in_use, tmp_path) as client:
        answer = await brought(client, viewer, b"<svg xmlns='http://www.w3.org/2000/svg'/>")
        nobody = await client.put("/files/lx", content=b"x")
    assert answer.status_code == 422
    assert "PNG, JPEG or WebP" in answer.json()["message"]
    assert nobody.status_code == 404


async def test_logo_below_a_path_has_that_in_its_address(db: str, in_use: settings.Settings, tmp_path: Path) -> None:
    viewer = await a_page()
    async with site(in_use, tmp_path, public_url="https://meet.example.com/team") as client:
        url = (await brought(client, viewer, SQUARE)).json()["logoUrl"]
        seen = await client.get("/team/m/ines")
    assert url.startswith("https://meet.example.com/team/logos/")
    assert f'src="{url.removeprefix("https://meet.example.com")}"' in seen.text


@pytest.mark.parametrize("size", [(100, 50), (800, 100), (50, 100)])
async def test_logo_is_never_larger_than_its_bar(
    db: str, in_use: settings.Settings, tmp_path: Path, size: tuple[int, int]
) -> None:
    viewer = await a_page()
    async with site(in_use, tmp_path) as client:
        await brought(client, viewer, a_png(*size))
        shown = await sign(client)
    sizes = {(100, 50): (56, 28), (800, 100): (160, 20), (50, 100): (14, 28)}
    width, height = sizes[size]
    assert f'width="{width}" height="{height}"' in shown
