"""What only the team writes is put everywhere it can be, and looked for in everything that leaves the house (S2-23)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import GraphQLField

from resolvers.root import schema
from schema.access import PUBLIC
from server import clock, settings
from server.accounts.calendar_feed import feed_url
from server.booking.manage_link import manage_token_of
from server.deliveries.notice import notice_for
from server.deliveries.webhook_body import change_body
from server.meetings.cancel import cancel
from server.meetings.delete import delete
from server.meetings.edit import MeetingEdit, edit
from server.meetings.expected import Expected
from server.meetings.facts import meeting_facts
from server.meetings.notes import add_internal_note, edit_internal_note
from server.meetings.outcomes import record_outcome
from server.meetings.schedule import schedule
from server.models import Change, Contact, Device, Job, Meeting, MeetingLink, Session, User
from server.models.enums import DevicePlatform, JobKind
from server.outbox import enqueue
from server.reminders.plan import LeadTime
from server.worker import work_once
from tests.factories import a_contact, a_link, a_meeting, a_user, an_account
from tests.house.test_schema import root_fields, scope_of
from tests.journeys.office import a_site
from tests.resolvers.asking import asked, program_of
from tests.resolvers.id_places import document_for
from tests.resolvers.rights import arguments_for
from tests.resolvers.world import World, a_world
from tests.server.attachments.scene import an_attachment
from tests.server.gateways.mail.receiving import Receiver, receiving
from tests.server.meetings.scene import a_new_meeting, viewer_of

CANARIES = ("KanarieNote", "KanarieOwn", "KanarieMention", "KanarieFileName", "KanarieBytes", "KanarieSnippet")


@dataclass
class House:
    """A booking full of secrets, and everybody around it."""

    host: User
    colleague: User
    contact: Contact
    link: MeetingLink
    meeting: Meeting
    post: Receiver
    client: httpx.AsyncClient


@pytest.fixture
async def house(in_use: settings.Settings, tmp_path: Path) -> AsyncIterator[House]:
    async with receiving() as post, a_site(in_use, tmp_path, post) as client:
        account = await an_account()
        host, colleague = await a_user(account), await a_user(account, "Piotr Zima")
        contact, link = await a_contact(account), await a_link(host)
        meeting = await a_meeting(host, clock.now() + timedelta(days=3), contact=contact, link=link)
        for user in (host, colleague):
            session = await Session.create(account=account, user=user, last_used_at=clock.now())
            given = {"platform": DevicePlatform.ANDROID, "push_token": f"phone-{user.id}"}
            await Device.create(account=account, user=user, session=session, **given)
        yield House(host, colleague, contact, link, meeting, post, client)
    settings.use(in_use)


async def fill_with_secrets(host: User, colleague: User, meeting: Meeting) -> None:
    """Every place that only the team writes in has a canary of its own."""
    viewer = viewer_of(host)
    await edit(viewer, MeetingEdit(meeting.id, internal_note=f"KanarieOwn @[usr_{colleague.id}]"))
    named = f'KanarieNote <span data-mention="usr_{colleague.id}">@KanarieMention</span>'
    await add_internal_note(viewer, meeting.id, named)
    await an_attachment(viewer, meeting, b"KanarieBytes", name="KanarieFileName.txt", content_type="text/plain")


async def everything_happens(house: House) -> None:
    """Each verb that tells somebody outside, one after the other, and a reminder."""
    viewer, meeting = viewer_of(house.host), house.meeting
    note = await add_internal_note(viewer, meeting.id, "KanarieNote again")
    await edit_internal_note(viewer, note, f"KanarieNote once more @[usr_{house.colleague.id}]")
    guests = (Expected(contact_id=house.contact.id), Expected(address="guest@other.example"))
    description = "<p>For everybody</p>"
    await edit(viewer, MeetingEdit(meeting.id, title="Renamed", attendee_description=description, attendees=guests))
    await edit(viewer, MeetingEdit(meeting.id, attendees=guests[:1], reminders=(LeadTime(1, "HOURS", True),)))
    await edit(viewer, MeetingEdit(meeting.id, starts_at=meeting.starts_at + timedelta(days=1)))
    moved = await Meeting.get(id=meeting.id)
    await all_delivered()
    with clock.travel(moved.starts_at - timedelta(minutes=50)):
        await all_delivered()
        late = {"minutes": 10, "starts_at": int(moved.starts_at.timestamp())}
        await enqueue(JobKind.LATE_NOTICE_MAIL, account_id=meeting.account_id, meeting_id=meeting.id, payload=late)
        await all_delivered()
    await record_outcome(viewer, meeting.id, "COMPLETED")
    starts_at = moved.starts_at + timedelta(days=1)
    new = a_new_meeting(
        starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), attendees=guests, internal_note="KanarieOwn"
    )
    other = await schedule(viewer, new)
    await fill_with_secrets(house.host, house.colleague, await Meeting.get(id=other.meeting_id))
    await all_delivered()
    await cancel(viewer, meeting.id, reason="Snow")
    await delete(viewer, other.meeting_id or 0)
    await all_delivered()


async def all_delivered() -> None:
    """Whatever was due by now has gone out."""
    while await work_once():
        pass


def found_in(*texts: str) -> set[str]:
    return {canary for canary in CANARIES for text in texts if canary.lower() in text.lower()}


def whole(mail: EmailMessage) -> str:
    """The mail with every part of it decoded."""
    parts = [one.get_payload(decode=True) or b"" for one in mail.walk() if not one.is_multipart()]
    return mail.as_string() + "".join(part.decode(errors="replace") for part in parts if isinstance(part, bytes))


@pytest.mark.capability("S2-22", "S2-23", "S2-38")
async def test_no_mail_page_calendar_webhook_or_notice_holds_a_word_of_it(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    await fill_with_secrets(house.host, house.colleague, house.meeting)
    token = manage_token_of(house.meeting)
    pages = [f"/m/{house.link.slug}", *(f"/b/{token}{end}" for end in ("", "/move", "/cancel", "/invite.ics"))]
    pages.append(feed_url(house.host.id, house.host.feed_seed).removeprefix(settings.current().public_url))
    shown = [await house.client.get(page) for page in pages]
    assert {one.status_code for one in shown} == {200}
    await everything_happens(house)
    shown += [await house.client.get(page) for page in pages]
    assert found_in(*(one.text for one in shown)) == set()

    subjects = "\n".join(str(mail["Subject"]) for mail in house.post.mails)
    for occasion in ("Changed", "Moved", "No longer expected", "Running late", "Invitation", "Canceled", "Mentioned"):
        assert occasion in subjects
    assert len(house.post.mails) >= 10
    assert found_in(*(whole(mail) for mail in house.post.mails)) == set()

    bodies = [json.dumps(await change_body(change)) for change in await Change.all()]
    assert found_in(*bodies) == set()
    assert len(bodies) >= 10

    notices = []
    for job in await Job.filter(kind=JobKind.PUSH):
        if "device_id" in job.payload:
            device = await Device.get(id=job.payload["device_id"]).select_related("user")
            notice = await notice_for(job, await meeting_facts(job.meeting_id or 0), device)
            notices.append(f"{notice.title} {notice.body} {json.dumps(notice.data)}")
    assert len(notices) >= 3
    assert found_in(*notices) == set()
    assert found_in(capsys.readouterr().out) == set()


def every_document() -> list[tuple[str, GraphQLField]]:
    return [(place.rpartition(".")[2], field) for place, field in root_fields() if not place.startswith("Subscription")]


async def answers(world: World, viewer: Any, *, public_only: bool) -> list[str]:
    """What the root fields answer that can be asked, each with all there is below it, with ids and tokens that fit."""
    told = []
    for name, field in every_document():
        if not public_only or scope_of(field) == str(PUBLIC):
            given = arguments_for(name, field, world, "guest")
            told.append(json.dumps((await asked(document_for(name), viewer, **given)).data, default=str))
    return told


async def a_world_of_secrets(tmp_path: Path) -> World:
    settings.use(settings.current().model_copy(update={"files_url": (tmp_path / "files").as_uri()}))
    world = await a_world("Heimer")
    await fill_with_secrets(world.colleague, world.admin, world.meeting)
    await type(world.snippet).filter(id=world.snippet.id).update(body="KanarieSnippet")
    return world


@pytest.mark.capability("S2-23")
async def test_no_field_of_the_schema_shows_a_visitor_a_word_of_it(db: str, tmp_path: Path) -> None:
    world = await a_world_of_secrets(tmp_path)
    told = await answers(world, None, public_only=True)
    assert len(told) >= 10
    assert any("Heimer" in one for one in told)
    assert found_in(*told) == set()


@pytest.mark.capability("S2-23")
async def test_a_colleague_finds_all_of_it_and_a_program_without_the_right_nothing(db: str, tmp_path: Path) -> None:
    world = await a_world_of_secrets(tmp_path)
    given = {"id": f"mtg_{world.meeting.id}"}
    seen = json.dumps((await asked(document_for("meeting"), viewer_of(world.admin), **given)).data)
    seen += json.dumps(
        (await asked(document_for("snippets"), viewer_of(world.admin), first=10, withArchived=True)).data
    )
    assert found_in(seen) == set(CANARIES) - {"KanarieBytes"}
    program = program_of(world.admin.account_id, "bookings:read", "links:read", "contacts:read", "account:read")
    told = [
        json.dumps((await asked(document_for(name), program, **arguments_for(name, field, world, "guest"))).data)
        for name, field in every_document()
        if scope_of(field) in ("bookings:read", "links:read", "contacts:read")
    ]
    assert found_in(*told) == set()


def test_the_schema_has_no_other_way_to_what_is_internal() -> None:
    """Notes, files and mentions are reached through a meeting, or through the mutations that make them."""
    ways = {
        f"{type_.name}.{name}"
        for type_ in schema._schema.type_map.values()
        for name, field in getattr(type_, "fields", {}).items()
        if str(getattr(field, "type", "")).strip("[]!") in ("InternalNote", "Attachment", "Mention")
        and not type_.name.endswith("Input")
    }
    assert ways == {
        "Meeting.notes",
        "Meeting.attachments",
        "InternalNote.mentions",
        "AddInternalNotePayload.note",
        "EditInternalNotePayload.note",
        "DeleteInternalNotePayload.note",
        "AttachFilePayload.attachment",
    }
