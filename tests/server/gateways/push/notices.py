"""A notice to send in tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from server.gateways.push.notice import Notice

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def a_notice(**fields: Any) -> Notice:
    given: dict[str, Any] = {
        "id": "6ba7b810-9dad-51d1-80b4-00c04fd430c8",
        "kind": "MEETING_BOOKED",
        "title": "New booking",
        "body": "Zażółć Lis, Tue 24 Nov, 11:00",
        "thread": "mtg_12",
        "expires_at": datetime(2026, 11, 24, 10, 0, tzinfo=UTC),
        "data": {"meetingId": "mtg_12", "actions": [{"kind": "RUNNING_LATE", "token": "t"}]},
    }
    return Notice(**(given | fields))
