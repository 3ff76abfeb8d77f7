from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from starlette.applications import Starlette

from server.deliveries.every_kind import KINDS
from server.models import Job
from server.web.mail_preview_page import PROPOSED_TIMES, routes
from server.wording import LOCALES, direction, when

STARTS = [datetime(2026, 11, 24, 9, 30, tzinfo=UTC) + timedelta(hours=hours) for hours in (0, 4, 23)]
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
async def page(db: str) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=Starlette(routes=list(routes())))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def test_index_leads_to_every_kind_in_every_language(page: httpx.AsyncClient) -> None:
    answer = await page.get("/dev/mail/preview")
    wanted = {f"preview?kind={kind}&amp;locale={locale}" for kind in (*KINDS, PROPOSED_TIMES) for locale in LOCALES}
    assert {one for one in wanted if one not in answer.text} == set()
    assert 'src="preview/booked/en.html"' in answer.text
    assert "script" not in answer.headers["content-security-policy"]


async def test_every_mail_is_there_as_html_and_as_text_and_none_is_sent(page: httpx.AsyncClient) -> None:
    for kind in KINDS:
        for locale in (*LOCALES, "en-US"):
            address = f"/dev/mail/preview/{kind}/{locale}"
            html, text = await page.get(f"{address}.html"), await page.get(f"{address}.txt")
            assert (html.status_code, text.status_code) == (200, 200)
            assert f'lang="{locale}"' in html.text
            assert "Fernhill Robotics" in text.text
            assert "sandbox" in html.headers["content-security-policy"]
    assert await Job.all().count() == 0


@pytest.mark.parametrize("address", ["nothing/en", "booked/xx", "booked/..", "booked/en-%00"])
async def test_there_are_no_others(page: httpx.AsyncClient, address: str) -> None:
    assert (await page.get(f"/dev/mail/preview/{address}.html")).status_code == 404


async def test_index_says_that_there_is_no_such_mail(page: httpx.AsyncClient) -> None:
    answer = await page.get("/dev/mail/preview?kind=<script>&locale=en")
    assert (answer.status_code, "<script>" in answer.text) == (404, False)


@pytest.mark.capability("S1-06")
@pytest.mark.parametrize("locale", [*LOCALES, "en-US"])
async def test_proposed_times_are_there_as_they_are_pasted_into_a_mail(page: httpx.AsyncClient, locale: str) -> None:
    address = f"/dev/mail/preview/{PROPOSED_TIMES}/{locale}"
    html, text = await page.get(f"{address}.html"), await page.get(f"{address}.txt")
    lines = [line for line in text.text.splitlines() if line.startswith("- ")]
    times = [when.long_span(start, start + HALF_AN_HOUR, "Europe/Warsaw", locale) for start in STARTS]
    assert [line.split(": http")[0] for line in lines] == [f"- {one}" for one in times]
    assert [html.text.count(f"<bdi>{one}</bdi>") for one in times] == [1, 1, 1]
    assert f'lang="{locale}" dir="{direction(locale)}"' in html.text
    assert "sandbox" in html.headers["content-security-policy"]
    assert '<base target="_blank">' in html.text
    chosen = await page.get(f"/dev/mail/preview?kind={PROPOSED_TIMES}&locale={locale}")
    assert (chosen.status_code, f'src="preview/{PROPOSED_TIMES}/{locale}.html"' in chosen.text) == (200, True)
