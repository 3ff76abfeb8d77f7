"""Mail servers with one trouble each."""

from __future__ import annotations

import re
import ssl
import tempfile
from collections import Counter
from pathlib import Path
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.journeys.processes import MailReceiver
from tests.server.gateways.certificates import certified
from tests.server.gateways.mail.receiving import Conversation

NAME = "localhost"
BUSY_TIMES = 5
UNKNOWN = "refused-0@client.example"
WITHOUT_TLS = ("no TLS", "TLS refused", "bad certificate")
"""The server is asked to switch to TLS, and cannot or should not be spoken to."""
PASSING = ("down", *WITHOUT_TLS)
"""Troubles that somebody mends after a while."""
TROUBLES = ("down", "busy", "lost answers", "refused", *WITHOUT_TLS)


class TroubledReceiver(MailReceiver):
    """A mail server with one trouble until `mend`. `certificate` is the file that its clients are to trust;
    `told_in_clear` are the lines that came without TLS and say more than hello."""

    def __init__(self, trouble: str, folder: Path) -> None:
        super().__init__()
        self.trouble = trouble
        self.is_mended = trouble not in PASSING
        self.tries: Counter[str] = Counter()
        self.told_in_clear: list[bytes] = []
        self._sound, _ = certified(NAME, folder)
        self.certificate = folder / "certificate.pem"
        with tempfile.TemporaryDirectory() as elsewhere:
            self._unsound, _ = certified("somebody-else.example", Path(elsewhere))
        self._is_up = False

    def __enter__(self) -> Self:
        if self.trouble != "down":
            self._come_up()
        return self

    def __exit__(self, *_: object) -> None:
        self._go_down()

    @property
    def url(self) -> str:
        """Its address, as an installation is told."""
        return f"smtp://{NAME}:{self.port}" + ("?starttls=1" if self.trouble in WITHOUT_TLS else "")

    def mend(self) -> None:
        """The trouble is over, on the same port."""
        self._go_down()
        self.is_mended = True
        self._come_up()

    @property
    def refuses_tls(self) -> bool:
        """Whether it offers TLS and does not do it."""
        return self.trouble == "TLS refused" and not self.is_mended

    async def handle_RCPT(  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.trouble == "refused" and address == UNKNOWN:
            self.tries["refused"] += 1
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        name = re.search(rb"(?im)^message-id:\s*(\S+)", envelope.original_content or b"")
        message_id = name[1].decode() if name else ""
        self.tries[message_id] += 1
        if self.trouble == "busy" and self.tries[message_id] <= BUSY_TIMES:
            return "451 4.3.2 Not now, please"
        answer = await super().handle_DATA(server, session, envelope)
        if self.trouble == "lost answers" and self.tries[message_id] == 1:
            server.transport.abort()
        return answer

    def _come_up(self) -> None:
        self._controller = self._listening()
        self._controller.start()
        self._is_up = True

    def _go_down(self) -> None:
        if self._is_up:
            self._controller.stop()
        self._is_up = False

    def _listening(self) -> Controller:
        return _Door(self, hostname="127.0.0.1", port=self.port, tls_context=self._tls())

    def _tls(self) -> ssl.SSLContext | None:
        if self.trouble == "no TLS" and not self.is_mended:
            return None
        return self._unsound if self.trouble == "bad certificate" and not self.is_mended else self._sound


class _Door(Controller):
    def factory(self) -> SMTP:
        return Conversation(self.handler, **self.SMTP_kwargs)
