"""The very request again: the same bytes while nothing has changed, and never a word more than the long way tells."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from resolvers.root import schema
from server import clock, database, metrics
from server.accounts.api_tokens import create_api_token, revoke_api_token
from server.accounts.sessions import open_session, sign_out
from server.changes.data_version import raise_data_version
from server.models import User
from server.settings import Settings
from server.web.access_log import AccessLog
from server.web.body_limits import BodyLimits
from server.web.graphql.asked_again import AskedAgain
from server.web.graphql.documents import sha256_of
from server.web.graphql.endpoint import GraphqlEndpoint
from server.web.graphql.operations import Operations
from server.web.request_ids import RequestIds
from tests.factories import a_meeting, a_user, an_account
from tests.server.web.graphql.serving import serving
from tests.server.web.in_one_piece import InOnePiece

NAMES = "{ users { edges { node { name } } } viewer { user { name } } }"


class Server:
    """A server on the database of the test, and what it has answered the short way."""

    def __init__(self, operations: Operations, client: httpx.AsyncClient) -> None:
        self.operations, self.client = operations, client

    async def ask(self, token: str, query: str = NAMES, **headers: str) -> httpx.Response:
        """The answer to a query, sent just as the last time."""
        return await self.client.post(
            "/graphql", json={"query": query}, headers={"authorization": f"Bearer {token}", **headers}
        )


@pytest.fixture(params=["in one piece", "head and body"])
async def server(db: str, in_use: Settings, request: pytest.FixtureRequest) -> AsyncIterator[Server]:
    operations = Operations(schema, in_use)
    bounded = BodyLimits(GraphqlEndpoint(operations), most_bytes=in_use.limit_body_bytes, seconds=15)
    app = AskedAgain(RequestIds(AccessLog(bounded)), operations.rates)
    async with serving(app, in_use) as (place, _):
        transport = InOnePiece(place) if request.param == "in one piece" else None
        async with httpx.AsyncClient(base_url=f"http://{place}", transport=transport) as client:
            yield Server(operations, client)


@pytest.fixture
async def ines(db: str) -> User:
    return await a_user(await an_account(), "Ines")


async def session_of(user: User) -> str:
    async with database.transaction():
        return (await open_session(user)).access_token


def found() -> float:
    """How many answers were given again so far."""
    return float(metrics.KEPT_ANSWERS.labels("found")._value.get())


def without_its_own(answer: httpx.Response) -> dict[str, Any]:
    """Headers but for those that are of one request only."""
    own = ("x-request-id", "date", "ratelimit-remaining", "ratelimit-reset")
    return {name: value for name, value in answer.headers.items() if name not in own}


async def test_the_same_request_has_the_same_answer_and_is_counted_again(server: Server, ines: User) -> None:
    token, before = await session_of(ines), found()
    answers = [await server.ask(token) for _ in range(3)]
    assert found() - before == 2
    assert len({one.content for one in answers}) == 1
    assert without_its_own(answers[0]) == without_its_own(answers[1]) == without_its_own(answers[2])
    assert len({one.headers["x-request-id"] for one in answers}) == 3
    left = [int(one.headers["ratelimit-remaining"]) for one in answers]
    assert left == [left[0], left[0] - 1, left[0] - 2]


async def test_a_change_is_seen_at_once(server: Server, ines: User) -> None:
    token = await session_of(ines)
    await server.ask(token)
    async with database.transaction():
        await User.filter(id=ines.id).update(name="Ines Almeida")
        await raise_data_version(ines.account_id)
    assert (await server.ask(token)).json()["data"]["viewer"]["user"]["name"] == "Ines Almeida"


async def test_a_database_that_fails_is_told_as_on_the_long_way(server: Server, ines: User) -> None:
    token = await session_of(ines)
    assert [(await server.ask(token)).status_code for _ in range(3)] == [200, 200, 200]
    await database.execute("ALTER TABLE session RENAME TO session_away")
    failed = await server.ask(token)
    await database.execute("ALTER TABLE session_away RENAME TO session")
    (error,) = failed.json()["errors"]
    assert (failed.status_code, "x-request-id" in failed.headers) == (500, True)
    assert len(error["extensions"]["reference"]) == 6
    assert (await server.ask(token)).status_code == 200


async def test_another_viewer_with_the_same_request_has_their_own_answer(server: Server, ines: User) -> None:
    jan = await a_user(await an_account(), "Jan")
    tokens = [await session_of(ines), await session_of(jan)]
    told = [(await server.ask(token)).json()["data"]["viewer"]["user"]["name"] for token in tokens * 3]
    assert told == ["Ines", "Jan"] * 3


async def test_who_may_not_any_more_is_refused_at_once(server: Server, ines: User) -> None:
    token = await session_of(ines)
    other = await session_of(ines)
    api = await create_api_token(ines.account_id, name="A", scopes=["account:read"], user_id=ines.id)
    for one in (token, other, api.secret):
        assert [(await server.ask(one)).status_code for _ in range(2)] == [200, 200]
    async with database.transaction():
        signed_in = await open_session(ines)
    await sign_out(signed_in.viewer)
    assert (await server.ask(signed_in.access_token)).status_code == 401
    await revoke_api_token(ines.account_id, api.token.id)
    assert (await server.ask(api.secret)).status_code == 401
    await User.filter(id=ines.id).update(is_active=False)
    assert [(await server.ask(one)).status_code for one in (token, other)] == [401, 401]


async def test_a_token_that_ends_meanwhile_is_refused(server: Server, ines: User) -> None:
    token = await session_of(ines)
    assert [(await server.ask(token)).status_code for _ in range(2)] == [200, 200]
    clock.set_process_time(clock.now() + timedelta(minutes=20))
    try:
        assert (await server.ask(token)).status_code == 401
    finally:
        clock._process_offset = timedelta()


async def test_other_rights_have_another_answer(server: Server, ines: User) -> None:
    token = await session_of(ines)
    query = "{ viewer { role } }"
    assert [(await server.ask(token, query)).json()["data"] for _ in range(2)] == [{"viewer": {"role": "MEMBER"}}] * 2
    await User.filter(id=ines.id).update(role="ADMIN")
    assert (await server.ask(token, query)).json()["data"] == {"viewer": {"role": "ADMIN"}}


async def test_too_many_are_refused_with_their_headers(server: Server, ines: User) -> None:
    token = await session_of(ines)
    await server.ask(token)
    while True:
        answer = await server.ask(token)
        if answer.status_code != 200:
            break
        server.operations.rates._counted[next(iter(server.operations.rates._counted))].now += 500
    assert (answer.status_code, answer.headers["ratelimit-remaining"]) == (429, "0")
    assert int(answer.headers["retry-after"]) > 0


async def test_what_changes_something_is_done_each_time(server: Server, ines: User) -> None:
    token, meeting = await session_of(ines), await a_meeting(ines)
    act = 'mutation { recordOutcome(input: {meeting: "mtg_%d", outcome: "%s"}) { meeting { version } } }'
    told = [
        (await server.ask(token, act % (meeting.id, outcome))).json()["data"]["recordOutcome"]["meeting"]["version"]
        for outcome in ("NO_SHOW", "COMPLETED", "NO_SHOW")
    ]
    assert told == [2, 3, 4]


async def test_gzip_and_plain_stand_side_by_side(server: Server, ines: User) -> None:
    for number in range(30):
        await a_user(await ines.account, f"Somebody with a long name {number}")
    token = await session_of(ines)
    zipped = [await server.ask(token, **{"accept-encoding": "gzip"}) for _ in range(2)]
    plain = [await server.ask(token, **{"accept-encoding": "gzip;q=0.2, identity"}) for _ in range(2)]
    assert [one.headers.get("content-encoding") for one in zipped + plain] == ["gzip", "gzip", None, None]
    assert len({one.content for one in zipped + plain}) == 1


async def test_a_persisted_get_is_told_that_nothing_has_changed(server: Server, ines: User) -> None:
    token = await session_of(ines)
    server.operations.documents.persist([NAMES])
    asked = {"documentId": sha256_of(NAMES)}
    headers = {"authorization": f"Bearer {token}"}
    tag = (await server.client.get("/graphql", params=asked, headers=headers)).headers["etag"]
    before = found()
    answers = [
        await server.client.get("/graphql", params=asked, headers={**headers, "if-none-match": tag}) for _ in range(3)
    ]
    assert ([one.status_code for one in answers], {one.content for one in answers}) == ([304] * 3, {b""})
    assert found() - before == 3
    async with database.transaction():
        await User.filter(id=ines.id).update(name="Ines Almeida")
        await raise_data_version(ines.account_id)
    changed = await server.client.get("/graphql", params=asked, headers={**headers, "if-none-match": tag})
    assert (changed.status_code, changed.headers["etag"] != tag) == (200, True)


async def test_an_answer_with_its_cost_or_named_by_its_sender_goes_the_long_way(server: Server, ines: User) -> None:
    token = await session_of(ines)
    costs = [await server.ask(token, **{"x-cost": "1"}) for _ in range(2)]
    assert all("cost" in one.json()["extensions"] for one in costs)
    named = [await server.ask(token, **{"x-request-id": "phone-7"}) for _ in range(2)]
    assert [one.headers["x-request-id"] for one in named] == ["phone-7", "phone-7"]
