"""Letters to a mail server over SMTP (RFC 5321)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from email.errors import MessageError
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from server.checks import printable_line
from server.gateways.errors import PermanentFailure, TemporaryFailure
from server.gateways.mail.messages import Letter, mime_bytes

TIMEOUT_SECONDS = 20.0
LONGEST_ANSWER = 500

_NEVER = ("", "0", "no", "false")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where `PARLEY_SMTP_URL` points: `smtps://` speaks TLS from the start, `?starttls=1` insists on switching to it;
    certificates are checked in both cases."""

    host: str
    port: int
    user: str | None
    password: str | None
    speaks_tls: bool
    switches_to_tls: bool


def mail_server(url: str) -> MailServer:
    """The server that an address such as `smtp://user:password@host:587?starttls=1` names."""
    parts = urlsplit(url)
    speaks_tls = parts.scheme == "smtps"
    switches = parse_qs(parts.query).get("starttls", ["0"])[-1].lower() not in _NEVER
    return MailServer(
        host=parts.hostname or "localhost",
        port=parts.port or (465 if speaks_tls else 587 if switches else 25),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        speaks_tls=speaks_tls,
        switches_to_tls=switches and not speaks_tls,
    )


class SmtpGateway:
    """One connection to one mail server, opened when first needed and kept until `close`."""

    def __init__(self, url: str, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._server = mail_server(url)
        self._timeout = timeout_seconds
        self._client: aiosmtplib.SMTP | None = None
        self._turn = asyncio.Lock()

    async def send(self, letter: Letter) -> None:
        """The mail server has taken responsibility for the letter. `PermanentFailure` if it refuses this letter for
        good (5xx), `TemporaryFailure` for everything that may pass; a lost answer counts as not sent."""
        try:
            content = mime_bytes(letter)
        except (ValueError, MessageError) as error:
            raise PermanentFailure(f"no mail can be made of this: {error}") from error
        async with self._turn:
            try:
                client = await self._connected()
                await client.sendmail(letter.sender.email, [letter.recipient.email], content)
            except UnicodeEncodeError as error:
                raise PermanentFailure("the address has letters that this mail server cannot take") from error
            except (aiosmtplib.SMTPException, OSError) as error:
                self._put_away(error)
                raise _failure(error) from error
            except BaseException:
                self._hang_up()
                raise

    async def close(self) -> None:
        """The connection is closed in the way the mail server expects."""
        async with self._turn:
            client, self._client = self._client, None
            if client is not None and client.is_connected:
                try:
                    await client.quit(timeout=2)
                except (aiosmtplib.SMTPException, OSError):
                    client.close()

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is not None and await self._is_alive(self._client):
            return self._client
        self._hang_up()
        server = self._server
        self._client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.speaks_tls,
            start_tls=server.switches_to_tls,
            timeout=self._timeout,
        )
        await self._client.connect()
        return self._client

    async def _is_alive(self, client: aiosmtplib.SMTP) -> bool:
        """Asked before each reuse, because a server may hang up between two letters."""
        try:
            await client.rset()
        except (aiosmtplib.SMTPException, OSError):
            return False
        return True

    def _put_away(self, error: Exception) -> None:
        is_an_answer = isinstance(error, aiosmtplib.SMTPResponseException | aiosmtplib.SMTPRecipientsRefused)
        if not is_an_answer:
            self._hang_up()

    def _hang_up(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


def _failure(error: Exception) -> TemporaryFailure | PermanentFailure:
    """A refusal of the letter, its sender or its recipient by 5xx is for good. A refused sign-in is not: that is mended
    in the settings, and then the letter can go."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused) and error.recipients:
        error = error.recipients[0]
    if isinstance(error, aiosmtplib.SMTPResponseException):
        answer = f"{error.code} {printable_line(error.message, LONGEST_ANSWER)}"
        about_letter = aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError | aiosmtplib.SMTPSenderRefused
        is_final = isinstance(error, about_letter) and 500 <= error.code < 600 and error.code != 530
        return PermanentFailure(answer) if is_final else TemporaryFailure(answer)
    return TemporaryFailure(f"{type(error).__name__}: {error}")
