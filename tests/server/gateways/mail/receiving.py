"""A real mail server for tests: it keeps what it accepts, and can be told how to answer."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

DROP = "drop"
_SAYS_NOTHING = re.compile(rb"(?i)(EHLO|HELO|STARTTLS|RSET|NOOP|QUIT)\b.*")


class Conversation(SMTP):
    """One connection. Its handler's `told_in_clear` gets what came without TLS and says more than hello; where the
    handler `refuses_tls`, it is offered and not done. It answers in the letters of old servers, a byte each."""

    def data_received(self, data: bytes) -> None:
        if self.session is None or self.session.ssl is None:
            lines = [line for line in data.split(b"\r\n") if line]
            self.event_handler.told_in_clear += [line for line in lines if not _SAYS_NOTHING.fullmatch(line)]
        super().data_received(data)

    async def push(self, status: str | bytes) -> None:
        await super().push(status.encode("latin-1") if isinstance(status, str) else status)

    async def smtp_STARTTLS(self, arg: str) -> None:  # aiosmtpd's name
        if self.event_handler.refuses_tls:
            await self.push("454 4.7.0 TLS not available due to temporary reason")
        else:
            await super().smtp_STARTTLS(arg)


class Receiver:
    """`rcpt_answers` and `data_answers` are used up one by one, then everything is accepted. The answer `DROP` to DATA
    accepts the mail and hangs up before saying so. Each DATA takes `seconds_to_answer`. It offers TLS where it has a
    `tls` to offer, unless it `refuses_tls` after all."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.tls = tls
        self.refuses_tls = False
        self.told_in_clear: list[bytes] = []
        self.url = ""
        self.connections = 0
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.recipients: list[str] = []
        self.rcpt_answers: deque[str] = deque()
        self.data_answers: deque[str] = deque()
        self.refused_for_good: set[str] = set()
        self.seconds_to_answer = 0.0
        self.was_asked = asyncio.Event()

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, _: Any) -> str:
        if address in self.refused_for_good:
            return "550 5.1.1 No such user here"
        if self.rcpt_answers and (answer := self.rcpt_answers.popleft()):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.was_asked.set()
        await asyncio.sleep(self.seconds_to_answer)
        answer = self.data_answers.popleft() if self.data_answers else ""
        if answer and answer != DROP:
            return answer
        raw = envelope.original_content or b""
        self.raw.append(raw)
        self.mails.append(parsed(raw))
        self.recipients += envelope.rcpt_tos
        if answer == DROP:
            assert server.transport is not None
            server.transport.abort()
        return "250 Accepted"

    def protocol(self) -> SMTP:
        self.connections += 1
        return Conversation(self, hostname="receiver.test", ident="receiver", tls_context=self.tls)


@asynccontextmanager
async def receiving(port: int = 0, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """A receiver on a loopback port, for as long as the block runs."""
    receiver = Receiver(tls)
    server = await asyncio.get_running_loop().create_server(receiver.protocol, "127.0.0.1", port)
    receiver.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield receiver
    finally:
        server.close()


def parsed(raw: bytes) -> EmailMessage:
    """The mail as Python's own reader understands it."""
    message = BytesParser(policy=policy.default).parsebytes(raw)
    assert isinstance(message, EmailMessage)
    return message


def part(mail: EmailMessage, content_type: str) -> EmailMessage:
    """The first part of that type."""
    found: Any = next(one for one in mail.walk() if one.get_content_type() == content_type)
    assert isinstance(found, EmailMessage)
    return found


def words(mail: EmailMessage, content_type: str = "text/plain") -> str:
    """What that part says, lines ended as Python does."""
    return str(part(mail, content_type).get_content()).replace("\r\n", "\n")
