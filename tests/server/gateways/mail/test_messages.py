from __future__ import annotations

from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import getaddresses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.gateways.mail.messages import Mailbox, mime_bytes
from tests.server.gateways.mail.letters import a_letter
from tests.server.gateways.mail.receiving import parsed, part

ICS = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"


def test_letter_says_from_whom_to_whom_and_under_which_lasting_id() -> None:
    mail = parsed(mime_bytes(a_letter()))
    headers = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Content-Language", "X-Parley-Kind")
    assert [str(mail[name]) for name in headers] == [
        "Ines Marek via Linden & Co <meetings@meet.example.com>",
        "Tomasz Lis <tomasz@client.example>",
        "Ines Marek <ines@linden.example>",
        "Booked: Intro call, Tue 24 Nov, 10:30",
        "Tue, 24 Nov 2026 12:00:00 +0000",
        "<one@meet.example.com>",
        "en",
        "booked",
    ]
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.capability("S2-27")
def test_invitation_is_the_last_alternative_and_the_same_bytes_as_the_file() -> None:
    mail = parsed(mime_bytes(a_letter(calendar=ICS, method="REQUEST")))
    alternatives, file = list(mail.iter_parts())
    assert [one.get_content_type() for one in alternatives.iter_parts()] == ["text/plain", "text/html", "text/calendar"]
    calendar = part(mail, "text/calendar")
    assert (calendar.get_param("method"), calendar.get_param("charset")) == ("REQUEST", "utf-8")
    assert calendar.get_payload(decode=True) == ICS
    assert (file.get_filename(), file.get_content_disposition()) == ("invite.ics", "attachment")
    assert file.get_payload(decode=True) == ICS


def test_letter_without_invitation_is_text_and_html() -> None:
    mail = parsed(mime_bytes(a_letter()))
    assert [one.get_content_type() for one in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_every_line_ends_in_crlf_and_every_byte_is_ascii() -> None:
    raw = mime_bytes(a_letter(subject="Zażółć 預約", text="Zażółć\n預約\n" * 40, calendar=ICS, method="REQUEST"))
    assert raw.replace(b"\r\n", b"").count(b"\n") == 0
    assert raw.isascii()
    assert str(parsed(raw)["Subject"]) == "Zażółć 預約"


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_can_begin_another_header(subject: str, name: str) -> None:
    poison = "\r\nBcc: all@client.example\r\n\r\n"
    letter = a_letter(
        subject=subject + poison, sender=Mailbox(name + poison, "a@meet.example.com"), kind=poison, message_id="<a@b>\n"
    )
    mail = parsed(mime_bytes(letter))
    assert sorted(mail.keys()) == sorted(parsed(mime_bytes(a_letter())).keys())
    assert mail.get_all("To") == ["Tomasz Lis <tomasz@client.example>"]


_SCRIPTS = st.text("aZ zażółćGĘŚ預約時間الثلاثاءнояря会議ßéñ,:-+()", min_size=1, max_size=120)


@settings(deadline=None)
@given(_SCRIPTS, _SCRIPTS)
def test_subject_and_names_arrive_letter_for_letter_in_every_script(subject: str, name: str) -> None:
    wished = " ".join(subject.split()), " ".join(name.split())
    raw = mime_bytes(a_letter(subject=wished[0], sender=Mailbox(wished[1], "a@meet.example.com")))
    # The newer reader keeps the blank between two encoded words of a name, against RFC 2047, 6.2; this one does not.
    (sender,) = [(said, address) for said, address in getaddresses([message_from_bytes(raw)["From"]])]
    assert str(parsed(raw)["Subject"]) == wished[0]
    assert (str(make_header(decode_header(sender[0]))), sender[1]) == (wished[1], "a@meet.example.com")


def test_encoded_words_that_somebody_wrote_stay_what_they_wrote() -> None:
    evil = "=?utf-8?q?=0d=0aBcc:_all@evil.example?="
    raw = mime_bytes(a_letter(subject=f"A {evil} B", sender=Mailbox(evil, "a@meet.example.com")))
    assert raw.count(b"Bcc") == 0
    assert str(parsed(raw)["Subject"]) == f"A {evil} B"
    assert parsed(raw)["From"].addresses[0].display_name == evil
