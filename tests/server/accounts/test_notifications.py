"""What somebody is told of."""

from __future__ import annotations

from dataclasses import replace

from server import settings
from server.accounts.notifications import Switch, switched, wants
from server.accounts.profile import ProfileChanges, edit_profile
from server.meetings.mails import tell_host
from server.models import Job, User
from server.worker import work_once
from tests.factories import a_contact, a_meeting, a_user, an_account
from tests.server.gateways.mail.receiving import receiving
from tests.server.meetings.scene import viewer_of


def test_only_what_is_off_is_kept() -> None:
    off = switched({"nudges": False}, {"reply_mails": False, "nudges": True, "unheard_of": False})
    assert off == {"reply_mails": False}
    assert [switch for switch in Switch if not wants(User(notifications=off), switch)] == [Switch.REPLY_MAILS]


async def test_profile_turns_switches_and_the_others_stay(db: str) -> None:
    user = await a_user(await an_account())
    viewer = replace(viewer_of(user), session_id=1)
    picture = "https://linden.example/ines.png"
    await edit_profile(viewer, ProfileChanges(notifications={"meeting_mails": False}, avatar_url=picture))
    await edit_profile(viewer, ProfileChanges(notifications={"nudges": False}))
    now = await User.get(id=user.id)
    assert (now.notifications, now.avatar_url) == ({"meeting_mails": False, "nudges": False}, picture)


async def test_host_who_wants_no_mails_gets_none(db: str, in_use: settings.Settings) -> None:
    account = await an_account()
    host = await a_user(account, notifications={"meeting_mails": False})
    meeting = await a_meeting(host, contact=await a_contact(account))
    await tell_host(meeting, "booked")
    async with receiving() as post:
        settings.use(in_use.model_copy(update={"smtp_url": post.url}))
        await work_once()
    assert (post.mails, (await Job.get()).last_error) == ([], "not sent: they have switched it off")
