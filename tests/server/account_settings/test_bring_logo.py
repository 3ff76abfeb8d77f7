"""A logo is announced, brought, and shown from then on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from server import clock, settings
from server.account_settings.bring_logo import MOST_BYTES, announce_logo, receive_logo
from server.account_settings.edit import AccountChanges, edit_account
from server.account_settings.logo import logo_named, logo_url
from server.accounts.scopes import Scope
from server.accounts.viewer import Viewer
from server.changes.data_version import data_version
from server.errors import ErrorCode, Refused
from server.models import Account
from server.models.enums import Role
from tests.factories import a_user, an_account
from tests.server.account_settings.drawings import a_png, drawn
from tests.server.meetings.scene import a_program, viewer_of

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"/>'


@pytest.fixture(autouse=True)
def kept_in(in_use: settings.Settings, tmp_path: Path) -> Iterator[Path]:
    """The folder of the files; empty."""
    settings.use(in_use.model_copy(update={"files_url": (tmp_path / "files").as_uri()}))
    yield tmp_path / "files"
    settings.use(in_use)


async def an_admin() -> Viewer:
    return viewer_of(await a_user(await an_account(), role=Role.ADMIN))


def kept(folder: Path) -> list[str]:
    """The names of what is kept there."""
    return sorted(one.name for one in folder.rglob("*.*"))


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    """The bytes, as a request brings them."""
    yield content[:10]
    yield content[10:]


def announced(viewer: Viewer, content: bytes) -> str:
    """The token at the end of the address to bring so many bytes to."""
    return announce_logo(viewer, size_bytes=len(content)).upload_url.rpartition("/")[2]


async def refused(token: str, content: bytes) -> ErrorCode:
    with pytest.raises(Refused) as caught:
        await receive_logo(token, pieces(content))
    (complaint,) = caught.value.complaints
    return complaint.code


@pytest.mark.parametrize("name", ["logo.png", "logo.jpg", "lossy.webp"])
async def test_logo_is_kept_under_a_name_that_says_what_it_is(db: str, kept_in: Path, name: str) -> None:
    viewer, content = await an_admin(), drawn(name)
    url = await receive_logo(announced(viewer, content), pieces(content))
    row = await Account.get(id=viewer.account_id)
    logo = logo_named(row.logo)
    assert logo is not None
    assert (logo.width, logo.height, url) == (180, 60, logo_url(row.logo))
    assert url == settings.current().address(f"/logos/{row.logo}")
    assert (kept_in / logo.storage_key).read_bytes() == content
    assert await data_version(viewer.account_id) == 1


async def test_logo_that_was_replaced_or_removed_stays_for_the_mails_that_show_it(db: str, kept_in: Path) -> None:
    viewer, first, second = await an_admin(), a_png(60, 60), a_png(200, 50)
    for content in (first, second):
        await receive_logo(announced(viewer, content), pieces(content))
    assert len(kept(kept_in)) == 2
    await edit_account(viewer, AccountChanges(removes_logo=True))
    assert (await Account.get(id=viewer.account_id)).logo == ""
    assert len(kept(kept_in)) == 2
    assert logo_url("") == ""


async def test_what_is_no_logo_is_not_kept(db: str, kept_in: Path) -> None:
    viewer = await an_admin()
    for content in (SVG, a_png(27, 50), a_png(1601, 400), a_png(321, 40), a_png(40, 81), b"GIF89a"):
        assert await refused(announced(viewer, content), content) is ErrorCode.FILE_REFUSED
    for brought in (a_png()[:-1], a_png() + b"x"):
        assert await refused(announced(viewer, a_png()), brought) is ErrorCode.FILE_REFUSED
    assert (await Account.get(id=viewer.account_id)).logo == ""
    assert kept(kept_in) == []


async def test_address_to_bring_a_logo_to_ends_and_cannot_be_made_up(db: str) -> None:
    viewer, content = await an_admin(), a_png()
    other = await an_admin()
    token = announced(viewer, content)
    forged = token.replace(f"l{viewer.account_id}-", f"l{other.account_id}-")
    for wrong in (forged, token[:-1], f"{token}x", "l", "l1-1-1-", token.replace("-", "- ", 1)):
        assert await refused(wrong, content) is ErrorCode.NOT_FOUND
    with clock.travel(clock.now() + timedelta(hours=1)):
        assert await refused(token, content) is ErrorCode.TOKEN_EXPIRED


@pytest.mark.parametrize("size", [0, -1, MOST_BYTES + 1])
async def test_logo_too_heavy_for_a_page_is_refused_before_it_comes(db: str, size: int) -> None:
    viewer = await an_admin()
    with pytest.raises(Refused) as caught:
        announce_logo(viewer, size_bytes=size)
    assert [(one.code, one.path) for one in caught.value.complaints] == [(ErrorCode.FILE_REFUSED, ("sizeBytes",))]


async def test_administrators_and_programs_that_may_administer_announce_one_and_nobody_else(db: str) -> None:
    account = await an_account()
    assert announce_logo(a_program(account.id, Scope.ACCOUNT_ADMIN), size_bytes=9).upload_url
    for viewer in (viewer_of(await a_user(account)), a_program(account.id, Scope.ACCOUNT_READ)):
        with pytest.raises(Refused) as caught:
            announce_logo(viewer, size_bytes=9)
        assert [one.code for one in caught.value.complaints] == [ErrorCode.FORBIDDEN]
