"""A letter to begin with; say only what the test is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from server.gateways.mail.messages import Letter, Mailbox

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def a_letter(**said: Any) -> Letter:
    usual: dict[str, Any] = {
        "kind": "booked",
        "message_id": "<one@meet.example.com>",
        "sent_at": NOON,
        "sender": Mailbox("Ines Marek via Linden & Co", "meetings@meet.example.com"),
        "recipient": Mailbox("Tomasz Lis", "tomasz@client.example"),
        "reply_to": Mailbox("Ines Marek", "ines@linden.example"),
        "subject": "Booked: Intro call, Tue 24 Nov, 10:30",
        "text": "Your meeting is booked.\n",
        "html": "<p>Your meeting is booked.</p>\n",
        "locale": "en",
    }
    return Letter(**(usual | said))
