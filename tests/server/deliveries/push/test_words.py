"""What a notice says, and what can be done from it, on every kind of device."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from server import settings
from server.changes import cursor
from server.changes.log import record_change
from server.database import transaction
from server.devices.notices import NoticeKind, plan_nudges, wake_former_host
from server.devices.register import register
from server.gateways.push.carriers import close_carriers
from server.gateways.push.keys import public_point
from server.meetings.replies import reply
from server.models import ActionToken, Attendee, Device, Outcome, User
from server.models.enums import AttendeeKind, ChangeKind, DevicePlatform, JobState, Reply
from server.worker import work_once
from tests import factories
from tests.server.deliveries.push.conftest import STARTS_AT, Story, shown
from tests.server.devices.signed_in import a_new_device, signed_in
from tests.server.gateways.push.apple import Apple
from tests.server.gateways.push.browser import Browser, browser
from tests.server.gateways.push.google import Google, google, new_key
from tests.server.gateways.push.trust import trusted
from tests.server.gateways.push.watch import Watch

WEB_KEY = ec.generate_private_key(ec.SECP256R1())
WEB_PEM = WEB_KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture(scope="module")
def google_key() -> rsa.RSAPrivateKey:
    return new_key()


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


async def a_colleague_who_attends(story: Story) -> User:
    """Somebody of the same company, whom nobody has told yet."""
    colleague = await factories.a_user(story.account, "Jan Lis")
    await Attendee.create(
        account=story.account,
        meeting=story.meeting,
        kind=AttendeeKind.USER,
        user=colleague,
        name=colleague.name,
        email=colleague.email,
    )
    return colleague


async def test_a_colleague_who_attends_reads_who_hosts_and_may_confirm(phones: Apple, story: Story) -> None:
    colleague = await a_colleague_who_attends(story)
    await register(await signed_in(colleague), a_new_device(push_token="cd" * 32))
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
    colleague = await a_colleague_who_attends(story)
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
