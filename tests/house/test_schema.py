"""The finished schema, under review as a whole: what holds for every field of it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    build_schema,
    get_named_type,
    is_leaf_type,
    parse,
    validate,
)

from resolvers.export import manifest_text, stale
from resolvers.root import schema
from schema.reading import reading_types
from schema.reading_check import check_reading
from server.accounts.scopes import Scope

CONTRACT = Path(__file__).parents[2] / "mobile_contract"
SDL = schema.as_str()
GRAPH = build_schema(SDL)
OURS = [
    one
    for one in GRAPH.type_map.values()
    if not one.name.startswith("__") and one.name not in ("String", "Int", "Float", "Boolean", "ID")
]
SHAPES = [one for one in OURS if isinstance(one, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType)]
ROOTS = [one for one in (GRAPH.query_type, GRAPH.mutation_type, GRAPH.subscription_type) if one is not None]
OPERATIONS = sorted((CONTRACT / "operations").glob("*.graphql"))
NEEDS_NO_KEY = {
    "signIn": "a session that nobody has the tokens of ends by itself",
    "signOut": "twice is once",
    "endSession": "twice is once",
    "changePassword": "the second time the old password is wrong, and nothing happens",
    "editProfile": "the profile is the same after the second time, and nobody is told",
    "editAccount": "the settings are the same after the second time, and nobody is told",
    "uploadLogo": "nothing is written: the address itself says what may be brought to it",
    "releaseSlot": "twice is once",
    "editMeetingLink": "the settings are the same after the second time, and nobody is told",
    "retireMeetingLink": "twice is once",
    "restoreMeetingLink": "twice is once",
    "shareMeetingLink": "nothing is written and nothing sent",
    "proposeTimes": "nothing is written and nothing sent",
    "createVisitorToken": "nothing is written and nothing sent",
    "editRotation": "the members are the same after the second time, and their counts are kept",
    "deleteRotation": "the second time there is no such rotation, and nothing happens",
    "revokeApiToken": "twice is once",
    "editObjectType": "it is called the same after the second time, and nobody is told",
    "editWebhook": "the settings are the same after the second time, and nobody is told",
    "deleteWebhook": "the second time there is no such webhook, and nothing happens",
    "editInternalNote": "the note says the same after the second time, and nobody is told again",
    "deleteInternalNote": "the second time there is no such note, and nothing happens",
    "deleteAttachment": "the second time there is no such file, and nothing happens",
    "editOutcome": "the outcome is the same after the second time, and nobody is told",
    "editMeetingType": "the type is the same after the second time, and nobody is told",
    "editSnippet": "the snippet is the same after the second time, and nobody is told",
    "editMailText": "the words are the same after the second time, and nobody is told",
    "resetMailText": "twice is once",
    "deleteVideoExtension": "the second time there is no such extension, and nothing happens",
    "editVideoAccount": "the account is the default one after the second time, and nobody is told",
    "disconnectVideo": "the second time there is no such account, and nothing happens",
    "acceptInvitation": "the second time the link opens nothing, and nothing happens",
    "requestPasswordReset": "the second link replaces the first, and is a second mail to whoever asked twice",
    "resetPassword": "the second time the link opens nothing, and nothing happens",
    "editUser": "role and seat are the same after the second time, and nobody is told",
    "reactivateUser": "twice is once",
    "unregisterDevice": "the second time there is no such device, and nothing happens",
}
"""The mutations that neither create nor send nor move anything: why each may be sent again without a key."""
SIGNS_IN = {f"Mutation.{name}" for name in ("signIn", "refreshSession", "acceptInvitation", "resetPassword")}
"""What answers with a session, and so with the user and account that it is of."""
INTERNAL = {"Meeting", "Contact", "User", "Account", "Record", "MeetingLink", "Rotation", "Attendee"}
INTERNAL |= {"InternalNote", "Mention", "Attachment", "Snippet"}
"""What no visitor gets near."""


def scope_of(field: GraphQLField) -> str:
    """What the SDL says that a root field needs."""
    assert field.ast_node is not None
    (directive,) = [one for one in field.ast_node.directives if one.name.value == "scope"]
    return str(directive.arguments[0].value.to_dict()["value"])


def root_fields() -> Iterator[tuple[str, GraphQLField]]:
    """Every field that a request can begin with."""
    for root in ROOTS:
        for name, field in root.fields.items():
            yield f"{root.name}.{name}", field


def reachable(start: GraphQLNamedType) -> set[str]:
    """The names of all types that an answer of this type may hold."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        type_ = waiting.pop()
        if type_.name in seen or is_leaf_type(type_):
            continue
        seen.add(type_.name)
        fields = type_.fields.values() if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) else ()
        waiting += [get_named_type(field.type) for field in fields]
        if isinstance(type_, GraphQLInterfaceType):
            waiting += GRAPH.get_possible_types(type_)
    return seen


def test_the_files_of_the_contract_say_what_the_schema_says() -> None:
    assert stale() == []


def test_everything_has_a_description() -> None:
    silent = [type_.name for type_ in OURS if not type_.description]
    for type_ in SHAPES:
        for name, field in type_.fields.items():
            silent += [] if field.description else [f"{type_.name}.{name}"]
            silent += [
                f"{type_.name}.{name}({key})" for key, arg in getattr(field, "args", {}).items() if not arg.description
            ]
    for type_ in OURS:
        if isinstance(type_, GraphQLEnumType):
            silent += [f"{type_.name}.{name}" for name, value in type_.values.items() if not value.description]
    assert silent == []


def test_every_scalar_of_ours_says_what_specifies_it() -> None:
    scalars = {one.name: one.specified_by_url for one in OURS if isinstance(one, GraphQLScalarType)}
    assert scalars == {
        "Date": "https://www.rfc-editor.org/rfc/rfc3339",
        "DateTime": "https://www.rfc-editor.org/rfc/rfc3339",
        "TimeZone": "https://www.iana.org/time-zones",
    }


def test_every_root_field_shows_the_scope_it_needs() -> None:
    known = {*(str(scope) for scope in Scope), "PUBLIC", "SIGNED_IN"}
    assert {name: scope_of(field) for name, field in root_fields() if scope_of(field) not in known} == {}


def test_what_visitors_may_use_is_this_and_nothing_else() -> None:
    assert {name for name, field in root_fields() if scope_of(field) == "PUBLIC"} == {
        "Query.schedulingPage",
        "Query.manageableBooking",
        "Query.bookingPayment",
        "Mutation.signIn",
        "Mutation.refreshSession",
        "Mutation.acceptInvitation",
        "Mutation.requestPasswordReset",
        "Mutation.resetPassword",
        "Mutation.holdSlot",
        "Mutation.releaseSlot",
        "Mutation.bookMeeting",
        "Mutation.rescheduleBooking",
        "Mutation.cancelBooking",
        "Mutation.performNotificationAction",
        "Subscription.availabilityChanged",
    }


def test_no_path_leads_from_a_public_field_to_what_is_internal() -> None:
    leaks = {
        name: found
        for name, field in root_fields()
        if scope_of(field) == "PUBLIC"
        and name not in SIGNS_IN
        and (found := reachable(get_named_type(field.type)) & INTERNAL)
    }
    assert leaks == {}


def test_signing_in_shows_the_viewer_and_no_meetings() -> None:
    assert GRAPH.mutation_type is not None
    assert reachable(get_named_type(GRAPH.mutation_type.fields["signIn"].type)) & INTERNAL == {"User", "Account"}


def test_every_mutation_takes_one_input_and_answers_one_payload() -> None:
    assert GRAPH.mutation_type is not None
    for name, field in GRAPH.mutation_type.fields.items():
        own = name[0].upper() + name[1:]
        (argument,) = field.args.items()
        assert (argument[0], str(argument[1].type), str(field.type)) == ("input", f"{own}Input!", f"{own}Payload!")
        payload = get_named_type(field.type)
        assert isinstance(payload, GraphQLObjectType)
        assert str(payload.fields["userErrors"].type) == "[UserError!]!"
        objects = [
            one
            for key, one in payload.fields.items()
            if not is_leaf_type(get_named_type(one.type)) and key not in ("userErrors", "alternatives")
        ]
        assert [str(one.type) for one in objects if isinstance(one.type, GraphQLNonNull)] == []


def test_every_mutation_that_creates_sends_or_moves_takes_an_idempotency_key() -> None:
    assert GRAPH.mutation_type is not None
    without = set()
    for name, field in GRAPH.mutation_type.fields.items():
        input_type = get_named_type(field.args["input"].type)
        assert isinstance(input_type, GraphQLInputObjectType)
        key = input_type.fields.get("idempotencyKey")
        if key is None:
            without.add(name)
        else:
            assert str(key.type) == "String", name
    assert without == set(NEEDS_NO_KEY)


def test_every_list_is_a_connection_or_says_its_bound() -> None:
    unbounded = []
    for type_ in SHAPES:
        for name, field in type_.fields.items():
            arguments = getattr(field, "args", {})
            for where, one in [(name, field), *((f"{name}({key})", arg) for key, arg in arguments.items())]:
                inner = one.type.of_type if isinstance(one.type, GraphQLNonNull) else one.type
                is_bounded = re.search(r"[Aa]t most ", one.description or "") or name == "edges"
                if isinstance(inner, GraphQLList) and not is_bounded:
                    unbounded.append(f"{type_.name}.{where}")
    assert unbounded == []


def test_every_connection_has_the_one_form() -> None:
    connections = [one for one in SHAPES if one.name.endswith("Connection")]
    assert connections != []
    for connection in connections:
        node = connection.name.removesuffix("Connection")
        assert {name: str(field.type) for name, field in connection.fields.items()} == {
            "edges": f"[{node}Edge!]!",
            "pageInfo": "PageInfo!",
        }
        edge = GRAPH.type_map[f"{node}Edge"]
        assert isinstance(edge, GraphQLObjectType)
        assert {name: str(field.type) for name, field in edge.fields.items()} == {
            "node": f"{node}!",
            "cursor": "String!",
        }


def test_every_field_that_answers_a_connection_takes_first_and_after() -> None:
    for name, field in root_fields():
        if get_named_type(field.type).name.endswith("Connection"):
            assert (str(field.args["first"].type), str(field.args["after"].type)) == ("Int!", "String"), name


def test_every_declaration_of_what_a_field_reads_holds() -> None:
    check_reading()
    assert len(reading_types()) >= 15


@pytest.mark.parametrize("path", OPERATIONS, ids=lambda path: path.stem)
def test_every_operation_of_the_contract_is_valid_and_named_like_its_file(path: Path) -> None:
    document = parse(path.read_text())
    (operation,) = document.definitions
    assert validate(GRAPH, document) == []
    assert operation.to_dict()["name"]["value"] == "".join(word.capitalize() for word in path.stem.split("_"))


def test_the_manifest_lists_every_operation_once() -> None:
    assert manifest_text(CONTRACT / "operations").count('"id"') == len(OPERATIONS)


def test_names_follow_the_grammar_of_the_house() -> None:
    camel, pascal = re.compile(r"[a-z][a-zA-Z0-9]*"), re.compile(r"[A-Z][a-zA-Z0-9]*")
    names = itertools.chain.from_iterable(type_.fields for type_ in SHAPES)
    assert [name for name in names if not camel.fullmatch(name)] == []
    assert [type_.name for type_ in OURS if not pascal.fullmatch(type_.name)] == []
    values = [value for one in OURS if isinstance(one, GraphQLEnumType) for value in one.values]
    assert [value for value in values if value != value.upper()] == []
