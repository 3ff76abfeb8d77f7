"""An answer that is given again is the one that would be made anew; and none is ever given to somebody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import orjson

from resolvers.root import schema
from schema.context import context_for
from server import clock, database
from server.accounts.viewer import Viewer
from server.changes.data_version import data_version
from server.changes.forget import forget_old_changes
from server.changes.log import record_change
from server.models import Meeting
from server.models.enums import ChangeKind
from server.web.fastpath.executor import FastExecutor
from server.web.fastpath.kept import KeptAnswers, Moment, quarter_now
from server.web.graphql.executor import Operation
from tests.factories import a_contact, a_link, a_meeting, a_user, an_account
from tests.resolvers.asking import viewer_for
from tests.resolvers.documents import operation
from tests.server.web.fastpath.asking import Both, operation_of

START = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
ZONES = ("Europe/Warsaw", "America/New_York", "Asia/Kolkata", "Pacific/Chatham", "UTC")
PEOPLE = "{ contacts { edges { node { name company { name } } } } users { edges { node { id name } } } }"
ROTATIONS = "{ rotations { edges { node { name members { user { name } } } } } }"
ROUNDS = 200


class House:
    """One account with people in five zones, asked by way of two processes that share nothing but the database."""

    def __init__(self, dice: Random) -> None:
        self.dice, self.both = dice, Both()
        self.processes = (FastExecutor(schema), FastExecutor(schema))
        self.viewers: list[Viewer] = []
        self.meetings: list[Meeting] = []
        self.questions: list[Operation] = []
        self.now = START

    async def furnish(self) -> None:
        """Colleagues, contacts, a link and some meetings around the present."""
        account = await an_account()
        users = [await a_user(account, f"User {zone}", time_zone=zone) for zone in ZONES]
        self.viewers += [viewer_for(user, scopes=frozenset(WRITER), session_id=1) for user in users]
        self.link = await a_link(users[0], slug=f"page-{account.id}")
        for index, user in enumerate(users):
            contact = await a_contact(account, f"Contact {index}", email=f"c{index}@{account.id}.example")
            for hours in (-2, 1, 4):
                self.meetings.append(await a_meeting(user, START + timedelta(hours=hours), contact=contact))
        questions = [operation("today_tab"), operation("meeting_links_menu"), operation("profile"), PEOPLE, ROTATIONS]
        self.questions += [operation_of(text) for text in questions]
        meeting = operation("meeting")
        self.questions += [operation_of(meeting, id=f"mtg_{one.id}") for one in self.meetings[:4]]

    async def compared(self, process: FastExecutor, viewer: Viewer) -> None:
        """Whatever this process answers the viewer, kept or not, is what a plan reads at this moment."""
        for question in self.questions:
            given = await process.answer(question, context_for(viewer))
            assert given.body == await self.both.fast.body(question, context_for(viewer), {})

    async def write(self) -> None:
        """Somebody does something, or some time passes."""
        await self.dice.choice(self.acts())()

    def acts(self) -> list[Callable[[], Awaitable[object]]]:
        """What may happen."""
        of_meetings = [self.outcome, self.rename, self.move, self.cancel, self.book]
        return [*of_meetings, self.edit_link, self.rotate, self.work_less, self.wait]

    async def outcome(self) -> None:
        key = self.dice.choice(["NO_SHOW", "COMPLETED", "SCHEDULED"])
        await self.done("recordOutcome", "RecordOutcomeInput", meeting=self.some(), outcome=key)

    async def rename(self) -> None:
        """A contact has another name from the next booking on, in everybody's lists."""
        await self.book(email=f"c{self.dice.randrange(5)}@{self.viewers[0].account_id}.example")

    async def move(self) -> None:
        begins = self.now + timedelta(minutes=15 * self.dice.randrange(1, 60))
        ends = begins + timedelta(minutes=30)
        times = {"startsAt": begins.isoformat(), "endsAt": ends.isoformat(), "allowOverlap": True}
        await self.done("editMeeting", "EditMeetingInput", meeting=self.some(), changes=times)

    async def cancel(self) -> None:
        if len(self.meetings) > 8:
            gone = self.meetings.pop(self.dice.randrange(4, len(self.meetings)))
            await self.done("deleteMeeting", "DeleteMeetingInput", meeting=f"mtg_{gone.id}")

    async def book(self, email: str = "new@client.example") -> None:
        begins = datetime(
            2026, 11, 25 + self.dice.randrange(3), self.dice.randrange(8, 16), 15 * self.dice.randrange(4), tzinfo=UTC
        )
        who = {"email": email, "firstName": f"Name {self.dice.randrange(99)}", "lastName": "New"}
        await self.done("bookMeeting", "BookMeetingInput", slug=self.link.slug, startsAt=begins.isoformat(), **who)

    async def edit_link(self) -> None:
        settings = {"name": f"Page {self.dice.randrange(99)}"}
        await self.done("editMeetingLink", "EditMeetingLinkInput", meetingLink=f"lnk_{self.link.id}", settings=settings)

    async def rotate(self) -> None:
        members = [{"user": f"usr_{one.user_id}"} for one in self.dice.sample(self.viewers, 2)]
        await self.done(
            "createRotation", "CreateRotationInput", name=f"Turn {self.dice.randrange(99)}", members=members
        )

    async def work_less(self) -> None:
        """Somebody edits their profile, which colleagues see by name and themselves with its hours."""
        days = [{"date": f"2026-12-{self.dice.randrange(10, 30)}", "blocks": []}]
        changes = {"name": f"User {self.dice.randrange(99)}", "dailyLimit": self.dice.randrange(1, 9)}
        await self.done("editProfile", "EditProfileInput", changes=changes | {"dateOverrides": days})

    async def wait(self) -> None:
        """Enough for midnight to come about in one zone after the other."""
        self.now += timedelta(minutes=self.dice.choice([1, 15, 45, 90]))

    def some(self) -> str:
        return f"mtg_{self.dice.choice(self.meetings).id}"

    async def done(self, field: str, type_: str, **given: Any) -> None:
        """A mutation, by way of either process."""
        document = f"mutation ($input: {type_}!) {{ {field}(input: $input) {{ userErrors {{ code }} }} }}"
        asked = operation_of(document, input=given)
        answer = await self.dice.choice(self.processes).answer(asked, context_for(self.viewers[0]))
        assert not answer.has_errors, answer.body


WRITER = ("account:read", "contacts:read", "links:read", "links:write", "meetings:read", "meetings:write")


async def test_a_kept_answer_is_the_one_that_would_be_made_anew(db: str) -> None:
    dice = Random(db.partition(":")[0])
    houses = [House(dice), House(dice)]
    for house in houses:
        await house.furnish()
    for _ in range(ROUNDS):
        house = dice.choice(houses)
        with clock.travel(house.now):
            await house.write()
        with clock.travel(house.now):
            for process in house.processes:
                await house.compared(process, dice.choice(house.viewers))
    assert min([await data_version(house.viewers[0].account_id) for house in houses]) > ROUNDS / 10


async def test_an_answer_is_kept_for_its_viewer_and_their_rights_only(db: str) -> None:
    account = await an_account()
    ines, jan = viewer_for(await a_user(account, "Ines")), viewer_for(await a_user(account, "Jan"))
    executor, question = Both().fast, operation_of("{ viewer { user { name } scopes } }")
    told = [orjson.loads((await executor.answer(question, context_for(one))).body) for one in (ines, jan, ines)]
    assert [one["data"]["viewer"]["user"]["name"] for one in told] == ["Ines", "Jan", "Ines"]
    fewer = replace(ines, scopes=frozenset({"account:read"}))
    answer = orjson.loads((await executor.answer(question, context_for(fewer))).body)
    assert answer["data"]["viewer"]["scopes"] == ["account:read"]


async def test_forgetting_old_history_is_a_change_of_what_is_shown(db: str) -> None:
    ines = await a_user(await an_account())
    before = await data_version(ines.account_id)
    with clock.travel(START):
        async with database.transaction():
            await record_change(ChangeKind.LINK_CHANGED, account_id=ines.account_id, actor="system")
    with clock.travel(START + timedelta(days=100)):
        gone = await forget_old_changes()
    assert (gone, await data_version(ines.account_id) - before) == (1, 2)


def test_what_is_kept_has_a_bound() -> None:
    kept, moment = KeptAnswers(most_bytes=5_000), Moment(1, quarter_now())
    for key in ("one", "two", "three"):
        kept.keep(key, moment, b"x" * 100)
    assert [kept.found(key, moment) is not None for key in ("one", "two", "three")] == [False, True, True]
    assert kept.found("three", Moment(2, moment.quarter)) is None
