"""What an account offers to sort its meetings by."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import pytest

from server.errors import ErrorCode, Refused
from server.meetings.offer import (
    ChoiceEdit,
    NewChoice,
    create_meeting_type,
    create_outcome,
    edit_meeting_type,
    edit_outcome,
)
from server.meetings.outcomes import record_outcome
from server.models import Account, Meeting, MeetingType, Outcome
from server.models.enums import Role
from tests.factories import a_meeting, a_user, an_account
from tests.server.booking.scene import at, monday
from tests.server.meetings.scene import viewer_of


async def refused(act: Awaitable[Any]) -> list[tuple[ErrorCode, tuple[str, ...]]]:
    with pytest.raises(Refused) as caught:
        await act
    return [(one.code, one.path) for one in caught.value.complaints]


async def listed(model: type[Outcome] | type[MeetingType], account: Account) -> list[tuple[str, bool]]:
    rows = await model.filter(account_id=account.id).order_by("position", "id")
    assert [one.position for one in rows] == list(range(len(rows)))
    return [(one.key, one.is_archived) for one in rows]


@pytest.mark.capability("S2-54")
@pytest.mark.capability("S2-55")
async def test_outcomes_of_ones_own_are_made_ordered_reworded_and_put_away(db: str) -> None:
    account = await an_account()
    admin = await a_user(account, role=Role.ADMIN)
    viewer = viewer_of(admin)
    assert await create_outcome(viewer, NewChoice(" Follow-up needed ")) == "FOLLOW_UP_NEEDED"
    assert await create_outcome(viewer, NewChoice("Follow up: needed", position=1)) == "FOLLOW_UP_NEEDED_2"
    assert await create_outcome(viewer, NewChoice("後續")) == "OUTCOME"
    assert await create_outcome(viewer, NewChoice("再後續", position=0)) == "OUTCOME_2"
    await edit_outcome(viewer, ChoiceEdit("NO_SHOW", label="Did not come", position=99))
    await edit_outcome(viewer, ChoiceEdit("OUTCOME_2", is_archived=True))
    assert await listed(Outcome, account) == [
        ("OUTCOME_2", True),
        ("SCHEDULED", False),
        ("FOLLOW_UP_NEEDED_2", False),
        ("COMPLETED", False),
        ("RESCHEDULED", False),
        ("CANCELED", False),
        ("FOLLOW_UP_NEEDED", False),
        ("OUTCOME", False),
        ("NO_SHOW", False),
    ]
    assert (await Outcome.get(key="NO_SHOW")).label == "Did not come"


@pytest.mark.capability("S2-55")
async def test_an_archived_outcome_stays_on_old_meetings_and_is_offered_no_more(db: str) -> None:
    account = await an_account()
    admin = await a_user(account, role=Role.ADMIN)
    viewer = viewer_of(admin)
    await create_outcome(viewer, NewChoice("Won"))
    with at():
        old, new = await a_meeting(admin, monday(9)), await a_meeting(admin, monday(11))
        await record_outcome(viewer, old.id, "WON")
        await edit_outcome(viewer, ChoiceEdit("WON", is_archived=True))
        assert await refused(record_outcome(viewer, new.id, "WON")) == [(ErrorCode.OUTCOME_UNKNOWN, ("outcome",))]
        await edit_outcome(viewer, ChoiceEdit("WON", is_archived=False))
        await record_outcome(viewer, new.id, "WON")
    kept = await Meeting.all().select_related("outcome")
    assert [one.outcome.key for one in kept] == ["WON", "WON"]


@pytest.mark.capability("S2-54")
async def test_the_five_outcomes_that_everybody_has_cannot_be_put_away(db: str) -> None:
    account = await an_account()
    viewer = viewer_of(await a_user(account, role=Role.ADMIN))
    for key in ("SCHEDULED", "COMPLETED", "RESCHEDULED", "NO_SHOW", "CANCELED"):
        act = edit_outcome(viewer, ChoiceEdit(key, is_archived=True))
        assert await refused(act) == [(ErrorCode.SETTING_INVALID, ("isArchived",))]
    assert await Outcome.filter(is_archived=True).count() == 0


@pytest.mark.capability("S2-10")
async def test_meeting_types_are_made_ordered_and_put_away(db: str) -> None:
    account = await an_account()
    viewer = viewer_of(await a_user(account, role=Role.ADMIN))
    for label in ("Demo", "Review"):
        await create_meeting_type(viewer, NewChoice(label, idempotency_key=label))
        await create_meeting_type(viewer, NewChoice(label, idempotency_key=label))
    await edit_meeting_type(viewer, ChoiceEdit("REVIEW", position=0))
    await edit_meeting_type(viewer, ChoiceEdit("DEMO", is_archived=True))
    assert await listed(MeetingType, account) == [("REVIEW", False), ("DEMO", True)]


async def test_a_choice_is_refused_to_members_and_under_a_name_that_is_taken(db: str) -> None:
    account, other = await an_account(), await an_account("Others")
    admin, member = await a_user(account, role=Role.ADMIN), await a_user(account)
    foreign = await a_user(other, role=Role.ADMIN)
    await create_meeting_type(viewer_of(foreign), NewChoice("Theirs"))
    assert await refused(create_outcome(viewer_of(member), NewChoice("x"))) == [(ErrorCode.FORBIDDEN, ())]
    viewer = viewer_of(admin)
    assert await refused(create_outcome(viewer, NewChoice("completed"))) == [(ErrorCode.ALREADY_USED, ("label",))]
    assert await refused(create_outcome(viewer, NewChoice(" "))) == [(ErrorCode.NAME_REQUIRED, ("label",))]
    assert await refused(edit_outcome(viewer, ChoiceEdit("NONE"))) == [(ErrorCode.OUTCOME_UNKNOWN, ("key",))]
    unknown = edit_meeting_type(viewer, ChoiceEdit("THEIRS", label="Ours"))
    assert await refused(unknown) == [(ErrorCode.MEETING_TYPE_DISABLED, ("key",))]
