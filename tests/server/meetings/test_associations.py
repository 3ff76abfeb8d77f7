"""The timelines on which a meeting stands."""

from __future__ import annotations

import pytest

from server.errors import ErrorCode, Refused
from server.meetings.associations import Tie, associate, dissociate
from server.models import Association, Change, Meeting, Record
from server.models.enums import RecordKind
from tests.factories import a_contact, a_meeting, a_user, an_account
from tests.server.booking.scene import counts, monday
from tests.server.meetings.scene import viewer_of


@pytest.mark.capability("S2-24")
@pytest.mark.capability("S1-42")
async def test_associate_and_dissociate_every_kind_of_record(db: str) -> None:
    account = await an_account()
    ines, contact = await a_user(account), await a_contact(account)
    records = [await Record.create(account=account, kind=kind, name=kind.value.title()) for kind in RecordKind]
    meeting = await a_meeting(ines, monday(9))
    ties = [Tie(contact_id=contact.id), *(Tie(record_id=record.id) for record in records)]
    await associate(viewer_of(ines), meeting.id, ties)
    await associate(viewer_of(ines), meeting.id, ties[:2])
    assert await Association.all().order_by("id").values_list("contact_id", "record_id") == [
        (contact.id, None),
        *((None, record.id) for record in records),
    ]
    await dissociate(viewer_of(ines), meeting.id, ties[1:])
    assert await Association.all().values_list("contact_id", flat=True) == [contact.id]
    assert (await Meeting.get(id=meeting.id)).version == 4
    assert await Change.all().values_list("kind", flat=True) == ["MEETING_EDITED"] * 3


async def test_associate_with_what_is_foreign_is_refused(db: str) -> None:
    ines, stranger = await a_user(await an_account()), await a_contact(await an_account())
    meeting = await a_meeting(ines, monday(9))
    before = await counts()
    with pytest.raises(Refused) as caught:
        await associate(viewer_of(ines), meeting.id, [Tie(contact_id=stranger.id), Tie(record_id=99)])
    assert [(one.code, one.path) for one in caught.value.complaints] == [
        (ErrorCode.NOT_FOUND, ("associations", "0")),
        (ErrorCode.NOT_FOUND, ("associations", "1")),
    ]
    assert await counts() == before
