"""Taken by somebody else, or never on offer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server import clock
from server.availability import Reason, ReasonCode
from server.booking.why_not import is_taken, not_offered
from server.errors import ErrorCode
from server.models.enums import MeetingLinkKind

BUSY, HOURS, GRID = ReasonCode.BUSY, ReasonCode.OUTSIDE_HOURS, ReasonCode.OFF_GRID


@pytest.mark.parametrize(
    ("kind", "reasons", "expected"),
    [
        (MeetingLinkKind.PERSONAL, [Reason(BUSY, member=1)], True),
        (MeetingLinkKind.PERSONAL, [Reason(ReasonCode.DAILY_LIMIT)], True),
        (MeetingLinkKind.PERSONAL, [Reason(BUSY, member=1), Reason(HOURS, member=1)], False),
        (MeetingLinkKind.PERSONAL, [Reason(GRID), Reason(BUSY, member=1)], False),
        (MeetingLinkKind.PERSONAL, [], False),
        (MeetingLinkKind.GROUP, [Reason(BUSY, member=1), Reason(HOURS, member=2)], False),
        (MeetingLinkKind.GROUP, [Reason(BUSY, member=1), Reason(ReasonCode.HELD, member=2)], True),
        (MeetingLinkKind.ROUND_ROBIN, [Reason(BUSY, member=1), Reason(HOURS, member=2)], True),
        (MeetingLinkKind.ROUND_ROBIN, [Reason(HOURS, member=1), Reason(HOURS, member=2)], False),
    ],
)
def test_time_is_taken_if_it_would_be_free_without_the_others(
    kind: MeetingLinkKind, reasons: list[Reason], expected: bool
) -> None:
    assert is_taken(reasons, kind) is expected


@pytest.mark.parametrize("code", list(ReasonCode))
def test_every_reason_has_a_sentence_with_the_next_step(code: ReasonCode) -> None:
    complaint = not_offered([Reason(code)], clock.now() + timedelta(days=1))
    assert complaint.code is ErrorCode.SLOT_NOT_OFFERED
    assert complaint.message.endswith(". Please choose one of the times that the page offers.")
