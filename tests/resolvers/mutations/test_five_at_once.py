"""R2: every mutation sent five times at once under one key has one effect and five equal answers.

The list of mutations is the schema's: a new one needs a case here, or a reason why it takes no key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from graphql import print_ast
from tortoise import Tortoise

from resolvers.root import schema
from schema.context import context_for
from server import clock, database
from server.accounts.create import create_user
from server.accounts.sign_in import sign_in
from server.accounts.viewer import Viewer
from server.booking.manage_link import manage_token_of
from server.changes import cursor
from server.models import Job, VideoExtension
from server.models.enums import JobKind, JobState, NotificationActionKind, Role
from server.notifications.action_tokens import offer
from server.video.secrets import kept
from server.web.fastpath.acts import takes_key
from server.web.fastpath.executor import FastExecutor
from server.web.fastpath.whole import whole_field
from server.webhooks.secrets import new_secret
from tests.factories import a_contact, a_link, a_meeting, a_user, a_webhook, an_account
from tests.server.web.fastpath.asking import operation_of

SUNDAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TEN, ELEVEN = "2026-11-24T10:00:00Z", "2026-11-24T11:00:00Z"
PASSWORD = "amber-heron-fern-42"


@dataclass(frozen=True)
class World:
    """One account, with an admin and one of everything that a mutation may be about."""

    viewer: Viewer
    slug: str
    meeting: str
    contact: str
    link: str
    user: str
    colleague: str
    invited: str
    extension: str
    manage_token: str
    refresh_token: str
    webhook: str
    dead: str
    button: str


Sent = Callable[[World], dict[str, Any]]

CASES: Mapping[str, Sent] = {
    "refreshSession": lambda world: {"refreshToken": world.refresh_token},
    "createApiToken": lambda world: {"name": "Importer", "scopes": ["meetings:read"]},
    "holdSlot": lambda world: {"slug": world.slug, "startsAt": TEN},
    "bookMeeting": lambda world: {
        "slug": world.slug,
        "startsAt": TEN,
        "email": "m@client.example",
        "firstName": "Maja",
        "lastName": "Nowak",
    },
    "rescheduleBooking": lambda world: {"token": world.manage_token, "startsAt": TEN},
    "cancelBooking": lambda world: {"token": world.manage_token, "reason": "Ill"},
    "scheduleMeeting": lambda world: {
        "title": "Pilot",
        "startsAt": TEN,
        "endsAt": ELEVEN,
        "attendees": [{"contact": world.contact}],
        "reminders": [{"amount": 1, "unit": "HOURS"}],
    },
    "editMeeting": lambda world: {"meeting": world.meeting, "changes": {"title": "Renamed", "startsAt": TEN}},
    "recordOutcome": lambda world: {"meeting": world.meeting, "outcome": "COMPLETED", "expectedVersion": 1},
    "deleteMeeting": lambda world: {"meeting": world.meeting},
    "associateRecords": lambda world: {"meeting": world.meeting, "records": [world.contact]},
    "dissociateRecords": lambda world: {"meeting": world.meeting, "records": [world.contact]},
    "createMeetingLink": lambda world: {"kind": "PERSONAL", "settings": {"name": "Intro"}},
    "duplicateMeetingLink": lambda world: {"meetingLink": world.link},
    "createRotation": lambda world: {"name": "Sales", "members": [{"user": world.user}]},
    "createWebhook": lambda world: {"name": "Front desk", "url": f"https://1.1.1.1/{world.slug}"},
    "rotateWebhookSecret": lambda world: {"webhook": world.webhook},
    "testWebhook": lambda world: {"webhook": world.webhook},
    "replayWebhook": lambda world: {"webhook": world.webhook, "after": cursor.write(0)},
    "registerDevice": lambda world: {"platform": "ANDROID", "pushToken": f"token-of-{world.slug}"},
    "performNotificationAction": lambda world: {"token": world.button, "outcome": "COMPLETED"},
    "retryDelivery": lambda world: {"delivery": world.dead},
    "cancelMeeting": lambda world: {"meeting": world.meeting, "reason": "Ill"},
    "addInternalNote": lambda world: {"meeting": world.meeting, "body": f"They were late, @[{world.colleague}]."},
    "attachFile": lambda world: {
        "meeting": world.meeting,
        "name": "plan.pdf",
        "contentType": "application/pdf",
        "sizeBytes": 3,
    },
    "createOutcome": lambda world: {"label": "Left early"},
    "createMeetingType": lambda world: {"label": "Demo"},
    "createSnippet": lambda world: {"shortcut": "hi", "name": "Hello", "body": "<p>Hello</p>"},
    "upsertContact": lambda world: {"email": f"zofia@{world.slug}.example", "lastName": "Lis"},
    "upsertRecord": lambda world: {"kind": "DEAL", "name": "New roof"},
    "createObjectType": lambda world: {"key": "press", "label": "Press", "pluralLabel": "Presses"},
    "sendMailTextToMe": lambda world: {"kind": "BOOKED", "locale": "en"},
    "inviteUser": lambda world: {"email": f"jan@{world.slug}.example", "name": "Jan"},
    "resendInvitation": lambda world: {"user": world.invited},
    "handOverMeetings": lambda world: {"from": world.user, "to": world.colleague},
    "deactivateUser": lambda world: {"user": world.colleague, "handOverTo": world.user},
    "createVideoExtension": lambda world: {"name": "Rooms", "createUrl": "https://1.1.1.1/rooms"},
    "editVideoExtension": lambda world: {"videoExtension": world.extension, "rotateSecret": True},
    "connectVideo": lambda world: {"extension": world.extension},
    "renewCalendarFeed": lambda world: {},
}

WITHOUT_A_KEY: Mapping[str, str] = {
    "signIn": "each is a session of its own; a token that got lost ends by itself",
    "signOut": "ended twice is ended",
    "endSession": "ended twice is ended",
    "changePassword": "the second finds the old password wrong, and nothing is lost",
    "editProfile": "it sets, and set twice is set",
    "editAccount": "it sets, and set twice is set",
    "uploadLogo": "nothing is written before the bytes are brought, and those brought twice are the same",
    "revokeApiToken": "revoked twice is revoked",
    "releaseSlot": "released twice is released",
    "editMeetingLink": "it sets, and set twice is set",
    "retireMeetingLink": "retired twice is retired",
    "editRotation": "it sets, and set twice is set",
    "deleteRotation": "deleted twice is deleted",
    "editWebhook": "it sets, and set twice is set",
    "deleteWebhook": "deleted twice is deleted",
    "unregisterDevice": "unregistered twice is unregistered",
    "editOutcome": "it sets, and set twice is set",
    "editMeetingType": "it sets, and set twice is set",
    "editObjectType": "it sets, and set twice is set",
    "editSnippet": "it sets, and set twice is set",
    "editMailText": "it sets, and set twice is set",
    "resetMailText": "reset twice is reset",
    "editInternalNote": "it sets, and set twice is set",
    "deleteInternalNote": "deleted twice is deleted",
    "deleteAttachment": "deleted twice is deleted",
    "restoreMeetingLink": "restored twice is restored",
    "shareMeetingLink": "it writes nothing",
    "proposeTimes": "it writes nothing",
    "createVisitorToken": "it writes nothing; each is as good as the other",
    "editUser": "it sets, and set twice is set",
    "reactivateUser": "reactivated twice is active",
    "requestPasswordReset": "only the link of the last one opens anything",
    "resetPassword": "the link opens once",
    "acceptInvitation": "the link opens once",
    "editVideoAccount": "it sets, and set twice is set",
    "disconnectVideo": "disconnected twice is disconnected",
    "deleteVideoExtension": "deleted twice is deleted",
}


async def a_world(name: str) -> World:
    account = await an_account(name)
    address = f"{name.lower()}@linden.example"
    ada = await create_user(account.id, email=address, name=f"{name} Admin", password=PASSWORD, role=Role.ADMIN)
    colleague = await a_user(account, "Jan Lis", email=f"jan.lis@{name.lower()}.example")
    invited = await a_user(account, "Ola Wrona", email=f"ola@{name.lower()}.example", password_hash=None)
    extension = await VideoExtension.create(
        account=account, name="Huts", create_url="https://1.1.1.1/huts", secret=kept([new_secret()])
    )
    link = await a_link(ada, slug=name.lower())
    contact = await a_contact(account, email=f"tomasz@{name.lower()}.example")
    starts_at = SUNDAY + timedelta(days=3)
    meeting = await a_meeting(ada, starts_at, contact=contact, link=link, minutes=30)
    signed_in = await sign_in(address, PASSWORD, device_name="Phone")
    webhook = await a_webhook(ada, f"https://1.1.1.1/{name}")
    notice, dead = [
        await Job.create(account=account, kind=kind, meeting=meeting, state=state, run_at=SUNDAY, finished_at=SUNDAY)
        for kind, state in ((JobKind.PUSH, JobState.DONE), (JobKind.REMINDER_MAIL, JobState.DEAD))
    ]
    kind, until = NotificationActionKind.SET_OUTCOME, SUNDAY + timedelta(days=4)
    return World(
        viewer=signed_in.viewer,
        slug=name.lower(),
        meeting=f"mtg_{meeting.id}",
        contact=f"con_{contact.id}",
        link=f"lnk_{link.id}",
        user=f"usr_{ada.id}",
        colleague=f"usr_{colleague.id}",
        invited=f"usr_{invited.id}",
        extension=f"vex_{extension.id}",
        manage_token=manage_token_of(meeting),
        refresh_token=signed_in.refresh_token,
        webhook=f"whk_{webhook.id}",
        dead=f"job_{dead.id}",
        button=(await offer(kind, notice, user_id=ada.id, expires_at=until)).token,
    )


def asking_for_everything(name: str) -> str:
    """A document with all that the payload tells without arguments."""
    root = schema._schema.mutation_type
    assert root is not None
    _, chosen = whole_field(schema._schema, root, name)
    kind = root.fields[name].args["input"].type
    return f"mutation ($input: {kind}) {{ {name}(input: $input) {print_ast(chosen.node).removeprefix(name)} }}"


async def rows_there() -> dict[str, int]:
    """How many rows there are of everything."""
    tables = sorted(model._meta.db_table for model in (Tortoise.apps or {})["models"].values())
    return {table: int((await database.fetch(f'SELECT COUNT(*) FROM "{table}"'))[0][0]) for table in tables}


async def answers(executor: FastExecutor, name: str, world: World, times: int) -> list[bytes]:
    """What it is answered that many times, all asked at once."""
    operation = operation_of(asking_for_everything(name), input=CASES[name](world) | {"idempotencyKey": "k-1"})
    asked = (executor.answer(operation, context_for(world.viewer)) for _ in range(times))
    return [answer.body for answer in await asyncio.gather(*asked)]


def difference(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    return {table: after[table] - before[table] for table in after if after[table] != before[table]}


def test_every_mutation_has_a_case_or_a_reason() -> None:
    root = schema._schema.mutation_type
    assert root is not None
    keyed = {name for name, field in root.fields.items() if takes_key(field)}
    assert set(CASES) == keyed
    assert set(WITHOUT_A_KEY) == set(root.fields) - keyed


@pytest.mark.parametrize("name", CASES)
async def test_five_at_once_have_the_effect_of_one_and_equal_answers(db: str, name: str) -> None:
    executor = FastExecutor(schema)
    with clock.travel(SUNDAY):
        one, five = await a_world("One"), await a_world("Five")
        start = await rows_there()
        (single,) = await answers(executor, name, one, 1)
        between = await rows_there()
        told = await answers(executor, name, five, 5)
        end = await rows_there()
        assert orjson.loads(single)["data"][name]["userErrors"] == []
        assert set(told) == {told[0]}
        assert orjson.loads(told[0])["data"][name]["userErrors"] == []
        assert difference(between, end) == difference(start, between)
        assert await answers(executor, name, five, 1) == told[:1]


@pytest.mark.parametrize("name", sorted(set(CASES) - {"refreshSession"}))
async def test_replay_by_another_process_is_the_first_answer(db: str, name: str) -> None:
    with clock.travel(SUNDAY):
        world = await a_world("One")
        first = await answers(FastExecutor(schema), name, world, 1)
    with clock.travel(SUNDAY + timedelta(hours=24)):
        assert await answers(FastExecutor(schema), name, world, 1) == first
