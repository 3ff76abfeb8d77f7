"""Everyone who asked the same of the same log and may see the same of it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence

import structlog

from server import database
from server.changes import feed, reading
from server.changes.data_version import data_version
from server.changes.tails import Tail, open_tail
from server.models import Change
from server.web.fan_out.member import Member
from server.web.fan_out.told import Told
from server.web.graphql.executor import Followed

MOST_AT_ONCE = 100
MOST_KEPT = 200
WITHOUT_PAUSE = 10
"""After so many members, some 0.1 ms, other requests get their turn, of which each takes several (ADR 12)."""

PAUSE_SECONDS = 0.5
"""Between two looks at a log whose database is away."""

_log = structlog.get_logger(__name__)

Check = Callable[[int], Awaitable[None]]


class Group:
    """Each change is read once and completed once for all of its members.

    A member first catches up (`missed`) and is then live. It goes live with a position that no change is beyond which
    the group has begun to tell, and whatever is not beyond its position is not told to it: so it has neither gap nor
    double."""

    def __init__(self, followed: Followed, check: Check) -> None:
        self.key = followed.key
        self._wanted = followed.wanted
        self._answers = followed.answers
        self._check = check
        self.members: dict[Member, bool] = {}
        self._position = 0
        self._telling: asyncio.Task[None] | None = None
        self._catching_up = asyncio.Lock()
        self._kept: OrderedDict[int, Told | None] = OrderedDict()
        self._kept_version = -1

    @property
    def account_id(self) -> int:
        return self._wanted.account_id

    async def missed(self, member: Member) -> AsyncGenerator[Told, None]:
        """What the member has not heard yet, in order; with the end of it the member is live. `ResyncRequired` where
        that is no longer kept."""
        with open_tail(self.account_id) as tail:
            await tail.look_now()
            position = tail.latest if member.position is None else member.position
            await reading.require_kept(self.account_id, position)
            member.position = position
            while position < tail.latest:
                found, reached = await feed.next_changes(tail, position, self._wanted.kinds)
                async for told in self._told_again(found):
                    member.position = told.number
                    yield told
                member.position = position = max(position, reached)
            # Nothing is awaited from the last look at the tail to here.
            self._go_live(member, position)

    def leave(self, member: Member) -> None:
        """The member hears nothing more; without any, the group comes to its end."""
        self.members.pop(member, None)
        if not self.members and self._telling is not None:
            self._telling.cancel()
            self._telling = None

    def _go_live(self, member: Member, position: int) -> None:
        if member not in self.members:
            return
        self.members[member] = True
        if self._telling is None:
            self._position = position
            self._telling = asyncio.create_task(self._tell(), name="fan out")

    async def _tell(self) -> None:
        try:
            with open_tail(self.account_id) as tail:
                while True:
                    await self._tell_next(tail)
        except Exception as error:  # noqa: BLE001 - each member is told in the form of its transport
            self._telling = None
            for member in self._live():
                member.fail(error)

    async def _tell_next(self, tail: Tail) -> None:
        try:
            await self._tell_what_came(tail)
        except database.TryAgain as error:
            # The database is away for a while. Each member's position says what it has been told of this already.
            _log.warning("fan_out.paused", account=self.account_id, error=repr(error))
            await asyncio.sleep(PAUSE_SECONDS)

    async def _tell_what_came(self, tail: Tail) -> None:
        heard = tail.rings
        await tail.look(heard)
        found, reached = await feed.next_changes(tail, self._position, self._wanted.kinds)
        wanted = await self._wanted.among(found)
        for start in range(0, len(wanted), MOST_AT_ONCE):
            for told in await self._told(wanted[start : start + MOST_AT_ONCE]):
                await self._pass_on(told)
        self._position = max(self._position, reached)
        if self._position >= tail.latest:
            await tail.wait(heard)

    async def _told(self, changes: Sequence[Change]) -> list[Told]:
        numbers = [change.number for change in changes]
        answers = await self._answers(numbers)
        return [Told(number, answer) for number, answer in zip(numbers, answers, strict=True) if answer is not None]

    async def _pass_on(self, told: Told) -> None:
        await self._check(self.account_id)
        for count, member in enumerate(self._live(), 1):
            if self.members.get(member) and (member.position or 0) < told.number:
                if member.hear(told):
                    member.position = told.number
                elif member in self.members:
                    self.members[member] = False
            if count % WITHOUT_PAUSE == 0:
                await asyncio.sleep(0)

    def _live(self) -> list[Member]:
        return [member for member, is_live in self.members.items() if is_live]

    async def _told_again(self, found: Sequence[Change]) -> AsyncGenerator[Told, None]:
        """Changes of the past. Whoever catches up at the same time shares the reading; what is kept is as new as the
        account's data."""
        wanted = await self._wanted.among(found)
        for start in range(0, len(wanted), MOST_AT_ONCE):
            part = wanted[start : start + MOST_AT_ONCE]
            await self._check(self.account_id)
            async with self._catching_up:
                told = await self._kept_or_told(part)
            for one in told:
                yield one

    async def _kept_or_told(self, changes: Sequence[Change]) -> list[Told]:
        version = await data_version(self.account_id)
        if version != self._kept_version:
            self._kept.clear()
            self._kept_version = version
        missing = [change for change in changes if change.number not in self._kept]
        found = {told.number: told for told in await self._told(missing)} if missing else {}
        self._kept.update((change.number, found.get(change.number)) for change in missing)
        told = [self._kept[change.number] for change in changes]
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return [one for one in told if one is not None]
