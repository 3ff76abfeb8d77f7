"""What a root field does besides asking its room: check the scope, and tell refusals as they should be."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
import strawberry
from graphql import GraphQLError
from strawberry.tools import create_type

from resolvers.door import mutation, query, subscription
from schema.access import PUBLIC, SIGNED_IN
from schema.context import Context, Info, context_for
from schema.payloads.base import Payload, result
from server.accounts.scopes import Scope
from server.changes.errors import ResyncRequired
from server.database.rows import BadCursor
from server.errors import Complaint, ErrorCode, Refused, Unauthenticated, refusal
from tests.resolvers.asking import program_of


@strawberry.type
class RaisePayload(Payload):
    done: bool | None = result("Whether.")


RAISED: dict[str, Exception] = {
    "refused": Refused([Complaint(ErrorCode.TIME_ZONE_INVALID, "No such zone.", ("time_zone", "0"))]),
    "forbidden": refusal(ErrorCode.FORBIDDEN, "Not yours."),
    "cursor": BadCursor("Not ours."),
    "resync": ResyncRequired(1, 2, oldest=5, latest=9),
    "ended": Unauthenticated("Sign in again."),
    "broken": ZeroDivisionError("secret detail"),
}


@query(PUBLIC, "Raises.")
async def open_to_all(info: Info, what: str) -> bool:
    raise RAISED[what]


@query(Scope.LINKS_READ, "Answers.")
async def for_links(info: Info) -> bool:
    return True


@query(SIGNED_IN, "Answers.")
async def for_tokens(info: Info) -> bool:
    return True


@mutation(PUBLIC, "Raises.")
async def raise_it(info: Info, what: str) -> RaisePayload:
    raise RAISED[what]


@subscription(Scope.BOOKINGS_READ, "Counts, then raises.")
async def counted(info: Info, what: str) -> AsyncIterator[int]:
    yield 1
    raise RAISED[what]


def a_schema() -> strawberry.Schema:
    """The doors above, and nothing else."""
    return strawberry.Schema(
        query=create_type("Query", [open_to_all, for_links, for_tokens]),
        mutation=create_type("Mutation", [raise_it]),
        subscription=create_type("Subscription", [counted]),
    )


SCHEMA = a_schema()


async def error_of(document: str, context: Context) -> GraphQLError:
    """The one error of an answer."""
    answer: Any = await SCHEMA.execute(document, context_value=context)
    (error,) = answer.errors
    found: GraphQLError = error
    return found


def test_the_scope_of_a_door_stands_in_the_sdl() -> None:
    assert 'forLinks: Boolean! @scope(requires: "links:read")' in SCHEMA.as_str()
    assert 'forTokens: Boolean! @scope(requires: "SIGNED_IN")' in SCHEMA.as_str()


@pytest.mark.parametrize(
    ("field", "scopes", "code"),
    [
        ("forLinks", None, "UNAUTHENTICATED"),
        ("forTokens", None, "UNAUTHENTICATED"),
        ("forLinks", ("meetings:read",), "FORBIDDEN"),
        ("forLinks", ("links:read",), None),
        ("forTokens", (), None),
    ],
)
async def test_a_door_opens_for_its_scope_only(field: str, scopes: tuple[str, ...] | None, code: str | None) -> None:
    context = context_for(None if scopes is None else program_of(1, *scopes))
    answer: Any = await SCHEMA.execute(f"{{ {field} }}", context_value=context)
    assert [one.extensions["code"] for one in answer.errors or ()] == ([code] if code else [])
    assert answer.data == (None if code else {field: True})


@pytest.mark.parametrize(
    ("what", "extensions"),
    [
        ("refused", {"code": "BAD_USER_INPUT", "reason": "TIME_ZONE_INVALID", "argument": ["timeZone", "0"]}),
        ("forbidden", {"code": "FORBIDDEN", "reason": "FORBIDDEN", "argument": []}),
        ("cursor", {"code": "BAD_USER_INPUT", "argument": ["after"]}),
        ("resync", {"code": "RESYNC_REQUIRED"}),
        ("ended", {"code": "UNAUTHENTICATED"}),
    ],
)
async def test_a_query_tells_what_its_room_refuses_with_a_code(what: str, extensions: dict[str, Any]) -> None:
    error = await error_of(f'{{ openToAll(what: "{what}") }}', context_for(None))
    assert error.extensions == extensions


async def test_what_is_unexpected_keeps_its_cause_for_whoever_masks_it() -> None:
    error = await error_of('{ openToAll(what: "broken") }', context_for(None))
    assert error.original_error is RAISED["broken"]
    assert "code" not in (error.extensions or {})


async def test_a_mutation_tells_refusals_in_its_payload() -> None:
    document = 'mutation { raiseIt(what: "refused") { done userErrors { code message path } } }'
    answer: Any = await SCHEMA.execute(document, context_value=context_for(None))
    complaint = {"code": "TIME_ZONE_INVALID", "message": "No such zone.", "path": ["timeZone", "0"]}
    assert (answer.data, answer.errors) == ({"raiseIt": {"done": None, "userErrors": [complaint]}}, None)


@pytest.mark.parametrize(("what", "code"), [("cursor", "BAD_USER_INPUT"), ("resync", "RESYNC_REQUIRED")])
async def test_a_mutation_tells_a_cursor_it_cannot_use_with_a_code(what: str, code: str) -> None:
    error = await error_of(f'mutation {{ raiseIt(what: "{what}") {{ done }} }}', context_for(None))
    assert error.extensions is not None
    assert error.extensions["code"] == code


async def test_a_subscription_ends_with_the_code_of_what_was_raised() -> None:
    stream: Any = await SCHEMA.subscribe(
        'subscription { counted(what: "resync") }', context_value=context_for(program_of(1, "bookings:read"))
    )
    async with aclosing(stream) as results:
        found = [one async for one in results]
    assert (found[0].data, found[0].errors) == ({"counted": 1}, None)
    assert [one.extensions["code"] for one in found[1].errors] == ["RESYNC_REQUIRED"]
