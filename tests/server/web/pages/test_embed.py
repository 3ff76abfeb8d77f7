"""Inside a page of somebody else: who may show it, and that it stays there."""

from __future__ import annotations

import pytest

from server import clock
from server.web.pages.embed import frames_of
from tests.server.web.pages.scene import a_page, details, sent
from tests.server.web.pages.visiting import MONDAY, Seen, visitor

NAMED = ["https://www.fernhill.example", "https://*.client.example"]


def frames(seen: Seen) -> str:
    return str(seen.answer.headers["content-security-policy"]).partition("frame-ancestors ")[2]


@pytest.mark.capability("S1-12", "S1-44")
@pytest.mark.parametrize(("origins", "allowed"), [([], "*"), (NAMED, " ".join(["'self'", *NAMED]))])
async def test_only_the_sites_of_the_link_may_show_it_and_only_as_a_frame(
    db: str, origins: list[str], allowed: str
) -> None:
    await a_page(embed_origins=origins)
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            alone = await visiting.get("/m/ines")
            inside = await visiting.get("/m/ines?embed=1")
            form = await details(visiting, query="&embed=1")
            booked = await sent(visiting, form)
            question = await visiting.get(booked.answer.url.path + "/cancel?embed=1")
            zone = await visiting.get("/m/ines?embed=1&change=zone")
            managed = await visiting.get(booked.answer.url.path)
    assert [frames(one) for one in (alone, managed)] == ["'self'", "'self'"]
    assert [frames(one) for one in (inside, booked, question, zone)] == [allowed] * 4


@pytest.mark.capability("S1-12")
async def test_every_step_inside_a_frame_stays_inside_and_shows_no_company(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            seen = await visiting.get("/m/ines?embed=1&theme=auto")
            form = await details(visiting, query="&embed=1&theme=auto")
            booked = await sent(visiting, form)
    ours = [given["href"] for given, _ in seen.page.links if given["href"].startswith("/m/")]
    assert ours
    assert all("embed=1" in href and "theme=auto" in href for href in ours)
    assert seen.form("times").fields["embed"] == ["1"]
    assert 'class="mark"' not in seen.answer.text
    assert "data-theme" not in seen.answer.text
    assert booked.answer.url.params["embed"] == "1"
    assert all("embed=1" in given["href"] for given, _ in booked.page.links if "/move" in given["href"])
    assert 'data-theme="light"' in (await _plain_frame()).answer.text


async def _plain_frame() -> Seen:
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            return await visiting.get("/m/ines?embed=1")


async def test_the_loader_may_be_used_by_any_site_and_is_small(db: str) -> None:
    async with visitor() as visiting:
        answer = await visiting.client.get("/embed.js")
        known = await visiting.client.get("/embed.js", headers={"if-none-match": answer.headers["etag"]})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "set-cookie" not in answer.headers
    assert len(answer.content) <= 3 * 1024
    assert known.status_code == 304


def test_a_page_without_a_link_may_be_shown_by_whoever_asks_for_a_frame() -> None:
    assert [frames_of(None, is_embedded=one) for one in (True, False)] == [("*",), ("'self'",)]
