"""One account with a row of everything that has an id, and what can be asked about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from server import clock
from server.accounts.scopes import Scope
from server.accounts.viewer import Viewer
from server.changes import cursor
from server.changes.log import record_change
from server.database import transaction
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
from server.video.secrets import kept
from server.webhooks.secrets import new_secret
from tests.factories import a_contact, a_link, a_meeting, a_user, a_webhook, an_account
from tests.resolvers.asking import viewer_for

FOREIGN = "Fremdling"
"""What is in every text of the account that the others must not see."""


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


def viewers_of(world: World) -> list[Viewer]:
    """Those who may do the most: an administrator who signed in, and a program with every scope."""
    admin = viewer_for(world.admin, session_id=world.session.id)
    program = viewer_for(
        world.admin, user_id=None, role=Role.MEMBER, has_seat=False, scopes=frozenset(Scope), token_id=world.token.id
    )
    return [admin, program]
