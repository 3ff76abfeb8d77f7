from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from server import clock, settings
from server.accounts.sessions import sign_out
from server.changes import cursor
from server.changes.log import record_change
from server.database import transaction
from server.deliveries.push import deliver_push
from server.devices.notices import NoticeKind, plan_nudges, wake_colleagues, wake_former_host
from server.devices.register import register
from server.gateways.push.carriers import close_carriers
from server.gateways.push.keys import public_point
from server.meetings.replies import reply
from server.models import Account, ActionToken, Attendee, Device, Job, Meeting, Outcome, User
from server.models.enums import AccountKind, AttendeeKind, ChangeKind, DevicePlatform, JobKind, JobState, Reply
from server.outbox import claim, finish
from server.worker import work_once
from tests import factories
from tests.server.devices.signed_in import IPHONE, a_new_device, signed_in
from tests.server.gateways.push.apple import Apple, apple
from tests.server.gateways.push.browser import Browser, browser
from tests.server.gateways.push.google import Google, google, new_key
from tests.server.gateways.push.serving import Response
from tests.server.gateways.push.trust import trusted
from tests.server.gateways.push.watch import Watch

NOW = datetime(2027, 2, 15, 12, 0, tzinfo=UTC)
STARTS_AT = datetime(2027, 2, 16, 15, 30, tzinfo=UTC)
WEB_KEY = ec.generate_private_key(ec.SECP256R1())
WEB_PEM = WEB_KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


class Story:
    """Ines in Warsaw hosts, Tomasz booked; she is signed in on an iPhone."""

    account: Account
    host: User
    meeting: Meeting
    device: Device

    async def wake(self, kind: NoticeKind, *, actor: str = "visitor", **how: Any) -> None:
        """What a verb promises, nudges apart."""
        await wake_colleagues(self.meeting, kind, actor=actor, **how)
        await Job.filter(kind=JobKind.PUSH, run_at__gt=clock.now()).delete()

    async def job(self) -> Job:
        """The notice that was promised last."""
        found = await Job.filter(kind=JobKind.PUSH).order_by("-id").first()
        assert found is not None
        return found


@pytest.fixture(scope="module")
def google_key() -> rsa.RSAPrivateKey:
    return new_key()


@pytest.fixture
def watch() -> Any:
    found = Watch(NOW)
    with found.travel(NOW):
        yield found


@pytest.fixture
async def phones(
    db: str, in_use: settings.Settings, watch: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Apple]:
    """Apple, with the settings of somebody who has its key."""
    async with apple(trusted(tmp_path, monkeypatch), now=watch) as service:
        settings.use(in_use.model_copy(update=service.settings))
        yield service
        await close_carriers()


@pytest.fixture
async def story(phones: Apple) -> Story:
    made = Story()
    made.account = await factories.an_account()
    made.host = await factories.a_user(made.account, "Ines Marek")
    contact = await factories.a_contact(made.account, "Tomasz", "Lis")
    made.meeting = await factories.a_meeting(made.host, STARTS_AT, contact=contact, title="Salary talk")
    made.device = await Device.get(id=await register(await signed_in(made.host), a_new_device()))
    await Job.all().delete()
    return made


def shown(phones: Apple) -> list[tuple[str, str]]:
    """Title and text of every notice that arrived."""
    return [tuple(one.payload["aps"]["alert"].values()) for one in phones.delivered]  # type: ignore[misc]  # two each


async def test_a_booking_is_shown_with_whom_and_when_and_nothing_of_what_it_is_about(
    phones: Apple, story: Story
) -> None:
    async with transaction():
        number = await record_change(ChangeKind.MEETING_BOOKED, account_id=story.account.id, actor="visitor")
    await story.wake(NoticeKind.MEETING_BOOKED)
    await work_once()
    assert phones.refused == []
    assert shown(phones) == [("New booking", "Tomasz Lis, Tue 16 Feb, 16:30")]
    (delivered,) = phones.delivered
    assert {key: value for key, value in delivered.payload.items() if key != "aps"} == {
        "meetingId": f"mtg_{story.meeting.id}",
        "cursor": cursor.write(number),
        "startsAt": "2027-02-16T15:30:00Z",
        "kind": "MEETING_BOOKED",
        "actions": [],
    }
    assert "Salary" not in json.dumps(delivered.payload)
    assert (delivered.headers["apns-collapse-id"], delivered.headers["apns-expiration"]) == (
        f"mtg_{story.meeting.id}",
        str(int(STARTS_AT.timestamp())),
    )
    assert (await story.job()).state is JobState.DONE


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("pl", ("Spotkanie przeniesione", "Tomasz Lis, wt., 16 lut, 16:30, było wt., 16 lut, 15:30")),
        ("en-US", ("Meeting moved", "Tomasz Lis, Tue, Feb 16, 4:30 PM, was Tue, Feb 16, 3:30 PM")),
        ("zh-Hant", ("會議已改期", "Tomasz Lis，2月16日 週二 下午4:30，原為 2月16日 週二 下午3:30")),
    ],
)
async def test_a_notice_speaks_the_language_of_its_device(
    phones: Apple, story: Story, locale: str, said: tuple[str, str]
) -> None:
    await Device.all().update(locale=locale)
    hour = timedelta(hours=1)
    await story.wake(NoticeKind.MEETING_MOVED, was=(STARTS_AT - hour, story.meeting.ends_at - hour))
    await work_once()
    assert shown(phones) == [said]


async def test_a_device_that_hides_details_says_only_what_kind_of_thing_happened(phones: Apple, story: Story) -> None:
    await Device.all().update(hides_details=True)
    await story.wake(NoticeKind.MEETING_BOOKED)
    await work_once()
    assert shown(phones) == [("New booking", "")]


async def test_a_colleague_who_attends_reads_who_hosts_and_may_confirm(phones: Apple, story: Story) -> None:
    colleague = await factories.a_user(story.account, "Jan Lis")
    await register(await signed_in(colleague), a_new_device(push_token="cd" * 32))
    await Attendee.create(
        account=story.account,
        meeting=story.meeting,
        kind=AttendeeKind.USER,
        user=colleague,
        name=colleague.name,
        email=colleague.email,
    )
    await story.wake(NoticeKind.MEETING_SCHEDULED, actor=f"user:{story.host.id}")
    await work_once()
    (delivered,) = phones.delivered
    assert (delivered.device, shown(phones)) == ("cd" * 32, [("New meeting", "Ines Marek, Tue 16 Feb, 16:30")])
    ((action),) = delivered.payload["actions"]
    assert (action["kind"], action["expiresAt"]) == ("CONFIRM", "2027-02-16T15:30:00Z")
    (token,) = await ActionToken.all()
    assert (token.user_id, token.meeting_id, action["token"] in str(token.__dict__)) == (
        colleague.id,
        story.meeting.id,
        False,
    )


async def test_a_reply_tells_the_host_who_comes(phones: Apple, story: Story) -> None:
    colleague = await factories.a_user(story.account, "Jan Lis")
    await Attendee.create(
        account=story.account,
        meeting=story.meeting,
        kind=AttendeeKind.USER,
        user=colleague,
        name=colleague.name,
        email=colleague.email,
    )
    await reply(await signed_in(colleague), story.meeting.id, Reply.DECLINED)
    await work_once()
    assert shown(phones) == [("A reply", "Jan Lis is not coming, Tue 16 Feb, 16:30")]


async def test_a_former_host_hears_of_the_time_they_knew(phones: Apple, story: Story) -> None:
    day = timedelta(days=1)
    await wake_former_host(story.meeting, story.host.id, was=(STARTS_AT - day / 2, story.meeting.ends_at - day / 2))
    await work_once()
    assert shown(phones) == [("A colleague has taken a meeting over", "Tomasz Lis, Tue 16 Feb, 4:30")]


async def test_before_the_meeting_its_host_is_offered_to_be_late_and_afterwards_asked_how_it_went(
    phones: Apple, story: Story, watch: Watch
) -> None:
    await Outcome.create(account=story.account, key="TRIAL", label="Trial agreed", position=9)
    await plan_nudges(story.meeting)
    for moment in (STARTS_AT - timedelta(minutes=10), story.meeting.ends_at):
        with watch.travel(moment):
            assert (await work_once(), await work_once()) == (1, 1)
    assert shown(phones) == [
        ("A meeting starts soon", "Tomasz Lis, 16:30"),
        ("How did it go?", "Tomasz Lis, Tue 16 Feb, 16:30"),
    ]
    before, after = (one.payload for one in phones.delivered)
    assert [(one["kind"], one["expiresAt"]) for one in before["actions"]] == [("RUNNING_LATE", "2027-02-16T16:00:00Z")]
    assert [(one["kind"], one["expiresAt"]) for one in after["actions"]] == [("SET_OUTCOME", "2027-02-23T16:00:00Z")]
    assert after["outcomes"] == [
        {"key": "COMPLETED", "label": "Completed"},
        {"key": "RESCHEDULED", "label": "Rescheduled"},
        {"key": "NO_SHOW", "label": "No show"},
        {"key": "CANCELED", "label": "Canceled"},
        {"key": "TRIAL", "label": "Trial agreed"},
    ]


async def test_a_nudge_that_is_in_other_hands_by_now_is_not_passed_on_twice(
    phones: Apple, story: Story, watch: Watch
) -> None:
    await plan_nudges(story.meeting)
    with watch.travel(STARTS_AT - timedelta(minutes=10)):
        (nudge,) = await claim("slow", 1)
        await Job.filter(id=nudge.id).update(leased_by="other")
        await deliver_push(nudge)
    assert [one.payload.get("device_id") for one in await Job.all()] == [None, None]


@pytest.mark.parametrize("overtaken", ["moved", "canceled", "deleted", "recorded", "handed over"])
async def test_a_nudge_that_was_overtaken_is_dropped(phones: Apple, story: Story, watch: Watch, overtaken: str) -> None:
    await plan_nudges(story.meeting)
    hour = timedelta(hours=1)
    changes: dict[str, Any] = {
        "moved": {"starts_at": STARTS_AT + hour, "ends_at": story.meeting.ends_at + hour},
        "canceled": {"canceled_at": NOW},
        "deleted": {"deleted_at": NOW},
        "recorded": {"outcome": await Outcome.get(account=story.account, key="COMPLETED")},
        "handed over": {"host": await factories.a_user(story.account, "Jan Lis")},
    }
    await Meeting.filter(id=story.meeting.id).update(**changes[overtaken])
    with watch.travel(story.meeting.ends_at):
        await work_once()
        await work_once()
    assert (phones.delivered, phones.refused) == ([], [])
    assert {one.state for one in await Job.all()} == {JobState.DONE}


async def test_a_booking_that_was_canceled_meanwhile_is_not_announced(phones: Apple, story: Story) -> None:
    await story.wake(NoticeKind.MEETING_BOOKED)
    await story.wake(NoticeKind.MEETING_CANCELED)
    await Meeting.filter(id=story.meeting.id).update(canceled_at=NOW)
    await work_once()
    await work_once()
    assert shown(phones) == [("Meeting canceled", "Tomasz Lis, Tue 16 Feb, 16:30")]


async def test_quiet_hours_hold_a_notice_back_until_their_end(phones: Apple, story: Story, watch: Watch) -> None:
    await User.all().update(quiet_from_minute=22 * 60, quiet_until_minute=7 * 60)
    night, morning = datetime(2027, 2, 15, 22, 0, tzinfo=UTC), datetime(2027, 2, 16, 6, 0, tzinfo=UTC)
    with watch.travel(night):
        await story.wake(NoticeKind.MEETING_BOOKED)
        await work_once()
        job = await story.job()
        assert (phones.delivered, job.state, job.run_at) == ([], JobState.WAITING, morning)
    with watch.travel(morning):
        await work_once()
        assert shown(phones) == [("New booking", "Tomasz Lis, Tue 16 Feb, 16:30")]
        assert phones.delivered[0].payload["aps"]["interruption-level"] == "active"


async def test_what_cannot_wait_for_the_end_of_the_quiet_hours_comes_without_a_sound(
    phones: Apple, story: Story, watch: Watch
) -> None:
    await User.all().update(quiet_from_minute=14 * 60, quiet_until_minute=17 * 60)
    with watch.travel(STARTS_AT - timedelta(hours=2)):
        await story.wake(NoticeKind.MEETING_BOOKED)
        await work_once()
    assert phones.delivered[0].payload["aps"]["interruption-level"] == "passive"
    await plan_nudges(story.meeting)
    with watch.travel(STARTS_AT - timedelta(minutes=10)):
        await work_once()
        await work_once()
        assert (await story.job()).last_error == "not sent: it would have rung in quiet hours"
    with watch.travel(story.meeting.ends_at):
        await work_once()
    assert len(phones.delivered) == 1


async def test_what_waits_for_the_morning_holds_up_nothing_that_cannot(
    phones: Apple, story: Story, watch: Watch
) -> None:
    await User.all().update(quiet_from_minute=22 * 60, quiet_until_minute=7 * 60)
    with watch.travel(datetime(2027, 2, 15, 22, 0, tzinfo=UTC)):
        await story.wake(NoticeKind.MEETING_BOOKED)
        await work_once()
        was = (STARTS_AT, story.meeting.ends_at)
        starts_at, ends_at = (datetime(2027, 2, 16, 5, minute, tzinfo=UTC) for minute in (0, 30))
        await Meeting.all().update(starts_at=starts_at, ends_at=ends_at)
        await story.meeting.refresh_from_db()
        await wake_colleagues(story.meeting, NoticeKind.MEETING_MOVED, actor="visitor", was=was)
        await work_once()
    assert shown(phones) == [("Meeting moved", "Tomasz Lis, Tue 16 Feb, 6:00, was Tue 16 Feb, 16:30")]
    assert phones.delivered[0].payload["aps"]["interruption-level"] == "passive"


async def test_a_dead_device_is_forgotten_unless_it_registered_since(phones: Apple, story: Story) -> None:
    phones.gone[IPHONE] = int((NOW - timedelta(days=1)).timestamp() * 1000)
    await story.wake(NoticeKind.MEETING_BOOKED)
    await work_once()
    assert await Device.all().count() == 1
    phones.gone[IPHONE] = int((NOW + timedelta(minutes=1)).timestamp() * 1000)
    await story.wake(NoticeKind.MEETING_BOOKED)
    await work_once()
    assert await Device.all().count() == 0
    assert {one.state for one in await Job.all()} == {JobState.DONE}


async def test_a_busy_service_is_asked_again_when_it_says_and_another_refusal_is_final(
    phones: Apple, story: Story
) -> None:
    phones.answers.append(Response(429, b'{"reason":"TooManyRequests"}', {"retry-after": "600"}))
    await story.wake(NoticeKind.MEETING_BOOKED)
    await work_once()
    job = await story.job()
    assert (job.state, job.run_at - NOW >= timedelta(seconds=600)) == (JobState.WAITING, True)
    await Job.all().delete()
    phones.answers.append(Response(400, b'{"reason":"BadTopic"}'))
    await story.wake(NoticeKind.MEETING_BOOKED)
    await work_once()
    job = await story.job()
    assert (job.state, job.last_error) == (JobState.DEAD, '400 {"reason":"BadTopic"}')


async def test_a_worker_that_died_after_the_answer_repeats_the_same_notice_with_the_same_buttons(
    phones: Apple, story: Story, watch: Watch
) -> None:
    await Meeting.filter(id=story.meeting.id).update(
        starts_at=NOW + timedelta(hours=1), ends_at=NOW + timedelta(hours=2)
    )
    await story.meeting.refresh_from_db()
    await story.wake(NoticeKind.MEETING_BOOKED)
    (claimed,) = await claim("died", 1)
    await deliver_push(claimed)
    with watch.travel(NOW + timedelta(minutes=1)):
        await work_once()
    first, second = phones.delivered
    assert first.headers["apns-collapse-id"] == second.headers["apns-collapse-id"]
    assert (first.headers["apns-id"], first.payload) == (second.headers["apns-id"], second.payload)
    assert first.payload["actions"][0]["kind"] == "RUNNING_LATE"
    assert await ActionToken.all().count() == 1


async def test_a_nudge_that_was_passed_on_is_not_passed_on_twice(phones: Apple, story: Story, watch: Watch) -> None:
    await plan_nudges(story.meeting)
    with watch.travel(STARTS_AT - timedelta(minutes=10)):
        (claimed,) = await claim("died", 1)
        await deliver_push(claimed)
        await deliver_push(claimed)
        await finish(claimed)
        await work_once()
    assert len(phones.delivered) == 1


@pytest.mark.parametrize("lost", ["unregistered", "signed out", "put out", "somebody else's"])
async def test_nobody_reads_what_was_for_somebody_else(phones: Apple, story: Story, lost: str) -> None:
    await story.wake(NoticeKind.MEETING_BOOKED)
    match lost:
        case "unregistered":
            await Device.all().delete()
        case "signed out":
            viewer = await signed_in(story.host)
            await register(viewer, a_new_device())
            await sign_out(viewer)
        case "put out":
            await User.filter(id=story.host.id).update(is_active=False)
        case _:
            await register(await signed_in(await factories.a_user(story.account, "Jan Lis")), a_new_device())
    await work_once()
    (job,) = await Job.filter(kind=JobKind.PUSH, lane=f"device:{story.device.id}")
    assert (phones.delivered, job.state) == ([], JobState.DONE)
    assert job.last_error == "the device is not there any more, or is somebody else's"


async def test_nothing_leaves_a_sandbox(phones: Apple, story: Story) -> None:
    await Account.all().update(kind=AccountKind.SANDBOX)
    await story.wake(NoticeKind.MEETING_BOOKED)
    await work_once()
    assert (phones.delivered, (await story.job()).last_error) == ([], "not sent: nothing leaves a sandbox account")


async def test_without_a_key_nothing_is_sent_and_with_a_wrong_one_the_job_says_so(phones: Apple, story: Story) -> None:
    mine = settings.current()
    settings.use(mine.model_copy(update={"apns_key": ""}))
    await story.wake(NoticeKind.MEETING_BOOKED)
    await work_once()
    assert ((await story.job()).state, (await story.job()).last_error) == (
        JobState.DONE,
        "not sent: no key is set for IOS",
    )
    settings.use(mine.model_copy(update={"apns_key": "-----BEGIN nonsense"}))
    await story.wake(NoticeKind.MEETING_BOOKED)
    await work_once()
    assert (await story.job()).state is JobState.DEAD


async def test_a_notice_that_comes_too_late_is_left_out(phones: Apple, story: Story, watch: Watch) -> None:
    await story.wake(NoticeKind.MEETING_BOOKED)
    with watch.travel(STARTS_AT + timedelta(minutes=1)):
        await work_once()
    assert (phones.delivered, (await story.job()).last_error) == ([], "not sent: too late")


async def test_android_and_browsers_hear_the_same(
    phones: Apple,
    story: Story,
    watch: Watch,
    google_key: rsa.RSAPrivateKey,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    certificate = trusted(tmp_path, monkeypatch)
    async with (
        google(certificate, google_key, now=watch) as android,
        browser(certificate, public_point(WEB_KEY), now=watch) as chrome,
    ):
        settings.use(settings.current().model_copy(update=_keys_of(android)))
        await _register_both(story, chrome)
        await Device.filter(platform=DevicePlatform.IOS).delete()
        await story.wake(NoticeKind.MEETING_BOOKED)
        await work_once()
        await close_carriers()
        settings.use(settings.current())
    assert (android.refused, chrome.refused) == ([], [])
    ((message), (notice)) = (android.delivered[0], chrome.shown[0])
    assert {key: message["data"][key] for key in ("title", "body", "tag", "kind")} == {
        key: notice[key] for key in ("title", "body", "tag", "kind")
    }
    assert (notice["title"], notice["body"]) == ("New booking", "Tomasz Lis, Tue 16 Feb, 16:30")
    assert (message["android"]["collapse_key"], chrome.headers[0]["topic"]) == (notice["tag"], notice["tag"])


def _keys_of(android: Google) -> dict[str, Any]:
    web = {"web_push_key": WEB_PEM, "web_push_contact": "mailto:ops@example.com", "private_hosts": ("127.0.0.1",)}
    return {**android.settings, **web}


async def _register_both(story: Story, chrome: Browser) -> None:
    viewer = await signed_in(story.host)
    await register(viewer, a_new_device(DevicePlatform.ANDROID))
    await register(viewer, a_new_device(DevicePlatform.WEB, push_token=chrome.endpoint, **chrome.keys))
