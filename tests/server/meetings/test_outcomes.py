"""How a meeting went."""

from __future__ import annotations

import pytest

from server.errors import ErrorCode, Refused
from server.meetings.errors import Conflict
from server.meetings.outcomes import record_outcome
from server.models import Change, Meeting, Outcome
from tests.factories import a_meeting, a_user, an_account
from tests.server.booking.scene import at, counts, monday
from tests.server.meetings.scene import a_program, viewer_of


@pytest.mark.capability("S2-54")
@pytest.mark.capability("S1-41")
async def test_record_outcome_keeps_the_one_before_in_the_log(db: str) -> None:
    ines = await a_user(await an_account())
    meeting = await a_meeting(ines, monday(9))
    with at(monday(10)):
        for key in ("NO_SHOW", "COMPLETED", "COMPLETED"):
            assert await record_outcome(viewer_of(ines), meeting.id, key) == meeting.id
    after = await Meeting.get(id=meeting.id).select_related("outcome")
    assert (after.outcome.key, after.version, after.ical_sequence) == ("COMPLETED", 3, 0)
    assert await Change.all().order_by("number").values_list("number", "kind", "data") == [
        (1, "OUTCOME_RECORDED", {"previous_outcome": "SCHEDULED", "outcome": "NO_SHOW"}),
        (2, "OUTCOME_RECORDED", {"previous_outcome": "NO_SHOW", "outcome": "COMPLETED"}),
    ]


@pytest.mark.capability("S2-55")
@pytest.mark.capability("S2-59")
async def test_record_outcome_takes_the_accounts_own_from_any_client(db: str) -> None:
    account = await an_account()
    ines = await a_user(account)
    await Outcome.create(account=account, key="SIGNED", label="Signed", position=9)
    meeting = await a_meeting(ines, monday(9))
    with at(monday(10)):
        await record_outcome(a_program(account.id, "meetings:write"), meeting.id, "SIGNED")
    assert (await Meeting.get(id=meeting.id).select_related("outcome")).outcome.label == "Signed"


async def test_record_outcome_that_is_unknown_or_archived_names_the_others(db: str) -> None:
    account = await an_account()
    ines = await a_user(account)
    await Outcome.filter(key="RESCHEDULED").update(is_archived=True)
    meeting = await a_meeting(ines, monday(9))
    before = await counts()
    for key in ("RESCHEDULED", "WONDERFUL"):
        with pytest.raises(Refused) as caught:
            await record_outcome(viewer_of(ines), meeting.id, key)
        assert [(one.code, one.message) for one in caught.value.complaints] == [
            (
                ErrorCode.OUTCOME_UNKNOWN,
                f"There is no outcome '{key}' here. Choose one of: SCHEDULED, COMPLETED, NO_SHOW, CANCELED.",
            )
        ]
    assert await counts() == before


async def test_record_outcome_of_another_version_or_account_is_refused(db: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima")
    stranger, meeting = await a_user(await an_account()), await a_meeting(ines, monday(9))
    codes = []
    for user, version in ((ines, 7), (stranger, 1), (piotr, 1)):
        with pytest.raises(Refused) as caught:
            await record_outcome(viewer_of(user), meeting.id, "COMPLETED", expected_version=version)
        codes.append((type(caught.value), caught.value.complaints[0].code))
    assert codes == [
        (Conflict, ErrorCode.CONFLICT),
        (Refused, ErrorCode.NOT_FOUND),
        (Refused, ErrorCode.FORBIDDEN),
    ]
