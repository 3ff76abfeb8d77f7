"""Two accounts full of awkward rows: nulls, empty lists, quotes, control characters, emoji, and some broken ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from server import models
from server.accounts.viewer import Viewer
from server.booking.manage_link import manage_token_of
from server.changes import cursor
from server.models import Account, User
from server.models.enums import (
    AttendeeKind,
    ChangeKind,
    JobKind,
    JobState,
    LeadTimeUnit,
    LocationKind,
    MeetingLinkKind,
    MeetingSource,
    RecordKind,
    ReminderState,
    Reply,
    Role,
    WebhookState,
    WindowKind,
)
from tests.factories import a_contact, a_link, a_meeting, a_user, a_webhook, an_account
from tests.resolvers.asking import answer, program_of, viewer_for

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
ZONES = ("Europe/Warsaw", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati", "UTC")
PAGED = ("meetings", "changes", "meetingLinks", "users", "contacts", "records", "rotations", "sessions", "apiTokens")
TEXTS = (
    "",
    "plain",
    'a "quoted" word',
    "back\\slash",
    "line\nand\ttab",
    "\x01\x1f\x7f",
    "żółć",
    "👩‍🚀🚀",
    "';--",
    "</x>",
    "\u2028",
)


@dataclass(frozen=True)
class World:
    """Who may ask, and what can be asked about; `cursors` are those that each field handed out."""

    viewers: list[Viewer | None]
    ids: list[str]
    slugs: list[str]
    tokens: list[str]
    cursors: dict[str, list[str]] = field(default_factory=dict)


async def a_world(dice: Random) -> World:
    """The two accounts, filled; the same from the same dice."""
    viewers: list[Viewer | None] = [None]
    world = World(viewers, ["mtg_999999", "usr_0", "nonsense", "con_1x"], ["no-such-page"], ["1-nonsense"])
    for name in ("Linden & Co", 'Ash "Partners" 🌳'):
        await _Filling(dice, world, await an_account(name, time_zone="Europe/Warsaw")).fill()
    for paged in PAGED:
        page = f"{{ {paged}(first: 2) {{ edges {{ cursor }} }} }}"
        found = await answer(page, viewers[1])
        world.cursors[paged] = [edge["cursor"] for edge in found[paged]["edges"]]
    world.cursors["todaySync"] = [
        cursor.write(3),
        (await answer("{ todaySync { cursor } }", viewers[1]))["todaySync"]["cursor"],
    ]
    return world


class _Filling:
    def __init__(self, dice: Random, world: World, account: Account) -> None:
        self.dice, self.world, self.account = dice, world, account
        self.users: list[User] = []
        self.companies: list[models.Record] = []
        self.contacts: list[models.Contact] = []
        self.links: list[models.MeetingLink] = []
        self.types: list[models.MeetingType] = []
        self.number = 0

    async def fill(self) -> None:
        """Every kind of row there is a field for."""
        await self._people()
        await self._rotation_and_links()
        for hour in range(-3, 14):
            await self._meeting(NOW + timedelta(hours=hour))
        await self._tokens()
        await self._webhooks()
        await self.account.refresh_from_db()
        await Account.filter(id=self.account.id).update(last_change_number=self.number, data_version=self.number)

    def text(self) -> str:
        """Something awkward to write."""
        return self.dice.choice(TEXTS)

    def maybe(self, *choices: Any) -> Any:
        """One of the choices, or nothing."""
        return self.dice.choice([None, *choices])

    async def _people(self) -> None:
        for index, role in enumerate((Role.ADMIN, Role.MEMBER, Role.MEMBER)):
            zone = self.dice.choice(ZONES)
            user = await a_user(
                self.account, f"Ines {self.text()} {index}", role=role, time_zone=zone, job_title=self.text()
            )
            self.users.append(user)
            self.world.viewers.extend([viewer_for(user, session_id=index)] * 2)
        self.world.viewers.append(program_of(self.account.id, "meetings:read", "links:read"))
        self.world.ids.extend([f"acc_{self.account.id}", *(f"usr_{user.id}" for user in self.users)])
        await models.CalendarAccount.filter(user_id=self.users[1].id).update(syncs=False)
        for kind in RecordKind:
            owner = self.maybe(self.users[0])
            given = {"account": self.account, "kind": kind, "name": self.text() or "x", "owner": owner}
            self.companies.append(await models.Record.create(**given))
        for index in range(6):
            contact = await a_contact(
                self.account,
                self.text(),
                self.text(),
                email=f"c{index}@{self.account.id}.example",
                company=self.maybe(*self.companies),
                owner=self.maybe(*self.users),
                time_zone=self.maybe(*ZONES),
                locale=self.maybe("pl"),
                last_booked_at=self.maybe(NOW),
                last_booking_campaign=self.maybe(self.text()),
            )
            self.contacts.append(contact)
        self.world.ids.extend([f"con_{one.id}" for one in self.contacts] + [f"rec_{one.id}" for one in self.companies])
        for key in ("DEMO", "REVIEW"):
            self.types.append(await models.MeetingType.create(account=self.account, key=key, label=self.text()))

    async def _rotation_and_links(self) -> None:
        rotation = await models.Rotation.create(account=self.account, name=self.text())
        for position, user in enumerate(self.users):
            left = NOW if position == 2 else None
            await models.RotationMember.create(rotation=rotation, user=user, position=-position, left_at=left)
        await models.Rotation.create(account=self.account, name="Empty")
        self.world.ids.append(f"rot_{rotation.id}")
        kinds = [MeetingLinkKind.PERSONAL, MeetingLinkKind.GROUP, MeetingLinkKind.ROUND_ROBIN, MeetingLinkKind.PERSONAL]
        for index, kind in enumerate(kinds):
            link = await a_link(
                self.users[index % 2],
                self.text() or "Call",
                kind=kind,
                rotation=rotation if kind is MeetingLinkKind.ROUND_ROBIN else None,
                durations_minutes=self.dice.choice([[30], [15, 45]]),
                location_kind=self.dice.choice(list(LocationKind)),
                location_text=self.text(),
                time_zone=self.maybe(*ZONES),
                locale=self.maybe("pl"),
                description=self.text(),
                is_active=index != 3,
                weekly_hours=self.maybe({"0": [[540, 600], [660, 720]], "6": []}, {}),
                date_overrides=self.maybe({"2026-11-25": [], "2026-12-01": [[0, 60]]}),
                window_kind=WindowKind.DATE_RANGE if index == 0 else WindowKind.ROLLING_CALENDAR,
                window_starts_on=NOW.date() if index == 0 else None,
                window_ends_on=NOW.date() + timedelta(days=9) if index == 0 else None,
                questions=self._questions(broken=index == 3),
                booking_count=self.dice.randrange(9),
                retired_at=NOW if index == 3 else None,
            )
            self.links.append(link)
            self.world.slugs.append(link.slug)
            self.world.ids.append(f"lnk_{link.id}")
            if kind is MeetingLinkKind.GROUP:
                for position, user in enumerate(self.users):
                    await models.LinkMember.create(link=link, user=user, position=2 - position)

    def _questions(self, *, broken: bool) -> list[dict[str, Any]]:
        if broken:
            return [{"key": "k", "label": "?", "kind": "A kind from the future"}]
        many = {"key": "many", "label": self.text(), "kind": "MULTI_SELECT", "options": [self.text(), "b"]}
        return self.dice.choice([[], [{"key": "one", "label": self.text(), "required": True}, many]])

    async def _meeting(self, starts_at: datetime) -> None:
        contact = self.maybe(*self.contacts)
        meeting = await a_meeting(
            self.dice.choice(self.users),
            starts_at + timedelta(seconds=self.dice.randrange(3) * 20),
            contact=contact,
            outcome=self.dice.choice(["SCHEDULED", "COMPLETED", "NO_SHOW"]),
            title=self.text(),
            organizer_id=self.dice.choice(self.users).id,
            location_kind=self.dice.choice(list(LocationKind)),
            location_text=self.text(),
            location_join_url=self.maybe("https://video.example/x"),
            internal_notes=self.text(),
            meeting_type=self.maybe(*self.types),
            link=self.maybe(*self.links),
            source=self.dice.choice(list(MeetingSource)),
            canceled_at=self.maybe(None, None, NOW),
            deleted_at=self.maybe(None, None, None, NOW),
        )
        self.world.ids.append(f"mtg_{meeting.id}")
        self.world.tokens.append(manage_token_of(meeting))
        tied: dict[str, Any] = {"account": self.account, "meeting": meeting}
        for reply in self.dice.sample(list(Reply), 2):
            email = f"{reply.value.lower()}@guest.example"
            await models.Attendee.create(kind=AttendeeKind.GUEST, name=self.text(), email=email, reply=reply, **tied)
        if contact is not None:
            await models.Association.create(contact=contact, **tied)
            await models.Association.create(record=self.dice.choice(self.companies), **tied)
        note = await models.InternalNote.create(author=self.dice.choice([None, *self.users]), body="a <b>b</b>", **tied)
        await models.Mention.create(note=note, user=self.dice.choice(self.users), **tied)
        await models.Attachment.create(
            name="plan.pdf",
            content_type="application/pdf",
            size_bytes=7,
            storage_key=f"attachments/{meeting.id}",
            uploaded_at=self.dice.choice([None, meeting.starts_at]),
            **tied,
        )
        await models.Reminder.create(
            amount=2,
            unit=self.dice.choice(list(LeadTimeUnit)),
            due_at=starts_at - timedelta(hours=2),
            starts_at=starts_at,
            state=self.dice.choice(list(ReminderState)),
            **tied,
        )
        await self._history(meeting)

    async def _history(self, meeting: models.Meeting) -> None:
        moved = {"previous_starts_at": "2026-11-20T08:00:00Z"}
        for kind in self.dice.sample(list(ChangeKind), 3):
            self.number += 1
            await models.Change.create(
                account=self.account,
                number=self.number,
                kind=kind,
                meeting=self.maybe(meeting, meeting),
                occurred_at=NOW + timedelta(seconds=self.number),
                actor=self.dice.choice([f"user:{self.users[0].id}", "token:3", "visitor", "system"]),
                data=self.dice.choice([{}, moved, {"outcome": "NO_SHOW"}]),
            )

    async def _tokens(self) -> None:
        for index, user in enumerate(self.users):
            device = self.text()
            await models.Session.create(account=self.account, user=user, device_name=device, last_used_at=NOW)
            scopes = ["meetings:read"] * (index % 2)
            digest = f"{self.account.id}-{index}"
            given = {"name": self.text(), "digest": digest, "scopes": scopes, "expires_at": self.maybe(NOW)}
            await models.ApiToken.create(account=self.account, user=self.maybe(user), **given)

    async def _webhooks(self) -> None:
        for index, user in enumerate(self.users[:2]):
            webhook = await a_webhook(
                user,
                "https://hooks.example/",
                name=self.text(),
                kinds=self.dice.choice([[], ["MEETING_BOOKED", "NOTE_ADDED"]]),
                link=self.maybe(*self.links),
                host=self.maybe(*self.users),
                state=self.dice.choice(list(WebhookState)),
                failing_since=self.maybe(NOW),
                warned_at=self.maybe(NOW),
                last_error=self.text(),
                position=index,
            )
            self.world.ids.extend([f"whk_{webhook.id}"] * 2)
            for state in JobState:
                payload = self.dice.choice([{"number": 7}, {"is_ping": True}])
                lane = f"webhook:{webhook.id}"
                given = {"kind": JobKind.WEBHOOK, "lane": lane, "payload": payload, "state": state, "run_at": NOW}
                await models.Job.create(account=self.account, last_error=self.text(), **given)
