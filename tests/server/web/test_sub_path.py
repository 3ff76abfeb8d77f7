"""Addresses with the path that people use, and without."""

from __future__ import annotations

from typing import Any

import pytest

from server.web.sub_path import SubPath


@pytest.mark.parametrize(
    ("asked", "served"),
    [
        ("/meetings/m/ines", "/m/ines"),
        ("/meetings/", "/"),
        ("/m/ines", "/m/ines"),
        ("/meetings", "/meetings"),
        ("/meetingsroom", "/meetingsroom"),
        ("/meetings/meetings/m", "/meetings/m"),
    ],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
async def test_the_path_is_taken_off_once_if_it_is_there(asked: str, served: str, kind: str) -> None:
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["path"])

    given = {"type": kind, "path": asked}
    await SubPath(app, path="/meetings")(given, None, None)  # type: ignore[arg-type]  # nobody receives or sends here
    assert (seen, given["path"]) == ([served], asked)


async def test_the_lifespan_is_left_alone() -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)

    await SubPath(app, path="/meetings")({"type": "lifespan"}, None, None)  # type: ignore[arg-type]  # as above
    assert seen == [{"type": "lifespan"}]
