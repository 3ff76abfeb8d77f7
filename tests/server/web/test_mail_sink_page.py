from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from server.gateways.mail.messages import mime_bytes
from server.gateways.mail.sink import MailSink
from server.web.mail_sink_page import routes
from tests.server.gateways.mail.letters import a_letter

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp()
EVIL = "<script>alert(1)</script>\"'>"


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The page over a sink with two mails."""
    evil = f"<html><head></head><body>{EVIL}</body></html>"
    letters = [a_letter(), a_letter(subject=EVIL, kind="canceled", html=evil)]
    for number, letter in enumerate(letters, start=1):
        (tmp_path / f"{number:06}.eml").write_bytes(mime_bytes(letter))
        os.utime(tmp_path / f"{number:06}.eml", (NOON, NOON + number))
    transport = httpx.ASGITransport(app=Starlette(routes=list(routes(MailSink(tmp_path)))))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def test_list_is_json_for_who_accepts_json(page: httpx.AsyncClient) -> None:
    answer = await page.get("/dev/mail", headers={"accept": "application/json"})
    to = "Tomasz Lis <tomasz@client.example>"
    assert answer.json() == [
        {"id": "000002", "to": to, "subject": EVIL, "kind": "canceled", "at": "2026-11-24T12:00:02Z"},
        {
            "id": "000001",
            "to": to,
            "subject": "Booked: Intro call, Tue 24 Nov, 10:30",
            "kind": "booked",
            "at": "2026-11-24T12:00:01Z",
        },
    ]


async def test_raw_mail_is_given_as_it_came(page: httpx.AsyncClient, tmp_path: Path) -> None:
    answer = await page.get("/dev/mail/000001.eml")
    assert (answer.content, answer.headers["content-type"]) == (
        (tmp_path / "000001.eml").read_bytes(),
        "message/rfc822",
    )


async def test_page_shows_the_chosen_mail_and_runs_nothing(page: httpx.AsyncClient) -> None:
    newest, chosen = await page.get("/dev/mail"), await page.get("/dev/mail?id=000001")
    assert 'src="mail/000002.html"' in newest.text
    assert 'src="mail/000001.html"' in chosen.text
    assert "<script" not in newest.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in newest.text
    assert newest.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'; frame-src")


async def test_framed_mail_is_shut_in(page: httpx.AsyncClient) -> None:
    answer = await page.get("/dev/mail/000002.html")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "sandbox allow-popups" in policy
    assert answer.text.startswith('<html><head><base target="_blank"></head>')


async def test_text_and_style_are_there(page: httpx.AsyncClient) -> None:
    text, style = await page.get("/dev/mail/000001.txt"), await page.get("/dev/mail/sink.css")
    assert text.text.strip() == "Your meeting is booked."
    assert style.headers["content-type"].startswith("text/css")


@pytest.mark.parametrize("path", ["000009.eml", "000009.html", "000009.txt", "secret.eml", "..%2f000001.eml"])
async def test_mail_that_is_not_there_is_not_found(page: httpx.AsyncClient, path: str) -> None:
    assert (await page.get(f"/dev/mail/{path}")).status_code == 404


async def test_empty_sink_says_what_to_do(tmp_path: Path) -> None:
    transport = httpx.ASGITransport(app=Starlette(routes=list(routes(MailSink(tmp_path / "none")))))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        assert "No mail yet. Book a meeting" in (await client.get("/dev/mail")).text
        assert "There is no such mail" not in (await client.get("/dev/mail?id=1")).text
