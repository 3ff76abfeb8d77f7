"""When colleagues are free, and what may be known of when they are not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.booking.hold import hold_slot
from server.errors import ErrorCode, Refused
from server.meetings.host_availability import Block, HostAvailability, host_availability
from server.models import Attendee, BusySpan, CalendarAccount, VideoAccount
from server.models.enums import AttendeeKind, BusySource, LocationKind, Role, VideoKind
from tests.factories import a_contact, a_link, a_meeting, a_user, an_account
from tests.server.booking.scene import at, monday
from tests.server.meetings.scene import viewer_of


@pytest.mark.capability("S2-34")
@pytest.mark.capability("S2-53")
async def test_host_availability_shows_titles_only_to_those_who_may_know(db: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima")
    admin, owner = await a_user(account, "Ada", role=Role.ADMIN), await a_user(account, "Olga")
    contact = await a_contact(account, owner=owner)
    with at():
        meeting = await a_meeting(piotr, monday(9), title="Secret plans", contact=contact)
        seen = {}
        for user in (piotr, ines, admin, owner):
            [host] = await host_availability(viewer_of(user), [piotr.id], monday(8), monday(10))
            seen[user.name] = [(block.title, block.meeting_id) for block in host.busy]
        await Attendee.create(account=account, meeting=meeting, kind=AttendeeKind.USER, user=ines, email="i@x.example")
        [host] = await host_availability(viewer_of(ines), [piotr.id], monday(8), monday(10))
    known = [("Secret plans", meeting.id)]
    assert seen == {piotr.name: known, ines.name: [("Busy", None)], admin.name: known, owner.name: known}
    assert [(block.title, block.meeting_id) for block in host.busy] == known


@pytest.mark.capability("S2-44")
@pytest.mark.capability("S2-47")
async def test_host_availability_is_hours_less_what_takes_them(db: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima", weekly_hours={"0": [[600, 720]]})
    calendar = await CalendarAccount.get(user_id=piotr.id)
    await VideoAccount.create(account=account, user=piotr, kind=VideoKind.ZOOM, email=piotr.email)
    with at():
        meeting = await a_meeting(ines, monday(12))
        await BusySpan.create(
            account=account,
            host=piotr,
            source=BusySource.CALENDAR,
            starts=int(monday(9, 30).timestamp()),
            ends=int(monday(10).timestamp()),
            calendar_account=calendar,
        )
        link = await a_link(piotr)
        await hold_slot(link.slug, monday(10, 30))
        found = await host_availability(viewer_of(ines), [piotr.id, ines.id, piotr.id], monday(8), monday(16))
    assert found == [
        HostAvailability(
            piotr.id,
            location_kinds=tuple(LocationKind),
            free=(Block(monday(9), monday(9, 30)), Block(monday(10), monday(10, 30))),
            busy=(Block(monday(9, 30), monday(10), "Busy"), Block(monday(10, 30), monday(11), "Busy")),
        ),
        HostAvailability(
            ines.id,
            location_kinds=(LocationKind.PHONE, LocationKind.ADDRESS, LocationKind.CUSTOM),
            free=(Block(monday(8), monday(12)), Block(monday(12, 30), monday(16))),
            busy=(Block(monday(12), monday(12, 30), "Intro call", meeting.id),),
        ),
    ]


async def test_host_availability_refuses_foreign_hosts_and_long_ranges(db: str) -> None:
    ines, stranger = await a_user(await an_account()), await a_user(await an_account())
    codes = []
    for host, end in ((stranger, monday(10)), (ines, monday(8) + timedelta(days=63)), (ines, monday(8))):
        with pytest.raises(Refused) as caught:
            await host_availability(viewer_of(ines), [host.id], monday(8), end)
        codes.append(caught.value.complaints[0].code)
    assert codes == [ErrorCode.NOT_FOUND, ErrorCode.TIME_RANGE_INVALID, ErrorCode.TIME_RANGE_INVALID]
