"""Whether a reminder is still wanted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.models import Meeting, Reminder
from server.models.enums import LeadTimeUnit, ReminderState, Reply
from server.reminders.due import is_reminded, is_still_wanted
from tests.server.booking.scene import NOW, monday


def a_reminder(**fields: object) -> Reminder:
    given = {"amount": 1, "unit": LeadTimeUnit.HOURS, "due_at": monday(8), "starts_at": monday(9)}
    return Reminder(**(given | fields))


def test_reminder_is_wanted_for_the_time_it_was_planned_for() -> None:
    meeting = Meeting(starts_at=monday(9), ends_at=monday(10))
    assert is_still_wanted(a_reminder(), meeting) is True


@pytest.mark.parametrize(
    ("reminder", "meeting"),
    [
        ({"state": ReminderState.DROPPED}, {}),
        ({"state": ReminderState.SENT}, {}),
        ({}, {"starts_at": monday(9) + timedelta(hours=1)}),
        ({}, {"canceled_at": NOW}),
        ({}, {"deleted_at": NOW}),
    ],
)
def test_reminder_is_not_wanted_once_something_has_changed(
    reminder: dict[str, object], meeting: dict[str, object]
) -> None:
    stands = Meeting(**({"starts_at": monday(9), "ends_at": monday(11)} | meeting))
    assert is_still_wanted(a_reminder(**reminder), stands) is False


def test_everybody_is_reminded_who_has_not_declined() -> None:
    assert [reply for reply in Reply if not is_reminded(reply)] == [Reply.DECLINED]
