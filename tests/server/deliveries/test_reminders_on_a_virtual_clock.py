"""Weeks of a meeting's life at random: no reminder of an old time, none twice, none missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from server import clock
from server.accounts.viewer import Viewer
from server.meetings.delete import delete
from server.meetings.edit import MeetingEdit, edit
from server.meetings.expected import Expected
from server.meetings.schedule import NewMeeting, schedule
from server.models import Attendee, Contact, Meeting
from server.models.enums import Reply
from server.reminders.plan import LeadTime, dues
from server.worker import work_once
from tests import factories
from tests.resolvers.asking import viewer_for
from tests.server.gateways.mail.receiving import Receiver

BEGIN = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
TZ = "Europe/Warsaw"  # its clocks change on 28 March 2027
LEADS = [LeadTime(n, unit) for n, unit in ((1, "WEEKS"), (2, "DAYS"), (1, "DAYS"), (5, "HOURS"), (30, "MINUTES"))]


@dataclass
class Life:
    """A meeting as it ought to be, and the reminders that ought to leave."""

    dice: Random
    meeting_id: int
    viewer: Viewer
    starts_at: datetime
    leads: list[LeadTime]
    stands: bool = True
    declined: bool = False
    expected: list[datetime] = field(default_factory=list)
    due: list[datetime] = field(default_factory=list)

    def plan(self, now: datetime) -> None:
        planned = dues(self.leads, starts_at=self.starts_at, tz=TZ, now=now) if self.stands else []
        self.due = [one.due_at for one in planned]

    def pass_until(self, moment: datetime) -> Iterator[datetime]:
        """The moments until then at which a reminder ought to leave, noted if anybody is there to get it."""
        for due in [one for one in self.due if one <= moment]:
            self.due.remove(due)
            if not self.declined:
                self.expected.append(due)
            yield due

    async def something_happens(self, now: datetime) -> None:
        what = self.dice.choices(["moved", "chosen", "declined", "deleted"], [8, 3, 1, 1])[0]
        if not self.stands or self.starts_at <= now:
            return
        if what == "moved":
            self.starts_at = now + timedelta(minutes=self.dice.randrange(20, 14 * 24 * 60, 5))
            await edit(self.viewer, MeetingEdit(self.meeting_id, starts_at=self.starts_at, allow_overlap=True))
            # No is said to a time: to the new one nobody has said anything yet.
            self.declined = False
        elif what == "chosen":
            self.leads = self.dice.sample(LEADS, self.dice.randrange(4))
            await edit(self.viewer, MeetingEdit(self.meeting_id, reminders=tuple(self.leads)))
        elif what == "declined":
            self.declined = True
            await Attendee.filter(meeting_id=self.meeting_id, contact_id__isnull=False).update(reply=Reply.DECLINED)
            return
        else:
            self.stands = False
            await delete(self.viewer, self.meeting_id)
        self.plan(now)


async def a_life(contact: Contact, viewer: Viewer, dice: Random) -> Life:
    leads, starts_at = dice.sample(LEADS, 3), BEGIN + timedelta(days=dice.randrange(2, 20))
    expected = (Expected(contact_id=contact.id),)
    new = NewMeeting(
        "Pilot", starts_at, starts_at + timedelta(minutes=30), TZ, attendees=expected, reminders=tuple(leads)
    )
    made = await schedule(viewer, new)
    life = Life(dice, made.meeting_id or 0, viewer, starts_at, leads)
    life.plan(BEGIN)
    return life


async def work_off() -> None:
    while await work_once():
        pass


@pytest.mark.capability("S2-16", "S2-17")
@pytest.mark.parametrize("seed", range(6))
async def test_each_reminder_leaves_once_and_for_the_present_time_only(receiver: Receiver, seed: int) -> None:
    dice, sent = Random(seed), []
    account = await factories.an_account()
    host = await factories.a_user(account, time_zone=TZ)
    contact = await factories.a_contact(account, time_zone=None)
    now = BEGIN
    with clock.travel(now):
        life = await a_life(contact, viewer_for(host), dice)
        await work_off()

    async def at(moment: datetime) -> None:
        before = len(receiver.mails)
        with clock.travel(moment):
            await work_off()
        sent.extend(moment for mail in receiver.mails[before:] if mail["X-Parley-Kind"] == "reminder")

    for _ in range(12):
        now += timedelta(minutes=dice.randrange(5, 5 * 24 * 60, 5))
        for due in life.pass_until(now):
            await at(due)
        with clock.travel(now):
            await life.something_happens(now)
        await at(now)
    for due in [*life.pass_until(now + timedelta(days=60)), now + timedelta(days=60)]:
        await at(due)
    assert sent == life.expected
    letters = [str(mail["Message-ID"]) for mail in receiver.mails if mail["X-Parley-Kind"] == "reminder"]
    assert len(set(letters)) == len(letters) == len(sent)
    assert (await Meeting.get(id=life.meeting_id)).deleted_at is None or not life.stands
