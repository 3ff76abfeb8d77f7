from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from server.models import Job
from server.models.enums import MailKind
from server.web.mail_preview_page import routes
from server.wording import LOCALES


@pytest.fixture
async def page(db: str) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=Starlette(routes=list(routes())))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def test_index_leads_to_every_kind_in_every_language(page: httpx.AsyncClient) -> None:
    answer = await page.get("/dev/mail/preview")
    wanted = {f"preview?kind={kind.value.lower()}&amp;locale={locale}" for kind in MailKind for locale in LOCALES}
    assert {one for one in wanted if one not in answer.text} == set()
    assert 'src="preview/booked/en.html"' in answer.text
    assert "script" not in answer.headers["content-security-policy"]


async def test_every_mail_is_there_as_html_and_as_text_and_none_is_sent(page: httpx.AsyncClient) -> None:
    for kind in MailKind:
        for locale in (*LOCALES, "en-US"):
            address = f"/dev/mail/preview/{kind.value.lower()}/{locale}"
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
