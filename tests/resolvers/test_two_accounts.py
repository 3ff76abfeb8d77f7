"""Nothing of one account is read or changed through another: a foreign id is tried wherever one is taken."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_input_object_type,
    is_leaf_type,
    is_required_argument,
)
from strawberry.types import ExecutionResult
from tortoise import Tortoise
from tortoise.models import Model

from resolvers.root import schema
from server import clock
from server.accounts.scopes import Scope
from server.accounts.viewer import Viewer
from server.changes import cursor
from server.changes.log import record_change
from server.database import lock_hosts, transaction
from server.models import (
    ApiToken,
    Association,
    Attachment,
    Contact,
    Device,
    InternalNote,
    Job,
    LinkMember,
    Meeting,
    MeetingLink,
    ObjectType,
    Record,
    Rotation,
    RotationMember,
    Session,
    Snippet,
    User,
    VideoAccount,
    VideoExtension,
    Webhook,
)
from server.models.enums import (
    ChangeKind,
    DevicePlatform,
    JobKind,
    JobState,
    MeetingLinkKind,
    RecordKind,
    Role,
    VideoKind,
)
from server.reports.meetings import GroupBy
from server.video.secrets import kept
from server.webhooks.secrets import new_secret
from tests.factories import a_contact, a_link, a_meeting, a_user, a_webhook, an_account
from tests.resolvers.asking import asked, viewer_for

FOREIGN = "Fremdling"
UNKNOWN = "424242424242"
DEPTH = 4
Rows = dict[tuple[str, int], dict[str, Any]]
ROOTS = {"query": schema._schema.query_type, "mutation": schema._schema.mutation_type}


@dataclass(frozen=True)
class World:
    """One account with a row of everything that has an id."""

    admin: User
    colleague: User
    contact: Contact
    record: Record
    rotation: Rotation
    link: MeetingLink
    turns: MeetingLink
    meeting: Meeting
    session: Session
    token: ApiToken
    device: Device
    webhook: Webhook
    dead: Job
    note: InternalNote
    file: Attachment
    snippet: Snippet
    object_type: ObjectType
    extension: VideoExtension
    video: VideoAccount

    @property
    def ids(self) -> dict[str, str]:
        """The public id of each, by its prefix."""
        rows = {
            "acc": self.admin.account_id,
            "usr": self.colleague.id,
            "con": self.contact.id,
            "rec": self.record.id,
            "rot": self.rotation.id,
            "lnk": self.turns.id,
            "mtg": self.meeting.id,
            "ses": self.session.id,
            "tok": self.token.id,
            "dev": self.device.id,
            "whk": self.webhook.id,
            "job": self.dead.id,
            "nte": self.note.id,
            "fil": self.file.id,
            "snp": self.snippet.id,
            "oty": self.object_type.id,
            "vex": self.extension.id,
            "vac": self.video.id,
        }
        return {prefix: f"{prefix}_{number}" for prefix, number in rows.items()}

    @property
    def all_ids(self) -> set[str]:
        return {*self.ids.values(), f"usr_{self.admin.id}", f"lnk_{self.link.id}"}


async def a_world(name: str) -> World:
    """An account whose every text has `name` in it."""
    account = await an_account(f"{name} Ltd")
    admin = await a_user(account, f"{name} Admin", role=Role.ADMIN, email=f"{name}.admin@a.example".lower())
    colleague = await a_user(account, f"{name} Colleague", email=f"{name}.colleague@a.example".lower())
    record = await Record.create(account=account, kind=RecordKind.COMPANY, name=f"{name} works", owner=admin)
    contact = await a_contact(account, name, "Contact", email=f"{name}@c.example".lower(), company=record, owner=admin)
    rotation = await Rotation.create(account=account, name=f"{name} turns")
    await RotationMember.create(rotation=rotation, user=colleague, position=0)
    link = await a_link(admin, f"{name} call")
    turns = await a_link(colleague, f"{name} team", kind=MeetingLinkKind.ROUND_ROBIN, rotation=rotation)
    await LinkMember.create(link=link, user=colleague, position=0)
    trace = [{"id": colleague.id, "assigned": 0, "last_assigned": 0, "weight": 1, "standing": "PICKED"}]
    meeting = await a_meeting(
        colleague,
        clock.now() + timedelta(days=2),
        contact=contact,
        title=f"{name} meets",
        internal_notes=f"{name} notes",
        link=turns,
        rotation=rotation,
        assignment_trace=trace,
    )
    await Association.create(account=account, meeting=meeting, record=record)
    session = await Session.create(account=account, user=colleague, device_name=name, last_used_at=clock.now())
    token = await ApiToken.create(account=account, name=f"{name} token", digest=name, scopes=["meetings:read"])
    async with transaction():
        await record_change(ChangeKind.MEETING_BOOKED, account_id=account.id, meeting_id=meeting.id, actor="visitor")
    device = await Device.create(
        account=account, user=admin, session=session, platform=DevicePlatform.ANDROID, push_token=name, name=name
    )
    webhook = await a_webhook(colleague, f"https://1.1.1.1/{name}", name=name, link=turns, host=colleague)
    dead = await Job.create(
        account=account,
        kind=JobKind.CONFIRMATION_MAIL,
        meeting=meeting,
        state=JobState.DEAD,
        run_at=clock.now(),
        finished_at=clock.now(),
        last_error=f"{name} is unknown",
    )
    note = await InternalNote.create(account=account, meeting=meeting, author=admin, body=f"{name} says")
    file = await Attachment.create(
        account=account,
        meeting=meeting,
        uploader=admin,
        name=f"{name}.pdf",
        content_type="application/pdf",
        size_bytes=1,
        storage_key=f"attachments/{account.id}/{name}",
        uploaded_at=clock.now(),
    )
    snippet = await Snippet.create(account=account, shortcut=name.lower(), name=f"{name} hello", body=f"{name} writes")
    object_type = await ObjectType.create(account=account, key="press", label=name, plural_label=f"{name} presses")
    extension = await VideoExtension.create(
        account=account, name=f"{name} rooms", create_url=f"https://1.1.1.1/{name}", secret=kept([new_secret()])
    )
    video = await VideoAccount.create(
        account=account,
        user=colleague,
        kind=VideoKind.EXTENSION,
        extension=extension,
        email=colleague.email,
        external_id=name,
        is_default=True,
    )
    return World(
        admin,
        colleague,
        contact,
        record,
        rotation,
        link,
        turns,
        meeting,
        session,
        token,
        device,
        webhook,
        dead,
        note,
        file,
        snippet,
        object_type,
        extension,
        video,
    )


def own_arguments(world: World) -> dict[str, list[dict[str, Any]]]:
    """For each root field that takes an id anywhere: arguments with which it does what it is for, every id filled in;
    links once for each kind, because each kind looks at other ids."""
    links = {kind: _link_arguments(world, kind) for kind in MeetingLinkKind}
    return {
        **{name: [arguments] for name, arguments in _plain_arguments(world).items()},
        "createMeetingLink": [created for created, _ in links.values()],
        "editMeetingLink": [edited for _, edited in links.values()],
    }


def _link_arguments(world: World, kind: MeetingLinkKind) -> tuple[dict[str, Any], dict[str, Any]]:
    ids = world.ids
    people = {"kind": kind.value, "members": [ids["usr"]], "rotation": ids["rot"]}
    created = {"settings": {"name": "x"}, "owner": ids["usr"], **people}
    return {"input": created}, {"input": {"meetingLink": ids["lnk"], **people}}


def _plain_arguments(world: World) -> dict[str, dict[str, Any]]:
    ids = world.ids
    starts_at = clock.now() + timedelta(days=5)
    soon, later = f"{starts_at:%Y-%m-%dT%H:%M:%SZ}", f"{starts_at + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    attendees = [{"contact": ids["con"]}, {"user": ids["usr"]}]
    place = {"location": {"kind": "VIDEO"}, "videoAccount": ids["vac"]}
    when = {"startsAt": soon, "endsAt": later, "attendees": attendees, **place}
    filters = {"host": ids["usr"], "organizer": ids["usr"], "contact": ids["con"], "link": ids["lnk"]}
    days = {"from": f"{clock.now():%Y-%m-%d}", "to": f"{starts_at:%Y-%m-%d}"}
    known = {"host": ids["usr"], "rotation": ids["rot"], "associations": [ids["rec"], ids["con"]]}
    filtered = {"link": ids["lnk"], "host": ids["usr"], "owner": ids["usr"]}
    return {
        "meetings": {"first": 10, "filter": filters},
        "meeting": {"id": ids["mtg"]},
        "meetingLinks": {"first": 10, "owner": ids["usr"]},
        "meetingLink": {"id": ids["lnk"]},
        "hostAvailability": {"hosts": [ids["usr"]], "from": soon, "to": later},
        "assignmentTrace": {"meeting": ids["mtg"]},
        "simulateRotation": {"link": ids["lnk"], "bookings": 3, "seed": 1, "freePercent": 100},
        "user": {"id": ids["usr"]},
        "contacts": {"first": 10, "owner": f"usr_{world.admin.id}", "company": ids["rec"]},
        "timeline": {"of": ids["con"], "first": 10},
        "meetingReport": {"range": days, "groupBy": "ORGANIZER_AND_HOST", "filter": filters},
        "contact": {"id": ids["con"]},
        "record": {"id": ids["rec"]},
        "rotation": {"id": ids["rot"]},
        "node": {"id": ids["mtg"]},
        "nodes": {"ids": list(ids.values())},
        "endSession": {"input": {"session": ids["ses"]}},
        "editProfile": {"input": {"user": ids["usr"], "changes": {"jobTitle": "x"}}},
        "createApiToken": {"input": {"name": "x", "scopes": ["meetings:read"], "user": ids["usr"]}},
        "revokeApiToken": {"input": {"apiToken": ids["tok"]}},
        "retryDelivery": {"input": {"delivery": ids["job"]}},
        "unregisterDevice": {"input": {"device": ids["dev"]}},
        "scheduleMeeting": {"input": {"title": "x", **when, **known}},
        "editMeeting": {"input": {"meeting": ids["mtg"], "changes": when}},
        "recordOutcome": {"input": {"meeting": ids["mtg"], "outcome": "COMPLETED"}},
        "cancelMeeting": {"input": {"meeting": ids["mtg"]}},
        "deleteMeeting": {"input": {"meeting": ids["mtg"]}},
        "addInternalNote": {"input": {"meeting": ids["mtg"], "body": "x"}},
        "editInternalNote": {"input": {"note": ids["nte"], "body": "x"}},
        "deleteInternalNote": {"input": {"note": ids["nte"]}},
        "attachFile": {"input": {"meeting": ids["mtg"], "name": "x", "contentType": "text/plain", "sizeBytes": 1}},
        "deleteAttachment": {"input": {"attachment": ids["fil"]}},
        "editSnippet": {"input": {"snippet": ids["snp"], "name": "x"}},
        "expandSnippet": {"snippet": ids["snp"], "meeting": ids["mtg"], "contact": ids["con"]},
        "upsertContact": {"input": {"contact": ids["con"], "owner": ids["usr"], "company": ids["rec"]}},
        "upsertRecord": {"input": {"record": ids["rec"], "owner": ids["usr"]}},
        "editObjectType": {"input": {"objectType": ids["oty"], "label": "x"}},
        "associateRecords": {"input": {"meeting": ids["mtg"], "records": [ids["rec"], ids["con"]]}},
        "dissociateRecords": {"input": {"meeting": ids["mtg"], "records": [ids["rec"], ids["con"]]}},
        "duplicateMeetingLink": {"input": {"meetingLink": ids["lnk"]}},
        "retireMeetingLink": {"input": {"meetingLink": ids["lnk"]}},
        "restoreMeetingLink": {"input": {"meetingLink": ids["lnk"]}},
        "shareMeetingLink": {"input": {"meetingLink": ids["lnk"]}},
        "createVisitorToken": {"input": {"contact": ids["con"], "site": "meet.example.com"}},
        "proposeTimes": {"input": {"meetingLink": ids["lnk"], "startsAt": [_a_free_noon()]}},
        "createRotation": {"input": {"name": "x", "members": [{"user": ids["usr"]}]}},
        "editRotation": {"input": {"rotation": ids["rot"], "members": [{"user": ids["usr"]}]}},
        "deleteRotation": {"input": {"rotation": ids["rot"]}},
        "videoAccounts": {"user": ids["usr"]},
        "editVideoExtension": {"input": {"videoExtension": ids["vex"], "name": "x"}},
        "deleteVideoExtension": {"input": {"videoExtension": ids["vex"]}},
        "connectVideo": {"input": {"extension": ids["vex"], "user": ids["usr"]}},
        "editVideoAccount": {"input": {"videoAccount": ids["vac"]}},
        "disconnectVideo": {"input": {"videoAccount": ids["vac"]}},
        "resendInvitation": {"input": {"user": ids["usr"]}},
        "editUser": {"input": {"user": ids["usr"], "hasSeat": True}},
        "deactivateUser": {"input": {"user": ids["usr"], "handOverTo": f"usr_{world.admin.id}"}},
        "reactivateUser": {"input": {"user": ids["usr"]}},
        "handOverMeetings": {"input": {"from": ids["usr"], "to": f"usr_{world.admin.id}"}},
        "webhook": {"id": ids["whk"]},
        "webhookDeliveries": {"webhook": ids["whk"], "first": 10},
        "previewMailText": {"kind": "BOOKED", "locale": "en", "meeting": ids["mtg"]},
        "sendMailTextToMe": {"input": {"kind": "BOOKED", "locale": "en", "meeting": ids["mtg"]}},
        "createWebhook": {"input": {"name": "x", "url": "https://1.1.1.1/", **filtered}},
        "editWebhook": {"input": {"webhook": ids["whk"], **filtered}},
        "deleteWebhook": {"input": {"webhook": ids["whk"]}},
        "rotateWebhookSecret": {"input": {"webhook": ids["whk"]}},
        "testWebhook": {"input": {"webhook": ids["whk"]}},
        "replayWebhook": {"input": {"webhook": ids["whk"], "after": cursor.write(0)}},
    }


def _a_free_noon() -> str:
    """A Monday's noon, some days after the meeting of the world."""
    day = clock.now() + timedelta(days=4)
    return f"{day + timedelta(days=-day.weekday() % 7):%Y-%m-%dT11:00:00Z}"


def id_places() -> dict[str, set[str]]:
    """Where the root fields take an id: the paths of each, such as `input.attendees.contact`."""
    found = {}
    for root in ROOTS.values():
        assert root is not None
        for name, field in root.fields.items():
            paths = {path for one, argument in field.args.items() for path in _paths(argument.type, one)}
            if paths:
                found[name] = paths
    return found


def _paths(type_: Any, path: str) -> Iterator[str]:
    named = get_named_type(type_)
    if named.name == "ID":
        yield path
    elif is_input_object_type(named):
        for name, inner in named.fields.items():
            yield from _paths(inner.type, f"{path}.{name}")


def _given(value: Any, path: str = "") -> Iterator[str]:
    """The paths at which arguments hold an id."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _given(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for one in value:
            yield from _given(one, path)
    elif isinstance(value, str) and value[3:4] == "_" and value[4:].isdigit():
        yield path


def with_id_at(arguments: dict[str, Any], path: str, id: str) -> dict[str, Any]:
    """The arguments with the id at that path replaced; in a list every one of them."""
    changed = copy.deepcopy(arguments)
    _replace(changed, path.split("."), id)
    return changed


def _replace(value: Any, steps: list[str], id: str) -> None:
    if isinstance(value, list):
        for one in value:
            _replace(one, steps, id)
        return
    first, *rest = steps
    if first not in value:
        return
    if rest:
        _replace(value[first], rest, id)
    else:
        value[first] = [id] if isinstance(value[first], list) else id


def document_for(name: str) -> str:
    """The operation that asks the root field for all there is, four levels deep."""
    kind, root = next((kind, root) for kind, root in ROOTS.items() if root is not None and name in root.fields)
    field = root.fields[name]
    declared = ", ".join(f"${one}: {argument.type}" for one, argument in field.args.items())
    passed = ", ".join(f"{one}: ${one}" for one in field.args)
    return f"{kind} ({declared}) {{ {name}({passed}) {_selection(get_named_type(field.type), DEPTH)} }}"


def _selection(type_: GraphQLNamedType, depth: int, alias: str = "") -> str:
    if is_leaf_type(type_):
        return ""
    if isinstance(type_, GraphQLInterfaceType):
        kinds = schema._schema.get_possible_types(type_)
        return "{ " + " ".join(f"... on {one} {_selection(one, depth, f'{one}_')}" for one in kinds) + " }"
    assert isinstance(type_, GraphQLObjectType)
    parts = ["__typename"]
    for name, field in type_.fields.items():
        if any(is_required_argument(one) for one in field.args.values()):
            continue
        inner = get_named_type(field.type)
        if is_leaf_type(inner) or depth > 1:
            parts.append(f"{alias}{name}: {name} {_selection(inner, depth - 1)}")
    return f"{{ {' '.join(parts)} }}"


async def everything() -> Rows:
    """Every row there is, by table and number."""
    found = {}
    for model in Tortoise.apps["models"].values():
        for row in await model.all().values():
            found[(model._meta.db_table, row["id"])] = row
    return found


def of_account(rows: Rows, account_id: int) -> Rows:
    """Those of the rows that belong to an account."""
    return {key: row for key, row in rows.items() if _owner(rows, key) == account_id}


def _owner(rows: Rows, key: tuple[str, int]) -> int | None:
    table, row = key[0], rows[key]
    if table == "account":
        return key[1]
    if "account_id" in row:
        return int(row["account_id"])
    parent = {"link_member": "link", "link_slug": "link", "rotation_member": "rotation", "refresh_token": "session"}
    held = {"link": "meeting_link"}.get(parent[table], parent[table])
    return _owner(rows, (held, row[f"{parent[table]}_id"]))


def strangers(rows: Rows) -> list[str]:
    """The columns that point from one account into another."""
    found = []
    models: dict[str, type[Model]] = {model._meta.db_table: model for model in Tortoise.apps["models"].values()}
    for (table, number), row in rows.items():
        for name in models[table]._meta.fk_fields:
            target: Any = models[table]._meta.fields_map[name]
            there = (target.related_model._meta.db_table, row[f"{name}_id"])
            if there[1] is not None and _owner(rows, there) != _owner(rows, (table, number)):
                found.append(f"{table}.{name}")
    return found


def viewers_of(world: World) -> list[Viewer]:
    """Those who may do the most: an administrator who signed in, and a program with every scope."""
    admin = viewer_for(world.admin, session_id=world.session.id)
    program = viewer_for(
        world.admin, user_id=None, role=Role.MEMBER, has_seat=False, scopes=frozenset(Scope), token_id=world.token.id
    )
    return [admin, program]


@pytest.mark.parametrize("name", sorted(id_places()))
async def test_a_foreign_id_answers_as_an_unknown_one(db: str, name: str) -> None:
    own, foreign = await a_world("Heimer"), await a_world(FOREIGN)
    document = document_for(name)
    before = of_account(await everything(), foreign.admin.account_id)
    for viewer, arguments, path in product(viewers_of(own), own_arguments(own)[name], sorted(id_places()[name])):
        for prefix, id in foreign.ids.items():
            told = await asked(document, viewer, **with_id_at(arguments, path, id))
            made_up = await asked(document, viewer, **with_id_at(arguments, path, f"{prefix}_{UNKNOWN}"))
            assert FOREIGN.lower() not in _text(told).lower(), (path, id)
            assert not [one for one in foreign.all_ids if f'"{one}"' in _text(told)], (path, id)
            assert _refusal(told, name) == _refusal(made_up, name), (path, id)
    after = await everything()
    assert of_account(after, foreign.admin.account_id) == before
    assert strangers(after) == []


def _text(told: ExecutionResult) -> str:
    return json.dumps([told.data, [str(one) for one in told.errors or ()]])


def _refusal(told: ExecutionResult, name: str) -> Any:
    """What tells a caller whether there is such a thing: the complaints of an act, the whole answer to a question."""
    assert told.data is not None or told.errors
    payload = (told.data or {}).get(name)
    complaints = payload.get("userErrors") if isinstance(payload, dict) and "userErrors" in payload else payload
    return complaints, [(one.message, one.extensions and one.extensions.get("code")) for one in told.errors or ()]


@pytest.mark.parametrize("name", sorted(id_places()))
async def test_the_same_with_own_ids_is_done(db: str, name: str) -> None:
    """Otherwise the test above would prove nothing."""
    own = await a_world("Heimer")
    if name == "deleteRotation":
        await MeetingLink.filter(rotation=own.rotation).update(retired_at=clock.now())
    for arguments in own_arguments(own)[name]:
        told = await asked(document_for(name), viewers_of(own)[0], **arguments)
        assert told.data is not None
        assert told.data[name]
        assert _refusal(told, name)[1] == []
        assert "userErrors" not in told.data[name] or told.data[name]["userErrors"] == []


async def test_no_id_is_left_out(db: str) -> None:
    given = {
        name: {path for arguments in several for path in _given(arguments)}
        for name, several in own_arguments(await a_world("Heimer")).items()
    }
    assert given == id_places()


async def test_a_foreign_cursor_opens_no_foreign_log(db: str) -> None:
    own, foreign = await a_world("Heimer"), await a_world(FOREIGN)
    async with transaction():
        meeting = foreign.meeting
        await record_change(
            ChangeKind.MEETING_EDITED, account_id=meeting.account_id, meeting_id=meeting.id, actor="system"
        )
    for number in (0, 1, 2, 3):
        for name in ("changes", "todaySync"):
            argument = {"changes": "after", "todaySync": "since"}[name]
            told = await asked(document_for(name), viewers_of(own)[0], **{"first": 50, argument: cursor.write(number)})
            assert FOREIGN.lower() not in json.dumps(told.data).lower()


SHOWN = """query ($text: String!, $range: ReportRange!, $by: GroupBy!, $con: ID!, $rec: ID!) {
  contacts(search: $text) { edges { node { id } } } records(search: $text) { edges { node { id } } }
  objectTypes { label } meetingReport(range: $range, groupBy: $by) { rows { key label count } totals { count } }
  ofContact: timeline(of: $con) { edges { node { at } } } ofRecord: timeline(of: $rec) { edges { node { at } } } }"""


@pytest.mark.capability("S2-52")
async def test_searches_timelines_and_reports_show_the_own_account_only(db: str) -> None:
    """Two accounts with twins of everything: looked for by the other's name, and counted beside it."""
    own, foreign = await a_world("Heimer"), await a_world(FOREIGN)
    days = {"from": f"{clock.now():%Y-%m-%d}", "to": f"{clock.now() + timedelta(days=9):%Y-%m-%d}"}
    about = {"con": foreign.ids["con"], "rec": foreign.ids["rec"], "range": days}
    for viewer, by in product(viewers_of(own), GroupBy):
        # Where a word begins, inside one, and spelt almost so.
        for text in (FOREIGN[:2], FOREIGN, FOREIGN[2:], f"{FOREIGN[:-2]}lg", "Contact"):
            told = await asked(SHOWN, viewer, text=text, by=by.value, **about)
            assert told.errors is None
            assert told.data is not None
            assert FOREIGN.lower() not in _text(told).lower(), (text, by)
            assert not [one for one in foreign.all_ids if f'"{one}"' in _text(told)], (text, by)
            assert told.data["meetingReport"]["totals"] == {"count": 1}
            assert told.data["ofContact"] == told.data["ofRecord"] == {"edges": []}
    own_ones = await asked(SHOWN, viewers_of(own)[0], text="heimer", by="HOST", **about)
    assert own_ones.data is not None
    assert [edge["node"]["id"] for edge in own_ones.data["contacts"]["edges"]] == [own.ids["con"]]
    assert [edge["node"]["id"] for edge in own_ones.data["records"]["edges"]] == [own.ids["rec"]]


async def test_a_foreign_page_is_not_explained(db: str) -> None:
    own, foreign = await a_world("Heimer"), await a_world(FOREIGN)
    starts_at = f"{clock.now() + timedelta(days=5):%Y-%m-%dT%H:%M:%SZ}"
    for viewer in viewers_of(own):
        told = await asked(document_for("explainSlot"), viewer, slug=foreign.link.slug, startsAt=starts_at)
        unknown = await asked(document_for("explainSlot"), viewer, slug="nowhere", startsAt=starts_at)
        assert _refusal(told, "explainSlot") == _refusal(unknown, "explainSlot")


# Only PostgreSQL locks rows; SQLite has one writer, for whom everybody waits.
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("name", ["scheduleMeeting", "editMeeting", "deleteMeeting", "editMeetingLink", "editRotation"])
async def test_nobody_waits_for_what_a_foreign_account_has_locked(db: str, name: str) -> None:
    own, foreign = await a_world("Heimer"), await a_world(FOREIGN)
    is_locked, may_end = asyncio.Event(), asyncio.Event()

    async def busy() -> None:
        async with transaction():
            await lock_hosts([foreign.admin.id, foreign.colleague.id])
            for row in (foreign.meeting, foreign.turns, foreign.rotation):
                await type(row).filter(id=row.pk).select_for_update(no_key=True).get()
            is_locked.set()
            await may_end.wait()

    holding = asyncio.create_task(busy())
    await is_locked.wait()
    arguments = own_arguments(own)[name][0]
    for path in id_places()[name]:
        for id in foreign.ids.values():
            async with asyncio.timeout(5):
                await asked(document_for(name), viewers_of(own)[0], **with_id_at(arguments, path, id))
    may_end.set()
    await holding
