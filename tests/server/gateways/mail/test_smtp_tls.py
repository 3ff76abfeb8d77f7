"""A mail server to which TLS was to be spoken: without it, nothing is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.gateways.errors import TemporaryFailure
from server.gateways.mail.smtp import SmtpGateway
from tests.server.gateways.certificates import certified
from tests.server.gateways.mail.letters import a_letter
from tests.server.gateways.mail.receiving import Receiver, receiving


def _gateway(receiver: Receiver, *, scheme: str = "smtp", asked: str = "?starttls=1") -> SmtpGateway:
    port = receiver.url.rpartition(":")[2]
    return SmtpGateway(f"{scheme}://ines:secret@localhost:{port}{asked}", timeout_seconds=2)


@pytest.mark.parametrize(
    ("name", "is_trusted", "refuses", "reason"),
    [
        ("localhost", True, True, "454 4.7.0 TLS not available"),
        ("localhost", False, False, "CERTIFICATE_VERIFY_FAILED"),
        ("somebody-else.example", True, False, "CERTIFICATE_VERIFY_FAILED"),
    ],
)
async def test_letter_waits_where_tls_cannot_be_had_or_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, is_trusted: bool, refuses: bool, reason: str
) -> None:
    served, _ = certified(name, tmp_path)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    async with receiving(tls=served) as receiver:
        receiver.refuses_tls = refuses
        gateway = _gateway(receiver)
        for _ in range(2):
            with pytest.raises(TemporaryFailure, match=reason):
                await gateway.send(a_letter())
        assert (receiver.mails, receiver.told_in_clear) == ([], [])


async def test_letter_leaves_once_the_mail_server_has_its_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served, _ = certified("localhost", tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    async with receiving() as receiver:
        gateway = SmtpGateway(f"{receiver.url.replace('127.0.0.1', 'localhost')}?starttls=1")
        with pytest.raises(TemporaryFailure, match="STARTTLS extension not supported"):
            await gateway.send(a_letter())
        receiver.tls = served
        await gateway.send(a_letter())
        await gateway.close()
        assert (len(receiver.mails), receiver.told_in_clear) == (1, [])


async def test_mail_server_that_speaks_no_tls_hears_nothing_from_smtps() -> None:
    async with receiving() as receiver:
        with pytest.raises(TemporaryFailure):
            await _gateway(receiver, scheme="smtps", asked="").send(a_letter())
        assert (receiver.mails, [line for line in receiver.told_in_clear if b"secret" in line]) == ([], [])
