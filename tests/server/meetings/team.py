"""People who want the same users and meetings at the same moment."""

from __future__ import annotations

from dataclasses import dataclass

from server.models import Account, Meeting, MeetingLink, User
from server.models.enums import Role
from tests.factories import a_link, a_meeting, a_user, an_account
from tests.server.booking.scene import monday


@dataclass(frozen=True)
class Team:
    """Leo leaves and Nora takes over, in the order of their numbers; Ada and Zoe administer. The meeting and the link
    are Leo's."""

    account: Account
    ada: User
    leo: User
    nora: User
    zoe: User
    meeting: Meeting
    link: MeetingLink


async def a_team() -> Team:
    account = await an_account()
    ada = await a_user(account, "Ada Admin", role=Role.ADMIN, password_hash="x")
    leo, nora = await a_user(account, "Leo Leaver"), await a_user(account, "Nora Next")
    zoe = await a_user(account, "Zoe Admin", role=Role.ADMIN, password_hash="x")
    link = await a_link(leo)
    return Team(account, ada, leo, nora, zoe, await a_meeting(leo, monday(9), link=link), link)
