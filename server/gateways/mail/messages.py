"""A letter, and the MIME message it becomes (RFC 5322, RFC 2046, RFC 6047). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any

KIND_HEADER = "X-Parley-Kind"

_PLAIN_NAME = re.compile(r"[A-Za-z0-9 !#$%&'*+/^_`{|}~-]*")
_LINE_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


class _OverTheWire(EmailPolicy):
    """Lines end as on the wire. A subject, and a name that is more than plain words, are encoded by `Header`. The
    library's own folding drops the blank before a new encoded word (RFC 2047, 6.2), so that "24 Nov" becomes "24Nov",
    puts one before a long word, and takes the quotes from a long name, so that its commas part it."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        addresses: tuple[Address, ...] = getattr(value, "addresses", ())
        if name == "Subject":
            text = str(value)
            is_plain = text.isascii() and "=?" not in text
            parts = [_in_words(text, name, "us-ascii" if is_plain else "utf-8")]
        elif all(_PLAIN_NAME.fullmatch(one.display_name) for one in addresses):
            return super().fold_binary(name, value)
        else:
            parts = [_encoded(one, name) for one in addresses]
        return f"{name}: {', '.join(parts)}{self.linesep}".encode("ascii", "surrogateescape")


_WIRE = _OverTheWire(linesep="\r\n")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name, possibly empty, and the address behind it."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one person, ready to be sent. `calendar` is an iCalendar message and `method` its METHOD.

    `message_id` stays the same however often the letter is tried, so that a receiver can tell a repetition."""

    kind: str
    message_id: str
    sent_at: datetime
    sender: Mailbox
    recipient: Mailbox
    reply_to: Mailbox
    subject: str
    text: str
    html: str
    locale: str
    calendar: bytes | None = None
    method: str = ""


def mime_bytes(letter: Letter) -> bytes:
    """The letter as it goes over the wire, lines ended by CRLF: text, HTML, and the invitation last, because readers
    prefer the last alternative they know; the same bytes again as a file. `ValueError` or `MessageError` for an address
    that is none."""
    message = EmailMessage(policy=_WIRE)
    message["From"] = _address(letter.sender)
    message["To"] = _address(letter.recipient)
    message["Reply-To"] = _address(letter.reply_to)
    # As an encoded word: in words as they are, the library reads what somebody wrote as encoded ones, line breaks too.
    message["Subject"] = Header(one_line(letter.subject), "utf-8").encode(maxlinelen=0)
    message["Date"] = format_datetime(letter.sent_at)
    message["Message-ID"] = one_line(letter.message_id)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    message[KIND_HEADER] = one_line(letter.kind)
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    if letter.calendar is not None:
        message.attach(_invitation(letter.calendar, letter.method))
        message.add_attachment(
            letter.calendar, maintype="application", subtype="ics", filename="invite.ics", cte="base64"
        )
    message["Content-Language"] = one_line(letter.locale)
    return message.as_bytes()


def one_line(text: str) -> str:
    """The text without line breaks and control characters, so that no header can begin inside another."""
    return _LINE_BREAKS.sub(" ", text).strip()


def _invitation(calendar: bytes, method: str) -> EmailMessage:
    part = EmailMessage(policy=_WIRE)
    part.set_content(calendar, maintype="text", subtype="calendar", cte="base64")
    del part["Content-Type"], part["MIME-Version"]
    part["Content-Type"] = f"text/calendar; charset=utf-8; method={method}"
    return part


def _address(mailbox: Mailbox) -> Address:
    return Address(display_name=one_line(mailbox.name), addr_spec=mailbox.email)


def _encoded(address: Address, name: str) -> str:
    """An address with its name as encoded words, in which a phrase has no sign that means something (RFC 2047, 5)."""
    if not address.display_name:
        return address.addr_spec
    return f"{_in_words(address.display_name, name, 'utf-8')} <{address.addr_spec}>"


def _in_words(text: str, name: str, charset: str) -> str:
    return Header(text, charset, header_name=name).encode(linesep="\r\n")
