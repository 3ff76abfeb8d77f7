"""Who gets how far at which root field: each of them asked by everybody. The reviewed table is beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from datetime import timedelta
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLField,
    get_named_type,
    get_nullable_type,
    is_enum_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
    is_required_input_field,
)

from schema.context import context_for
from server import clock
from server.accounts.viewer import Viewer
from server.booking.manage_link import manage_token_of
from server.models import Session, User
from server.models.enums import Role
from tests.factories import a_user
from tests.resolvers.asking import program_of, schema, viewer_for
from tests.resolvers.world import World, own_arguments

TABLE = Path(__file__).with_name("rights.txt")
CALLERS = ("visitor", "guest", "narrow", "member", "host", "admin", "foreign")
ROOTS = {
    "query": schema._schema.query_type,
    "mutation": schema._schema.mutation_type,
    "subscription": schema._schema.subscription_type,
}
# What is said to the caller and not about what they sent.
_CLOSED = ("UNAUTHENTICATED", "FORBIDDEN", "SEAT_REQUIRED")


def fields() -> dict[str, tuple[str, GraphQLField]]:
    """Every root field, with the kind of operation it belongs to."""
    return {name: (kind, field) for kind, root in ROOTS.items() if root for name, field in root.fields.items()}


def table() -> dict[str, dict[str, str]]:
    """The reviewed table: what each caller meets at each root field."""
    lines = [line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return {name: dict(zip(CALLERS, words, strict=True)) for name, *words in lines}


def written(found: Mapping[str, Mapping[str, str]]) -> str:
    """The table as its file holds it."""
    heading = f"# {'root field':<32} " + " ".join(f"{one:<16}" for one in CALLERS)
    lines = [f"{name:<34} " + " ".join(f"{row[one]:<16}" for one in CALLERS) for name, row in sorted(found.items())]
    return "\n".join(line.rstrip() for line in (heading, *lines)) + "\n"


async def callers_of(own: World, foreign: World) -> dict[str, Viewer | None]:
    """Everybody who may come to the account of `own`."""
    account = await own.admin.account
    mere = await a_user(account, "Mere Member", role=Role.MEMBER, email=f"mere.{account.id}@a.example")
    return {
        "visitor": None,
        "guest": None,
        "narrow": program_of(account.id, "schema:introspect"),
        "member": await _signed_in(mere),
        "host": viewer_for(await User.get(id=own.colleague.id), session_id=own.session.id),
        "admin": await _signed_in(own.admin),
        "foreign": await _signed_in(foreign.admin),
    }


async def _signed_in(user: User) -> Viewer:
    session = await Session.create(account_id=user.account_id, user=user, device_name="x", last_used_at=clock.now())
    return viewer_for(user, session_id=session.id)


class Scene:
    """An account that nobody has touched, and everybody who may come to it; made when it is asked for, and made anew
    after somebody got through to change something."""

    def __init__(self, makes_world: Callable[[], Awaitable[World]], foreign: World) -> None:
        self._makes_world, self._foreign = makes_world, foreign
        self._set: tuple[World, dict[str, Viewer | None]] | None = None

    async def untouched(self) -> tuple[World, dict[str, Viewer | None]]:
        if self._set is None:
            own = await self._makes_world()
            self._set = own, await callers_of(own, self._foreign)
        return self._set

    def is_touched(self) -> None:
        self._set = None


async def row_of(name: str, scene: Scene) -> dict[str, str]:
    """What each caller meets at the root field."""
    kind, field = fields()[name]
    row = {}
    for who in CALLERS:
        own, callers = await scene.untouched()
        row[who] = await _met(kind, name, field, arguments_for(name, field, own, who), callers[who])
        if kind == "mutation" and row[who] == "opens":
            scene.is_touched()
    return row


def arguments_for(name: str, field: GraphQLField, own: World, who: str) -> dict[str, Any]:
    """Arguments that make sense, with ids of `own`; a guest has the token of the booking, others have made one up."""
    given = own_arguments(own).get(name, [{}])[0]
    token = manage_token_of(own.meeting) if who == "guest" else "1-made-up"
    made = {one: _value(one, arg.type, own, token) for one, arg in field.args.items() if is_required_argument(arg)}
    return made | given


def _value(name: str, type_: Any, own: World, token: str) -> Any:
    inner = get_nullable_type(type_)
    if is_list_type(inner):
        return [_value(name, inner.of_type, own, token)]
    if is_input_object_type(inner):
        wanted = {key: one for key, one in inner.fields.items() if is_required_input_field(one)}
        return {key: _value(key, one.type, own, token) for key, one in wanted.items()}
    if is_enum_type(inner):
        return next(iter(inner.values))
    return _leaf(name, get_named_type(inner).name, own, token)


def _leaf(name: str, type_: str, own: World, token: str) -> Any:
    soon = clock.now() + timedelta(days=5)
    texts = {"slug": own.link.slug, "token": token, "email": "x@client.example", "url": "https://example.com/hook"}
    made = {
        "ID": next(iter(own.ids.values())),
        "Int": 30,
        "Float": 1.0,
        "Boolean": False,
        "Date": f"{soon:%Y-%m-%d}",
        "DateTime": f"{soon:%Y-%m-%dT%H:00:00Z}",
        "TimeZone": "Europe/Warsaw",
    }
    return made.get(type_, texts.get(name, "xxxxxxxx"))


async def _met(kind: str, name: str, field: GraphQLField, given: dict[str, Any], viewer: Viewer | None) -> str:
    declared = ", ".join(f"${one}: {field.args[one].type}" for one in given)
    passed = ", ".join(f"{one}: ${one}" for one in given)
    head = f"{kind}({declared})" if given else kind
    document = f"{head} {{ {name}{f'({passed})' if given else ''}{_selection(field)} }}"
    if kind == "subscription":
        return await _heard(document, given, viewer)
    told: Any = await schema.execute(document, variable_values=given, context_value=context_for(viewer))
    return _word(told.data and told.data.get(name), told.errors)


async def _heard(document: str, given: dict[str, Any], viewer: Viewer | None) -> str:
    stream: Any = await schema.subscribe(document, given, context_value=context_for(viewer))
    if not hasattr(stream, "__anext__"):
        return _word(None, stream.errors)
    async with aclosing(stream):
        try:
            told = await asyncio.wait_for(anext(stream), 0.1)
        except TimeoutError:
            return "opens"
    return _word(None, told.errors)


def _selection(field: GraphQLField) -> str:
    type_: Any = get_named_type(field.type)
    if is_leaf_type(type_):
        return ""
    return " { userErrors { code } }" if "userErrors" in getattr(type_, "fields", {}) else " { __typename }"


def _word(value: Any, errors: Any) -> str:
    """`opens`, `null` for what is not there, `refused` for arguments of a question that do not fit, or the code with
    which the caller is turned away."""
    codes = [(one.extensions or {}).get("code") for one in errors or ()]
    codes += [one["code"] for one in value.get("userErrors") or ()] if isinstance(value, dict) else []
    closed = [one for one in codes if one in _CLOSED]
    if closed:
        return str(closed[0])
    if None in codes:
        raise AssertionError([str(one) for one in errors or ()])
    if "NOT_FOUND" in codes or "LINK_NOT_FOUND" in codes or (value is None and not codes):
        return "null"
    return "refused" if "BAD_USER_INPUT" in codes else "opens"
