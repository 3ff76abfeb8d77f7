from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from server import clock
from server.gateways.mail import sink
from server.gateways.mail.messages import mime_bytes
from server.gateways.mail.sink import KeptMail, MailSink
from server.gateways.mail.smtp import SmtpGateway
from tests.server.gateways.mail.letters import a_letter

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
FIRST = KeptMail("000001", "Tomasz Lis <tomasz@client.example>", "Zażółć", "booked", NOON)


async def _send(url: str, **said: object) -> None:
    gateway = SmtpGateway(url)
    with clock.travel(NOON):
        await gateway.send(a_letter(**said))
    await gateway.close()


async def test_sink_keeps_each_mail_byte_for_byte(tmp_path: Path) -> None:
    kept = MailSink(tmp_path / "mail")
    url = await kept.start()
    with clock.travel(NOON):
        await _send(url, subject="Zażółć", text=".a line that begins with a dot\n")
    await kept.stop()
    assert [(one.id, one.to, one.subject, one.kind) for one in kept.messages()] == [
        (FIRST.id, FIRST.to, FIRST.subject, FIRST.kind)
    ]
    assert _headless(kept.raw("000001")) == _headless(
        mime_bytes(a_letter(subject="Zażółć", text=".a line that begins with a dot\n"))
    )


async def test_sink_remembers_after_a_restart(tmp_path: Path) -> None:
    for subject in ("One", "Two"):
        kept = MailSink(tmp_path)
        url = await kept.start()
        await _send(url, subject=subject)
        await kept.stop()
    assert [(one.id, one.subject) for one in kept.messages()] == [("000002", "Two"), ("000001", "One")]


async def test_sink_says_when_and_for_whom(tmp_path: Path) -> None:
    kept = MailSink(tmp_path)
    (tmp_path / "000001.eml").write_bytes(mime_bytes(a_letter(subject="Zażółć")))
    os.utime(tmp_path / "000001.eml", (NOON.timestamp(), NOON.timestamp()))
    assert kept.messages() == [FIRST]


async def test_sink_in_use_is_the_one_that_runs(tmp_path: Path) -> None:
    assert sink.url_in_use() is None
    kept = MailSink(tmp_path)
    assert await kept.start() == sink.url_in_use()
    await kept.stop()
    assert sink.url_in_use() is None


async def test_sink_gives_nothing_but_its_mails(tmp_path: Path) -> None:
    (tmp_path / "secret.eml").write_bytes(b"no")
    kept = MailSink(tmp_path)
    assert [kept.raw(id) for id in ("000009", "secret", "../secret", "", "1")] == [None] * 5
    assert kept.messages() == []


def _headless(raw: bytes | None) -> bytes:
    """The mail without the names of its boundaries, which are new each time."""
    assert raw is not None
    boundary = raw.split(b'boundary="')[1].split(b'"')[0]
    return raw.replace(boundary, b"")
