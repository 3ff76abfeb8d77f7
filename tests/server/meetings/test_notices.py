"""Which verbs wake whom: everybody in the house who is concerned, and not whoever did it."""

from __future__ import annotations

from datetime import timedelta

from server.accounts.viewer import Viewer
from server.booking.book import book
from server.booking.cancel import cancel
from server.booking.reschedule import reschedule
from server.meetings.delete import delete
from server.meetings.edit import MeetingEdit, edit
from server.meetings.expected import Expected
from server.meetings.schedule import schedule
from server.models import Job, User
from server.models.enums import JobKind
from tests.factories import a_link, a_user, an_account
from tests.server.booking.scene import a_booking, a_host_with_a_link, a_round_robin, at, monday
from tests.server.devices.signed_in import a_device
from tests.server.meetings.scene import a_new_meeting, viewer_of


async def news() -> list[tuple[str, int]]:
    """Kind and user of each notice that was promised since the last time; what the clock causes is left apart."""
    jobs = await Job.filter(kind=JobKind.PUSH).order_by("id")
    await Job.filter(kind=JobKind.PUSH).delete()
    return [(one.payload["kind"], one.payload["user_id"]) for one in jobs if "device_id" in one.payload]


async def nudges() -> list[tuple[str, int]]:
    """Kind and seconds of each nudge that is planned."""
    jobs = await Job.filter(kind=JobKind.PUSH, lane__startswith="user:").order_by("run_at")
    return [(one.payload["kind"], int(one.run_at.timestamp())) for one in jobs]


async def on_a_phone(*users: User) -> None:
    """Each of them is signed in on a phone."""
    for number, user in enumerate(users):
        await a_device(user, push_token=f"{number:064x}")


async def test_a_visitor_books_moves_and_cancels_and_the_host_hears_of_it(db: str) -> None:
    _, host, link = await a_host_with_a_link()
    with at():
        await on_a_phone(host)
        booked = await book(a_booking(link))
        starts = int(monday(9).timestamp())
        assert await nudges() == [("MEETING_STARTING", starts - 600), ("MEETING_ENDED", starts + 1800)]
        assert await news() == [("MEETING_BOOKED", host.id)]
        await reschedule(booked.manage_token, starts_at=monday(10))
        starts = int(monday(10).timestamp())
        assert await nudges() == [("MEETING_STARTING", starts - 600), ("MEETING_ENDED", starts + 1800)]
        assert await news() == [("MEETING_MOVED", host.id)]
        await cancel(booked.manage_token)
        assert await news() == [("MEETING_CANCELED", host.id)]


async def test_a_meeting_that_goes_to_another_host_is_news_to_both(db: str) -> None:
    link, (first, second) = await a_round_robin()
    with at():
        await on_a_phone(first, second)
        booked = await book(a_booking(link, monday(9)))
        await book(a_booking(await a_link(first, "Other"), monday(11), email="other@client.example"))
        await news()
        await reschedule(booked.manage_token, starts_at=monday(11))
        assert sorted(await news()) == [("MEETING_BOOKED", second.id), ("MEETING_HANDED_OVER", first.id)]


async def test_who_schedules_edits_and_deletes_is_not_told_but_the_others_are(db: str) -> None:
    account = await an_account()
    host, scheduler, attending = [await a_user(account, name) for name in ("Host", "Scheduler", "Attending")]
    with at():
        await on_a_phone(host, scheduler, attending)
        me: Viewer = viewer_of(scheduler)
        new = a_new_meeting(host_id=host.id, attendees=(Expected(user_id=attending.id),))
        number = (await schedule(me, new)).meeting_id or 0
        assert await news() == [("MEETING_SCHEDULED", host.id), ("MEETING_SCHEDULED", attending.id)]
        moved = new.starts_at + timedelta(hours=3)
        await edit(viewer_of(host), MeetingEdit(number, starts_at=moved))
        assert await news() == [("MEETING_MOVED", scheduler.id), ("MEETING_MOVED", attending.id)]
        await edit(me, MeetingEdit(number, internal_note="x"))
        assert await news() == []
        await delete(me, number)
        assert await news() == [("MEETING_CANCELED", host.id), ("MEETING_CANCELED", attending.id)]
