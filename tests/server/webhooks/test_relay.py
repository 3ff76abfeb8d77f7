from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from server import clock
from server.changes.forget import forget_old_changes
from server.models import Account, Change, Job, Meeting, User, Webhook
from server.models.enums import ChangeKind, JobKind, JobState, WebhookState
from server.webhooks import relay
from server.webhooks.relay import relay_changes
from tests import factories
from tests.server.changes.recording import commit_changes
from tests.server.webhooks.telling import happens

BOOKED, MOVED, OUTCOME = ChangeKind.MEETING_BOOKED, ChangeKind.MEETING_MOVED, ChangeKind.OUTCOME_RECORDED
URL = "https://hooks.example/"


async def _promised(webhook: Webhook) -> list[tuple[int, int | None]]:
    """Number and meeting of each change that was promised, in order."""
    jobs = await Job.filter(kind=JobKind.WEBHOOK, lane=f"webhook:{webhook.id}").order_by("id")
    assert all(job.payload["webhook_id"] == webhook.id and job.account_id == webhook.account_id for job in jobs)
    return [(job.payload["number"], job.meeting_id) for job in jobs]


async def test_change_is_promised_once_and_costs_its_own_transaction_nothing(meeting: Meeting, host: User) -> None:
    webhook = await factories.a_webhook(host, URL)
    numbers = await happens(meeting, BOOKED, MOVED)
    assert await Job.filter(kind=JobKind.WEBHOOK).count() == 0
    assert (await relay_changes(), await relay_changes()) == (2, 0)
    assert await _promised(webhook) == [(number, meeting.id) for number in numbers]
    assert (await Webhook.get()).position == numbers[-1]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, {"booked", "outcome", "other", "linked", "link", "other_link"}),
        ({"kinds": ["MEETING_BOOKED"]}, {"booked", "other", "linked"}),
        ({"kinds": ["MEETING_BOOKED", "LINK_CHANGED"], "link": True}, {"linked", "link"}),
        ({"link": True}, {"linked", "link"}),
        ({"host": True}, {"booked", "outcome"}),
        ({"host": True, "link": True}, set()),
    ],
)
async def test_filters_let_through_what_they_name(
    account: Account, host: User, meeting: Meeting, filters: dict[str, Any], expected: set[str]
) -> None:
    other = await factories.a_user(account, "Ada Other")
    link, other_link = await factories.a_link(other), await factories.a_link(other)
    elsewhere = await factories.a_meeting(other, clock.now() + timedelta(days=1))
    linked = await factories.a_meeting(other, clock.now() + timedelta(days=2), link=link)
    given = {"link": link, "host": host}
    chosen = {name: given[name] if value is True else value for name, value in filters.items()}
    webhook = await factories.a_webhook(host, URL, **chosen)
    named = {
        "booked": (await happens(meeting, BOOKED))[0],
        "outcome": (await happens(meeting, OUTCOME))[0],
        "other": (await happens(elsewhere, BOOKED))[0],
        "linked": (await happens(linked, BOOKED))[0],
        "link": (await commit_changes(account))[0],
        "other_link": (await commit_changes(account))[0],
    }
    for name, one in (("link", link), ("other_link", other_link)):
        await Change.filter(number=named[name]).update(data={"link_id": one.id})
    await relay_changes()
    assert [number for number, _ in await _promised(webhook)] == sorted(named[name] for name in expected)
    assert (await Webhook.get()).position == named["other_link"]


async def test_host_from_whom_a_meeting_was_taken_is_told_that_once(account: Account, host: User) -> None:
    other = await factories.a_user(account, "Ada Other")
    taken = await factories.a_meeting(other, clock.now() + timedelta(days=1))
    webhook = await factories.a_webhook(host, URL, host=host)
    moved, later = await happens(taken, MOVED, MOVED)
    await Change.filter(number=moved).update(data={"previous_host_id": host.id, "host_id": other.id})
    await relay_changes()
    assert await _promised(webhook) == [(moved, taken.id)]
    assert (await Webhook.get()).position == later


async def test_nothing_of_another_account_is_promised(host: User, meeting: Meeting) -> None:
    webhook = await factories.a_webhook(host, URL)
    stranger = await factories.a_user(await factories.an_account("Another"))
    await happens(await factories.a_meeting(stranger), BOOKED, MOVED)
    assert (await relay_changes(), await _promised(webhook)) == (0, [])


@pytest.mark.parametrize("state", [WebhookState.PAUSED, WebhookState.DISABLED])
async def test_webhook_that_is_off_stays_where_it_is_in_the_log(
    host: User, meeting: Meeting, state: WebhookState
) -> None:
    await factories.a_webhook(host, URL, state=state)
    await happens(meeting, BOOKED)
    assert (await relay_changes(), (await Webhook.get()).position) == (0, 0)


async def test_outbox_holds_a_window_of_each_webhook_and_the_log_the_rest(
    host: User, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "WINDOW", 3)
    webhook = await factories.a_webhook(host, URL, kinds=["MEETING_MOVED"])
    numbers = await happens(meeting, *[BOOKED, MOVED] * 5)
    moved = numbers[1::2]
    assert (await relay_changes(), await relay_changes()) == (3, 0)
    assert (await Webhook.get()).position == moved[3] - 1
    await Job.all().update(state=JobState.DONE)
    assert await relay_changes() == 2
    assert [number for number, _ in await _promised(webhook)] == moved


async def test_several_at_once_promise_each_change_once(host: User, meeting: Meeting) -> None:
    webhook = await factories.a_webhook(host, URL)
    numbers = await happens(meeting, *[MOVED] * 20)
    counts = await asyncio.gather(*(relay_changes() for _ in range(4)))
    assert sum(counts) == 20
    assert [number for number, _ in await _promised(webhook)] == numbers


async def test_webhook_that_was_off_for_longer_than_the_log_is_kept_goes_on_with_what_there_is(
    host: User, meeting: Meeting
) -> None:
    webhook = await factories.a_webhook(host, URL)
    numbers = await happens(meeting, *[MOVED] * 5)
    await Change.filter(number__lte=numbers[2]).update(occurred_at=clock.now() - timedelta(days=100))
    await forget_old_changes()
    await relay_changes()
    assert [number for number, _ in await _promised(webhook)] == numbers[3:]
    await happens(meeting, MOVED)
    await relay_changes()
    (told,) = await Job.filter(kind=JobKind.OWNER_WARNING_MAIL)
    assert (told.payload["about"], told.payload["owner_id"]) == ("missed", host.id)


async def test_webhook_all_of_whose_changes_are_forgotten_is_at_the_end_of_the_log(
    host: User, meeting: Meeting
) -> None:
    webhook = await factories.a_webhook(host, URL)
    numbers = await happens(meeting, *[MOVED] * 3)
    await Change.all().update(occurred_at=clock.now() - timedelta(days=100))
    await forget_old_changes()
    assert (await relay_changes(), (await Webhook.get()).position) == (0, numbers[-1])
    assert [job.payload["about"] for job in await Job.filter(kind=JobKind.OWNER_WARNING_MAIL)] == ["missed"]
    (last,) = await happens(meeting, BOOKED)
    await relay_changes()
    assert await _promised(webhook) == [(last, meeting.id)]


async def test_webhook_that_cannot_be_read_keeps_no_other_waiting(host: User, meeting: Meeting) -> None:
    broken, well = [await factories.a_webhook(host, URL) for _ in range(2)]
    numbers = await happens(meeting, BOOKED)
    await Webhook.filter(id=broken.id).update(kinds=7)
    assert await relay_changes() == 1
    assert [number for number, _ in await _promised(well)] == numbers
