"""Two server processes on one database, each with answers in its memory: whichever is asked, nobody sees what was."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count, product
from random import Random

from tests.journeys.conftest import Company, a_link
from tests.journeys.processes import GraphQL, Parley, parley

MEETINGS = "{ meetings(first: 50) { edges { node { id title version startsAt outcome { key } host { name } } } } }"
LINKS = "{ meetingLinks(first: 20) { edges { node { id name } } } viewer { user { id name } } }"
MUTATION = "mutation ($input: {0}Input!) {{ {1}(input: $input) {{ userErrors {{ code message }} }} }}"
ROUNDS = 12

_numbers = count(1)


@dataclass
class Colleagues:
    """Two people of one account and one of another, each of them signed in to both servers."""

    dice: Random
    ines: tuple[GraphQL, GraphQL]
    others: list[tuple[GraphQL, GraphQL]]
    slug: str = ""

    async def act(self) -> None:
        """Something is done, by way of either server."""
        await self.dice.choice([self.schedule, self.schedule, self.record, self.rename, self.delete, self.edit_link])()

    async def schedule(self) -> None:
        starts = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=self.dice.randrange(1, 72))
        times = {"startsAt": starts.isoformat(), "endsAt": (starts + timedelta(minutes=30)).isoformat()}
        given = {"title": f"Meeting {next(_numbers)}", "timeZone": "Europe/Warsaw", "allowOverlap": True, **times}
        attendees = [{"address": "visitor@client.example"}]
        await self.done("scheduleMeeting", attendees=attendees, location={"kind": "PHONE", "text": "+48 1"}, **given)

    async def record(self) -> None:
        await self.with_some(lambda id: self.done("recordOutcome", meeting=id, outcome="NO_SHOW"))

    async def rename(self) -> None:
        changes = {"title": f"Renamed {next(_numbers)}"}
        await self.with_some(lambda id: self.done("editMeeting", meeting=id, changes=changes))

    async def delete(self) -> None:
        await self.with_some(lambda id: self.done("deleteMeeting", meeting=id))

    async def edit_link(self) -> None:
        (edge, *_) = (await self.ines[0].ask(LINKS))["meetingLinks"]["edges"]
        settings = {"name": f"Page {next(_numbers)}"}
        await self.done("editMeetingLink", meetingLink=edge["node"]["id"], settings=settings)

    async def with_some(self, act: Callable[[str], Awaitable[None]]) -> None:
        edges = (await self.dice.choice(self.ines).ask(MEETINGS))["meetings"]["edges"]
        if edges:
            await act(self.dice.choice(edges)["node"]["id"])

    async def done(self, field: str, **input: object) -> None:
        document = MUTATION.format(field[0].upper() + field[1:], field)
        answer = await self.dice.choice(self.ines).ask(document, input=input)
        assert answer[field]["userErrors"] == []

    async def compared(self) -> None:
        """What either server answers each of them, asked as before, is what is read for a question never asked."""
        for person, question in product([self.ines, *self.others], (MEETINGS, LINKS)):
            fresh = await self.dice.choice(person).ask(f"{question} # {next(_numbers)}")
            for server in person:
                assert [await server.ask(question), await server.ask(question)] == [fresh, fresh]


async def test_two_servers_answer_alike(company: Company) -> None:
    given = {"worker_in_process": "false", "limit_token_requests": "60000/minute", "limit_sign_in": "100/minute"}
    given["public_url"] = "http://meet.example"
    jan = await parley("create-user", "jan@fernhill.example", "--name", "Jan", database_url=company.database_url)
    people = [company, replace(company, email=jan["email"], password=jan["password"])]
    async with (
        Parley("serve", database_url=company.database_url, **given) as one,
        Parley("serve", database_url=company.database_url, **given) as two,
    ):
        signed_in = [(await person.sign_in(one.url), await person.sign_in(two.url)) for person in people]
        colleagues = Colleagues(Random(7), signed_in[0], signed_in[1:])
        await a_link(colleagues.ines[0])
        for _ in range(ROUNDS):
            await colleagues.act()
            await colleagues.compared()
        # The other server has an answer ready for this very token.
        elsewhere = GraphQL(two.url, colleagues.ines[0].headers["Authorization"].removeprefix("Bearer "))
        assert [(await elsewhere.send(MEETINGS)).status_code for _ in range(2)] == [200, 200]
        await colleagues.ines[0].ask("mutation { signOut(input: {}) { userErrors { code } } }")
        asked = [(await client.send(MEETINGS)).status_code for client in (colleagues.ines[0], elsewhere, *signed_in[1])]
    assert asked == [401, 401, 200, 200]
