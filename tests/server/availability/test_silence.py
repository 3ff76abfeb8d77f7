"""Whose calendar cannot be reached, and since when that matters."""

from __future__ import annotations

from datetime import timedelta

from server import settings
from server.availability.silence import are_in_reach, silent_hosts
from server.models import CalendarAccount
from server.models.enums import CalendarProvider
from tests.factories import a_user, an_account
from tests.server.booking.scene import NOW, a_host_with_a_link, at


async def test_nobody_is_silent_among_nobody(db: str) -> None:
    assert await silent_hosts([]) == set()
    assert await are_in_reach([])


async def test_hosts_are_silent_whose_calendar_is_out_of_reach_for_longer_than_a_day(db: str) -> None:
    _, host, _ = await a_host_with_a_link()
    await CalendarAccount.filter(user_id=host.id).update(unreachable_since=NOW)
    seen = []
    for hours in (0, 24, 25):
        with at(NOW + timedelta(hours=hours)):
            seen.append((await silent_hosts([host.id]), await are_in_reach([host.id])))
    assert seen == [(set(), False), (set(), False), ({host.id}, False)]


async def test_how_long_is_a_setting(db: str) -> None:
    _, host, _ = await a_host_with_a_link()
    await CalendarAccount.filter(user_id=host.id).update(unreachable_since=NOW)
    settings.use(settings.current().model_copy(update={"limit_calendar_silence_hours": 2}))
    seen = []
    for minutes in (120, 121):
        with at(NOW + timedelta(minutes=minutes)):
            seen.append(await silent_hosts([host.id]))
    assert seen == [set(), {host.id}]


async def test_one_of_several_calendars_is_enough_and_one_that_does_not_sync_is_not_asked(db: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima")
    long_ago = NOW - timedelta(days=3)
    for user, syncs in ((ines, True), (piotr, False)):
        await CalendarAccount.create(
            account=account,
            user=user,
            provider=CalendarProvider.CALDAV,
            is_default=False,
            syncs=syncs,
            unreachable_since=long_ago,
        )
    with at():
        assert await silent_hosts([ines.id, piotr.id]) == {ines.id}
        assert [await are_in_reach([user.id]) for user in (ines, piotr)] == [False, True]
