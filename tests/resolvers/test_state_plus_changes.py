"""What a phone has, with the changes applied to it, is what it would get if it asked anew (R7): for every mutation of
the schema, in random order, synced at random moments, across midnights."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from graphql import print_ast

from resolvers.root import schema
from server import clock
from server.accounts.viewer import Viewer
from server.booking.manage_link import manage_token_of
from server.changes import cursor
from server.models import Attachment, InternalNote, Meeting, MeetingType, Record
from server.models.enums import RecordKind, Role
from server.web.fastpath.whole import whole_field
from tests.factories import a_contact, a_link, a_user, an_account
from tests.resolvers.asking import answer, viewer_for

LIVES, STEPS = (60, 80) if os.environ.get("PARLEY_TEST_FULL") == "1" else (3, 45)
BEGIN = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
OUTCOMES = ("COMPLETED", "NO_SHOW", "RESCHEDULED", "SCHEDULED")


@dataclass
class Company:
    """Two colleagues in zones of their own, a page, some contacts, and the meetings that came to be."""

    chance: random.Random
    ines: Viewer
    karol: Viewer
    slug: str
    link: str
    users: list[str]
    contacts: list[str]
    records: list[str] = field(default_factory=list)

    async def a_meeting(self) -> Meeting:
        there = await Meeting.filter(deleted_at=None, canceled_at=None).order_by("id")
        return self.chance.choice(there[-12:])

    async def a_note(self) -> str:
        """One of Ines's; a made-up one where there is none yet."""
        there = await InternalNote.filter(author_id=self.ines.user_id, deleted_at=None).order_by("id")
        return f"nte_{self.chance.choice(there).id}" if there else "nte_1"

    def soon(self) -> datetime:
        """An instant of today, yesterday's night or tomorrow."""
        quarters = self.chance.randrange(-8, 120)
        return clock.now().replace(minute=0, second=0) + timedelta(minutes=15 * quarters)


Act = Callable[[Company], Any]


async def _book(company: Company) -> dict[str, Any]:
    found = await answer(
        "query ($slug: String!) { schedulingPage(slug: $slug) { nextAvailable { startsAt } } }", None, slug=company.slug
    )
    number = company.chance.randrange(4)
    return {
        "slug": company.slug,
        "startsAt": found["schedulingPage"]["nextAvailable"]["startsAt"],
        "email": f"contact{number}@client.example",
        "firstName": "Maja",
        "lastName": f"Number {number}",
        "phone": "+48 600 100 200",
        "guests": ["guest@client.example"] if company.chance.random() < 0.3 else [],
    }


async def _move(company: Company) -> dict[str, Any]:
    page = "query ($slug: String!) { schedulingPage(slug: $slug) { nextAvailable { startsAt } } }"
    found = await answer(page, None, slug=company.slug)
    token = manage_token_of(await company.a_meeting())
    return {"token": token, "startsAt": found["schedulingPage"]["nextAvailable"]["startsAt"]}


async def _cancel(company: Company) -> dict[str, Any]:
    return {"token": manage_token_of(await company.a_meeting()), "reason": "Ill"}


async def _schedule(company: Company) -> dict[str, Any]:
    starts_at = company.soon()
    contact, colleague = company.chance.choice(company.contacts), company.chance.choice(company.users)
    return {
        "title": f"Review {company.chance.randrange(100)}",
        "startsAt": _written(starts_at),
        "endsAt": _written(starts_at + timedelta(minutes=company.chance.choice((15, 60, 600)))),
        "host": company.chance.choice(company.users),
        "attendees": [{"contact": contact}, {"user": colleague}],
        "allowOverlap": True,
        "meetingType": company.chance.choice((None, "DEMO")),
    }


async def _edit(company: Company) -> dict[str, Any]:
    meeting, starts_at = await company.a_meeting(), company.soon()
    ends_at = starts_at + timedelta(minutes=30)
    times = {"startsAt": _written(starts_at), "endsAt": _written(ends_at), "allowOverlap": True}
    changes: list[dict[str, Any]] = [
        {"title": f"Renamed {company.chance.randrange(100)}"},
        times,
        {"attendees": [{"contact": company.chance.choice(company.contacts)}]},
        {"location": {"kind": "PHONE", "text": "+48 22 100 20 30"}},
    ]
    return {"meeting": f"mtg_{meeting.id}", "changes": company.chance.choice(changes)}


async def _record(company: Company) -> dict[str, Any]:
    return {"meeting": f"mtg_{(await company.a_meeting()).id}", "outcome": company.chance.choice(OUTCOMES)}


async def _delete(company: Company) -> dict[str, Any]:
    return {"meeting": f"mtg_{(await company.a_meeting()).id}"}


async def _tie(company: Company) -> dict[str, Any]:
    meeting = await company.a_meeting()
    return {"meeting": f"mtg_{meeting.id}", "records": [company.chance.choice(company.contacts)]}


async def _rename_a_colleague(company: Company) -> dict[str, Any]:
    return {"user": company.chance.choice(company.users), "changes": {"name": f"Ada {company.chance.randrange(100)}"}}


async def _rename_the_link(company: Company) -> dict[str, Any]:
    return {"meetingLink": company.link, "settings": {"name": f"Intro {company.chance.randrange(100)}"}}


async def _set_the_account(company: Company) -> dict[str, Any]:
    return {"changes": {"name": f"Linden {company.chance.randrange(100)}"}}


async def _rename_a_contact(company: Company) -> dict[str, Any]:
    return {"contact": company.chance.choice(company.contacts), "lastName": f"Lis {company.chance.randrange(100)}"}


async def _rename_a_company(company: Company) -> dict[str, Any]:
    return {"kind": "COMPANY", "externalId": "1", "name": f"Meridian {company.chance.randrange(100)}"}


async def _call_off(company: Company) -> dict[str, Any]:
    return {"meeting": f"mtg_{(await company.a_meeting()).id}", "reason": "Ill"}


async def _note(company: Company) -> dict[str, Any]:
    body = f"They were late, @[{company.chance.choice(company.users)}]. {company.chance.randrange(100)}"
    return {"meeting": f"mtg_{(await company.a_meeting()).id}", "body": body}


async def _note_otherwise(company: Company) -> dict[str, Any]:
    return {"note": await company.a_note(), "body": f"They were early. {company.chance.randrange(100)}"}


async def _drop_a_note(company: Company) -> dict[str, Any]:
    return {"note": await company.a_note()}


async def _announce_a_file(company: Company) -> dict[str, Any]:
    meeting = f"mtg_{(await company.a_meeting()).id}"
    return {"meeting": meeting, "name": "plan.pdf", "contentType": "application/pdf", "sizeBytes": 3}


async def _drop_a_file(company: Company) -> dict[str, Any]:
    """A file that was brought while nobody looked."""
    meeting = await company.a_meeting()
    brought = {"name": "plan.pdf", "content_type": "application/pdf", "size_bytes": 3, "uploaded_at": clock.now()}
    key = f"attachments/{company.chance.random()}"
    file = await Attachment.create(account_id=meeting.account_id, meeting=meeting, storage_key=key, **brought)
    return {"attachment": f"fil_{file.id}"}


async def _reword_an_outcome(company: Company) -> dict[str, Any]:
    return {"key": company.chance.choice(OUTCOMES), "label": f"Word {company.chance.randrange(100)}"}


async def _reword_the_type(company: Company) -> dict[str, Any]:
    return {"key": "DEMO", "label": f"Demo {company.chance.randrange(100)}"}


async def _hand_over(company: Company) -> dict[str, Any]:
    one, other = company.chance.sample(company.users, 2)
    return {"from": one, "to": other}


async def _deactivate(company: Company) -> dict[str, Any]:
    return {"user": company.users[1], "handOverTo": company.users[0]}


async def _reactivate(company: Company) -> dict[str, Any]:
    return {"user": company.users[1]}


async def _seat(company: Company) -> dict[str, Any]:
    return {"user": company.users[1], "hasSeat": company.chance.random() < 0.8}


ACTS: Mapping[str, Act] = {
    "bookMeeting": _book,
    "rescheduleBooking": _move,
    "cancelBooking": _cancel,
    "scheduleMeeting": _schedule,
    "editMeeting": _edit,
    "recordOutcome": _record,
    "deleteMeeting": _delete,
    "cancelMeeting": _call_off,
    "addInternalNote": _note,
    "editInternalNote": _note_otherwise,
    "deleteInternalNote": _drop_a_note,
    "attachFile": _announce_a_file,
    "deleteAttachment": _drop_a_file,
    "editOutcome": _reword_an_outcome,
    "editMeetingType": _reword_the_type,
    "handOverMeetings": _hand_over,
    "deactivateUser": _deactivate,
    "reactivateUser": _reactivate,
    "editUser": _seat,
    "associateRecords": _tie,
    "dissociateRecords": _tie,
    "upsertContact": _rename_a_contact,
    "upsertRecord": _rename_a_company,
    "editProfile": _rename_a_colleague,
    "editMeetingLink": _rename_the_link,
    "editAccount": _set_the_account,
}
SHOWN_IN_NO_MEETING: Mapping[str, str] = (
    dict.fromkeys(
        (
            *("signIn", "refreshSession", "signOut", "endSession", "createApiToken", "revokeApiToken"),
            *("changePassword", "requestPasswordReset", "resetPassword", "acceptInvitation"),
        ),
        "about who is signed in",
    )
    | dict.fromkeys(
        (
            *("holdSlot", "releaseSlot", "createMeetingLink", "duplicateMeetingLink", "retireMeetingLink"),
            *("restoreMeetingLink", "shareMeetingLink", "proposeTimes", "createVisitorToken"),
            *("createSnippet", "editSnippet", "createOutcome", "createMeetingType", "inviteUser", "uploadLogo"),
            "renewCalendarFeed",
        ),
        "no meeting shows it, or not otherwise than before",
    )
    | dict.fromkeys(("createObjectType", "editObjectType"), "a meeting shows its records, and no kinds of these")
    | dict.fromkeys(
        ("createRotation", "editRotation", "deleteRotation"), "a meeting shows its host, whichever rotation chose them"
    )
    | dict.fromkeys(
        (
            *("createWebhook", "editWebhook", "deleteWebhook", "rotateWebhookSecret", "testWebhook", "replayWebhook"),
            *("registerDevice", "unregisterDevice", "retryDelivery", "resendInvitation"),
            *("editMailText", "resetMailText", "sendMailTextToMe"),
        ),
        "about who is told, not about what is so",
    )
    | dict.fromkeys(
        (
            *("createVideoExtension", "editVideoExtension", "deleteVideoExtension"),
            *("connectVideo", "editVideoAccount", "disconnectVideo"),
        ),
        "a meeting shows the address of its room, and that is made after the commit",
    )
    | {"performNotificationAction": "it does what `recordOutcome` and the attendees' replies do"}
)


def _written(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def _everything(operation: str, name: str, arguments: str = "") -> str:
    root = schema._schema.query_type
    assert root is not None
    _, chosen = whole_field(schema._schema, root, name)
    return f"{operation} {{ {name}{arguments} {print_ast(chosen.node).removeprefix(name)} }}"


SYNC = _everything("query ($since: String)", "todaySync", "(since: $since)")


class Phone:
    """A phone that keeps what it shows, and asks for what changed."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.shown: dict[str, Any] = {}
        self.since: str | None = None
        self.whole = self.partial = 0

    async def sync(self) -> None:
        """The phone shows what a fresh one would."""
        news = (await answer(SYNC, self.viewer, since=self.since))["todaySync"]
        if news["resyncRequired"] or self.since is None:
            self.shown = {}
            self.whole += 1
        else:
            self.partial += 1
        for gone in news["removed"]:
            self.shown.pop(gone, None)
        self.shown |= {one["id"]: one for one in news["upserts"]}
        self.since = news["cursor"]
        fresh = (await answer(SYNC, self.viewer))["todaySync"]
        assert self.shown == {one["id"]: one for one in fresh["upserts"]}
        assert cursor.read(news["cursor"]) == cursor.read(fresh["cursor"])


async def a_company(seed: int) -> Company:
    account = await an_account(meeting_types_enabled=True)
    await MeetingType.create(account=account, key="DEMO", label="Demo")
    ines = await a_user(account, "Ines", role=Role.ADMIN, time_zone="Europe/Warsaw")
    karol = await a_user(account, "Karol", role=Role.ADMIN, time_zone="America/New_York")
    link = await a_link(ines, slug="intro", notice_minutes=0, guests_max=3)
    company = await Record.create(account=account, kind=RecordKind.COMPANY, name="Meridian", external_id="1")
    contacts = [
        await a_contact(account, email=f"contact{n}@client.example", first_name="", company=company) for n in range(4)
    ]
    return Company(
        random.Random(seed),
        viewer_for(ines),
        viewer_for(karol),
        "intro",
        f"lnk_{link.id}",
        [f"usr_{ines.id}", f"usr_{karol.id}"],
        [f"con_{contact.id}" for contact in contacts],
    )


async def done(company: Company, name: str) -> bool:
    """Whether the mutation did something; a random one may be refused. Where no meeting stands, one is made instead."""
    if name != "bookMeeting" and not await Meeting.filter(deleted_at=None, canceled_at=None).exists():
        name = "scheduleMeeting"
    root = schema._schema.mutation_type
    assert root is not None
    kind = root.fields[name].args["input"].type
    document = f"mutation ($input: {kind}) {{ payload: {name}(input: $input) {{ userErrors {{ code message }} }} }}"
    payload = (await answer(document, company.ines, input=await ACTS[name](company)))["payload"]
    return not payload["userErrors"]


def test_every_mutation_is_played_or_shows_in_no_meeting() -> None:
    root = schema._schema.mutation_type
    assert root is not None
    assert set(ACTS) | set(SHOWN_IN_NO_MEETING) == set(root.fields)
    assert not set(ACTS) & set(SHOWN_IN_NO_MEETING)


@pytest.mark.parametrize("seed", range(LIVES))
async def test_state_and_changes_are_a_fresh_fetch(db: str, seed: int) -> None:
    with clock.travel(BEGIN):
        company = await a_company(seed)
    phones = [Phone(company.ines), Phone(company.karol)]
    now, did = BEGIN, 0
    for _ in range(STEPS):
        now += timedelta(minutes=company.chance.choice((1, 5, 20, 90)))
        with clock.travel(now):
            did += await done(company, company.chance.choice(list(ACTS)))
            for phone in phones:
                if company.chance.random() < 0.5:
                    await phone.sync()
    assert did > STEPS // 3
    assert all(phone.partial > phone.whole > 0 for phone in phones)
