"""A mail server that delivers to nobody: it keeps what it is sent in a folder, for the demo and for sandboxes."""

from __future__ import annotations

import asyncio
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from server import clock
from server.gateways.mail.messages import KIND_HEADER

HOST = "127.0.0.1"
LARGEST_BYTES = 5 * 1024 * 1024

_ID_FORM = re.compile(r"[0-9]{6,12}")


@dataclass(frozen=True, slots=True)
class KeptMail:
    """One mail in the sink, as lists show it."""

    id: str
    to: str
    subject: str
    kind: str
    at: datetime


class MailSink:
    """Keeps each mail as `<id>.eml` in its folder, byte for byte, so that the list survives a restart."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: asyncio.Server | None = None
        self._last = 0

    async def start(self) -> str:
        """The sink takes mail on a free loopback port; returns its `smtp://` address."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._last = max((int(file.stem) for file in self._files()), default=0)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, HOST, 0)
        port = self._server.sockets[0].getsockname()[1]
        _in_use.append((self, f"smtp://{HOST}:{port}"))
        return f"smtp://{HOST}:{port}"

    async def stop(self) -> None:
        """The port is closed; what was kept stays in the folder."""
        _in_use[:] = [pair for pair in _in_use if pair[0] is not self]
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    def messages(self, most: int | None = None) -> list[KeptMail]:
        """What was kept, the newest first; at most so many."""
        return [_kept(file) for file in sorted(self._files(), key=lambda file: int(file.stem), reverse=True)[:most]]

    def raw(self, id: str) -> bytes | None:
        """The mail as it came over the wire; None if there is no such mail."""
        file = self._folder / f"{id}.eml"
        return file.read_bytes() if _ID_FORM.fullmatch(id) and file.is_file() else None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """What aiosmtpd calls once a mail is complete."""
        content = envelope.original_content or b""
        self._last += 1
        file = self._folder / f"{self._last:06}.eml"
        unfinished = file.with_suffix(".part")
        await asyncio.to_thread(_write, unfinished, file, content, clock.now())
        return "250 Kept"

    def _protocol(self) -> SMTP:
        return SMTP(self, data_size_limit=LARGEST_BYTES, hostname="sink.invalid", enable_SMTPUTF8=True)

    def _files(self) -> list[Path]:
        return [file for file in self._folder.glob("*.eml") if _ID_FORM.fullmatch(file.stem)]


_in_use: list[tuple[MailSink, str]] = []


def url_in_use() -> str | None:
    """The `smtp://` address of the sink that this process runs, if it runs one."""
    return _in_use[-1][1] if _in_use else None


def sink_in_use() -> MailSink | None:
    """The sink that this process runs, if it runs one."""
    return _in_use[-1][0] if _in_use else None


def parsed(raw: bytes, *, only_head: bool = False) -> EmailMessage:
    """A mail as Python's own reader understands it."""
    message = BytesParser(policy=policy.default).parsebytes(raw, headersonly=only_head)
    assert isinstance(message, EmailMessage)
    return message


def _write(unfinished: Path, file: Path, content: bytes, at: datetime) -> None:
    unfinished.write_bytes(content)
    os.utime(unfinished, (at.timestamp(), at.timestamp()))
    unfinished.rename(file)


def _kept(file: Path) -> KeptMail:
    message = parsed(file.read_bytes(), only_head=True)
    return KeptMail(
        id=file.stem,
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        kind=str(message[KIND_HEADER] or ""),
        at=datetime.fromtimestamp(int(file.stat().st_mtime), UTC),
    )
