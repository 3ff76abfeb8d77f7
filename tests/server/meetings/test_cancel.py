"""A colleague calls a meeting off."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.errors import ErrorCode, Refused
from server.meetings.cancel import cancel
from server.meetings.errors import Conflict
from server.models import BusySpan, Change, Job, Meeting
from server.models.enums import JobKind
from tests.factories import a_contact, a_meeting, a_user, an_account
from tests.server.booking.scene import NOW, at, counts, monday
from tests.server.meetings.scene import viewer_of


async def codes(act: object) -> list[tuple[ErrorCode, tuple[str, ...]]]:
    with pytest.raises(Refused) as caught:
        await act  # type: ignore[misc]  # a coroutine of the verb
    return [(one.code, one.path) for one in caught.value.complaints]


@pytest.mark.capability("S2-54")
async def test_cancel_keeps_the_meeting_and_tells_everybody_but_oneself(db: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima")
    with at():
        meeting = await a_meeting(ines, monday(9), contact=await a_contact(account), organizer_id=piotr.id)
        number = await cancel(viewer_of(ines), meeting.id, reason=" Snow. ", expected_version=1)
        await a_meeting(ines, monday(12))
        other = await a_meeting(ines, monday(14), organizer_id=piotr.id)
        await cancel(viewer_of(piotr), other.id)
    after = await Meeting.get(id=number).select_related("outcome")
    assert (after.canceled_at, after.cancel_reason, after.outcome.key) == (NOW, "Snow.", "CANCELED")
    assert (after.version, after.ical_sequence, after.deleted_at) == (2, 1, None)
    assert await BusySpan.filter(meeting_id=number).count() == 0
    assert await Job.filter(meeting_id=number).values_list("kind", flat=True) == [JobKind.CONFIRMATION_MAIL]
    assert JobKind.HOST_NOTICE_MAIL in await Job.filter(meeting_id=other.id).values_list("kind", flat=True)
    changes = await Change.filter(meeting_id=number).values_list("kind", "actor")
    assert changes == [("MEETING_CANCELED", f"user:{ines.id}")]


async def test_cancel_is_refused_for_what_is_over_off_otherwise_or_not_ones_own(db: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima")
    with at():
        over = await a_meeting(ines, NOW - timedelta(hours=2))
        meeting = await a_meeting(ines, monday(9))
        off = await a_meeting(ines, monday(11), canceled_at=NOW)
        before = await counts()
        assert await codes(cancel(viewer_of(ines), over.id)) == [(ErrorCode.TIME_IN_PAST, ("meeting",))]
        assert await codes(cancel(viewer_of(piotr), meeting.id)) == [(ErrorCode.FORBIDDEN, ("meeting",))]
        assert await codes(cancel(viewer_of(ines), 999_999)) == [(ErrorCode.NOT_FOUND, ("meeting",))]
        long = cancel(viewer_of(ines), meeting.id, reason="x" * 1001)
        assert await codes(long) == [(ErrorCode.TEXT_TOO_LONG, ("reason",))]
        for wrong in (cancel(viewer_of(ines), off.id), cancel(viewer_of(ines), meeting.id, expected_version=7)):
            with pytest.raises(Conflict):
                await wrong
        assert await counts() == before


async def test_cancel_twice_under_one_key_is_once(db: str) -> None:
    ines = await a_user(await an_account())
    with at():
        meeting = await a_meeting(ines, monday(9))
        first = await cancel(viewer_of(ines), meeting.id, idempotency_key="tap")
        assert await cancel(viewer_of(ines), meeting.id, idempotency_key="tap") == first
    assert (await Meeting.get(id=meeting.id)).version == 2
