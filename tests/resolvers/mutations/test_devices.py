"""What phones ask for when they want to be woken, and what their notices send back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from server import clock, settings
from server.gateways.push.keys import public_point
from server.models import Device, Job, Meeting, User
from server.models.enums import JobKind, NotificationActionKind
from server.notifications.action_tokens import offer
from server.outbox import enqueue
from tests.factories import a_meeting, a_user, an_account
from tests.resolvers.asking import answer, viewer_for
from tests.resolvers.documents import operation
from tests.server.devices.signed_in import IPHONE, WEB_KEYS, signed_in

DEVICES = """{ devices(first: 10) { edges { node {
  id platform name locale hidesDetails isCurrent } } } webPushPublicKey }"""
UNREGISTER = """mutation ($input: UnregisterDeviceInput!) { unregisterDevice(input: $input) {
  unregisteredId userErrors { code path } } }"""


async def registered(viewer: Any, **input: Any) -> Any:
    """What `registerDevice` answers."""
    given = {"platform": "IOS", "pushToken": IPHONE, "name": "Anna's phone"} | input
    return (await answer(operation("register_device"), viewer, input=given))["registerDevice"]


async def test_a_device_is_registered_listed_and_left_in_peace(db: str) -> None:
    user = await a_user(await an_account(), locale="pl")
    viewer, elsewhere = await signed_in(user), await signed_in(user)
    told = await registered(viewer)
    assert told["userErrors"] == []
    id = told["device"]["id"]
    for asking, is_current in ((viewer, True), (elsewhere, False)):
        data = await answer(DEVICES, asking)
        shown = {
            "id": id,
            "platform": "IOS",
            "name": "Anna's phone",
            "locale": "pl",
            "hidesDetails": False,
            "isCurrent": is_current,
        }
        assert data == {"devices": {"edges": [{"node": shown}]}, "webPushPublicKey": None}
    gone = (await answer(UNREGISTER, viewer, input={"device": id}))["unregisterDevice"]
    assert gone == {"unregisteredId": id, "userErrors": []}
    again = (await answer(UNREGISTER, viewer, input={"device": id}))["unregisterDevice"]
    assert again == {"unregisteredId": None, "userErrors": [{"code": "NOT_FOUND", "path": ["device"]}]}


async def test_a_browser_registers_with_its_keys_and_is_told_ours(db: str, in_use: settings.Settings) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    settings.use(in_use.model_copy(update={"web_push_key": pem, "web_push_contact": "mailto:ops@example.com"}))
    viewer = await signed_in(await a_user(await an_account()))
    assert (await answer(DEVICES, viewer))["webPushPublicKey"] == public_point(key)
    given = {"platform": "WEB", "pushToken": "https://push.example/x", "webKeys": WEB_KEYS, "hidesDetails": True}
    assert (await registered(viewer, **given))["userErrors"] == []
    device = await Device.get()
    assert (device.web_keys, device.hides_details) == (WEB_KEYS, True)


async def test_a_wrong_token_is_told_where_it_stands(db: str) -> None:
    viewer = await signed_in(await a_user(await an_account()))
    told = await registered(viewer, platform="WEB", pushToken="ftp://x")
    assert (told["device"], [(one["code"], one["path"]) for one in told["userErrors"]]) == (
        None,
        [("PUSH_TOKEN_INVALID", ["pushToken"]), ("PUSH_TOKEN_INVALID", ["webKeys"])],
    )


async def test_a_program_cannot_be_woken(db: str) -> None:
    told = await registered(viewer_for(await a_user(await an_account()), token_id=1))
    assert [one["code"] for one in told["userErrors"]] == ["FORBIDDEN"]


@pytest.fixture
async def token(db: str) -> str:
    """What the notice of a meeting that begins soon carries."""
    host = await a_user(await an_account(), time_zone="Europe/Warsaw")
    meeting = await a_meeting(host, clock.now() + timedelta(minutes=30))
    job = await Job.get(id=await enqueue(JobKind.PUSH, account_id=host.account_id, meeting_id=meeting.id))
    kind = NotificationActionKind.SET_OUTCOME
    return (await offer(kind, job, user_id=host.id, expires_at=meeting.ends_at)).token


async def test_a_notice_acts_where_nobody_is_signed_in(token: str) -> None:
    meeting, document = await Meeting.get(), operation("perform_notification_action")
    given = {"token": token, "action": "SET_OUTCOME", "outcome": "COMPLETED"}
    told = (await answer(document, input=given))["performNotificationAction"]
    assert told == {
        "performed": {
            "action": "SET_OUTCOME",
            "meetingId": f"mtg_{meeting.id}",
            "startsAt": f"{meeting.starts_at:%Y-%m-%dT%H:%M:%SZ}",
            "message": "Saved: Completed",
        },
        "userErrors": [],
    }
    again = (await answer(document, input=given))["performNotificationAction"]
    assert (again["performed"], [one["code"] for one in again["userErrors"]]) == (None, ["TOKEN_EXPIRED"])


async def test_whoever_was_put_out_acts_no_more(token: str) -> None:
    await User.all().update(is_active=False)
    given = {"token": token, "outcome": "COMPLETED"}
    told = (await answer(operation("perform_notification_action"), input=given))["performNotificationAction"]
    assert [(one["code"], one["path"]) for one in told["userErrors"]] == [("TOKEN_EXPIRED", ["token"])]
