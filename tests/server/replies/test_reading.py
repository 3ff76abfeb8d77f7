from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.models.enums import Reply
from server.replies.reading import InboundReply, NoReply, reply_in

CALENDAR = """BEGIN:VCALENDAR
PRODID:-//Example//EN
VERSION:2.0
METHOD:REPLY
BEGIN:VEVENT
UID:one@meet.example.com
DTSTAMP:20270210T090000Z
{lines}
END:VEVENT
END:VCALENDAR
"""
USUAL = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:t@client.example"


def a_mail(lines: str = USUAL, *, subtype: str = "calendar", maintype: str = "text") -> bytes:
    message = EmailMessage()
    message["From"] = "Tomasz <t@client.example>"
    message.set_content("Accepted\n")
    content = CALENDAR.format(lines=lines).replace("\n", "\r\n").encode()
    message.add_attachment(content, maintype=maintype, subtype=subtype, filename="reply.ics")
    return bytes(message)


def test_least_that_a_reply_says_is_enough() -> None:
    assert reply_in(a_mail()) == InboundReply(
        senders=("t@client.example",),
        attendee="t@client.example",
        uid="one@meet.example.com",
        answer=Reply.ACCEPTED,
        stamp=datetime(2027, 2, 10, 9, tzinfo=UTC),
        sequence=0,
        starts_at=None,
        ends_at=None,
        comment="",
        is_proposal=False,
    )


def test_reply_is_found_in_a_file_too() -> None:
    assert reply_in(a_mail(maintype="application", subtype="ics")).answer is Reply.ACCEPTED


def test_times_of_every_zone_are_read_and_those_of_none_are_not() -> None:
    zoned = "DTSTART;TZID=Europe/Warsaw:20270216T163000"
    assert reply_in(a_mail(f"{USUAL}\n{zoned}")).starts_at == datetime(2027, 2, 16, 15, 30, tzinfo=UTC)
    for vague in ("DTSTART:20270216T163000", "DTSTART;VALUE=DATE:20270216"):
        assert reply_in(a_mail(f"{USUAL}\n{vague}")).starts_at is None


def test_comment_is_one_printable_line_of_bounded_length() -> None:
    said = "COMMENT:One\\nTwo\\t\u202e" + "x" * 3000
    comment = reply_in(a_mail(f"{USUAL}\n{said}")).comment
    assert (comment[:7], len(comment), comment.isprintable()) == ("One Two", 1000, True)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff" * 100,
        b"Subject: hello\r\n\r\nJust words\r\n",
        a_mail("ATTENDEE;PARTSTAT=ACCEPTED:https://client.example"),
        a_mail("SUMMARY:nobody"),
        a_mail(f"{USUAL}\nSEQUENCE:many"),
        a_mail("x" * 100_000),
        a_mail(f"{USUAL}\nEND:VEVENT\nBEGIN:VEVENT\nUID:two\n{USUAL}"),
    ],
)
def test_other_mails_are_no_replies(raw: bytes) -> None:
    with pytest.raises(NoReply):
        reply_in(raw)


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(min_value=0, max_value=900))
def test_broken_mails_are_turned_away_and_break_nothing(noise: bytes, place: int) -> None:
    raw = a_mail()
    try:
        found = reply_in(raw[:place] + noise + raw[place + len(noise) :])
    except NoReply:
        return
    assert isinstance(found, InboundReply)
