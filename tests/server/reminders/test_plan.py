"""When reminders are due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from server.reminders.plan import Due, LeadTime, due_at, dues, is_lead_time, zone_for

START = datetime(2026, 10, 26, 9, 0, tzinfo=UTC)
"""A Monday, ten o'clock in Warsaw, the day after clocks were put back there."""


@pytest.mark.capability("S2-16")
@pytest.mark.parametrize(
    ("lead", "due"),
    [
        (LeadTime(90, "MINUTES"), datetime(2026, 10, 26, 7, 30, tzinfo=UTC)),
        (LeadTime(36, "HOURS"), datetime(2026, 10, 24, 21, 0, tzinfo=UTC)),
        (LeadTime(1, "DAYS"), datetime(2026, 10, 25, 9, 0, tzinfo=UTC)),
        (LeadTime(2, "DAYS"), datetime(2026, 10, 24, 8, 0, tzinfo=UTC)),
        (LeadTime(1, "WEEKS"), datetime(2026, 10, 19, 8, 0, tzinfo=UTC)),
    ],
)
def test_reminder_is_due_its_lead_time_before_the_start(lead: LeadTime, due: datetime) -> None:
    assert due_at(lead, starts_at=START, tz="Europe/Warsaw") == due


def test_reminders_that_would_be_late_are_left_out_and_each_moment_comes_once() -> None:
    leads = [LeadTime(1, "HOURS"), LeadTime(60, "MINUTES"), LeadTime(1, "WEEKS"), LeadTime(2, "HOURS")]
    planned = dues(leads, starts_at=START, tz="UTC", now=START - timedelta(hours=2))
    assert planned == [Due(LeadTime(60, "MINUTES"), START - timedelta(hours=1))]


@pytest.mark.capability("S2-19")
def test_reminder_zone_is_the_contacts_else_the_chosen_one_else_the_accounts() -> None:
    assert [
        zone_for(contact="Asia/Taipei", booking="Europe/London", account="Europe/Warsaw"),
        zone_for(contact=None, booking="Europe/London", account="Europe/Warsaw"),
        zone_for(contact=None, booking=None, account="Europe/Warsaw"),
    ] == [("CONTACT", "Asia/Taipei"), ("BOOKING", "Europe/London"), ("ACCOUNT", "Europe/Warsaw")]


@pytest.mark.parametrize(
    ("amount", "unit", "expected"),
    [(1, "MINUTES", True), (52, "WEEKS", True), (53, "WEEKS", False), (0, "DAYS", False), (True, "DAYS", False)]
    + [(1.5, "DAYS", False), (1, "YEARS", False), (525_600, "MINUTES", False), (524_160, "MINUTES", True)],
)
def test_lead_time_is_a_whole_number_of_a_known_unit_within_a_year(amount: object, unit: str, expected: bool) -> None:
    assert is_lead_time(amount, unit) is expected
