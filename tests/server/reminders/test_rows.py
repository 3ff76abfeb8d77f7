"""Whose reminders a meeting has: its own, though there be none, else the account's."""

from __future__ import annotations

from typing import Any

import pytest

from server.models import Account
from server.reminders.plan import LeadTime
from server.reminders.rows import reminders_of

DAY = {"amount": 1, "unit": "DAYS"}
HOUR = {"amount": 1, "unit": "HOURS", "includes_description": True}


@pytest.mark.capability("S2-18")
@pytest.mark.parametrize(
    ("is_on", "own", "expected"),
    [
        (True, None, [LeadTime(1, "DAYS")]),
        (False, None, []),
        (True, [], []),
        (True, [HOUR], [LeadTime(1, "HOURS", True)]),
        (False, [HOUR] * 4, [LeadTime(1, "HOURS", True)] * 3),
    ],
)
def test_reminders_of_a_meeting(is_on: bool, own: list[dict[str, Any]] | None, expected: list[LeadTime]) -> None:
    account = Account(reminders_by_default=is_on, default_reminders=[DAY])
    assert reminders_of(account, own) == expected
