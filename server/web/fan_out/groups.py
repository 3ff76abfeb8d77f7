"""All the groups of this process, and whether those in them may still be there."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Iterator
from time import monotonic

from server import metrics
from server.accounts.standing import no_longer_standing
from server.web.fan_out.group import Group
from server.web.fan_out.member import Member
from server.web.graphql.executor import Followed

TRUST_SECONDS = 1.0
"""For so long after they were last asked for, rights are taken to be what they were."""


class Groups:
    """A group is there as long as it has members."""

    def __init__(self) -> None:
        self._groups: dict[Hashable, Group] = {}
        self._checked: dict[int, float] = {}
        self._checking = asyncio.Lock()

    def enter(self, followed: Followed, member: Member) -> Group:
        """The member belongs to the group that hears what it asked for; it has yet to catch up."""
        group = self._groups.get(followed.key)
        if group is None:
            group = self._groups[followed.key] = Group(followed, self._check)
        group.members[member] = False
        metrics.SUBSCRIBERS.inc()
        return group

    def leave(self, group: Group, member: Member) -> None:
        """The member hears nothing more. Leaving twice is leaving once."""
        if member not in group.members:
            return
        metrics.SUBSCRIBERS.dec()
        group.leave(member)
        if not group.members and self._groups.get(group.key) is group:
            del self._groups[group.key]
            if not any(self._of(group.account_id)):
                self._checked.pop(group.account_id, None)

    async def _check(self, account_id: int) -> None:
        """Whoever lost a right of theirs more than a second ago is not told the next change."""
        async with self._checking:
            if monotonic() - self._checked.get(account_id, 0.0) < TRUST_SECONDS:
                return
            members = [member for group in self._of(account_id) for member in group.members]
            lost = await no_longer_standing({one.viewer for one in members if one.viewer is not None})
            self._checked[account_id] = monotonic()
        for member in members:
            if member.viewer in lost:
                member.lose_standing()

    def _of(self, account_id: int) -> Iterator[Group]:
        return (group for group in self._groups.values() if group.account_id == account_id)
