"""Video rooms from the door: entered, connected, chosen on a phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server import clock
from server.models import Meeting
from tests.factories import a_user
from tests.resolvers.asking import answer, viewer_for
from tests.server.gateways.mail.receiving import Receiver
from tests.server.video.conftest import Cast, cast, post, service
from tests.server.video.service import VideoService

__all__ = ["Receiver", "VideoService", "cast", "post", "service"]

CREATE = """mutation ($input: CreateVideoExtensionInput!) { createVideoExtension(input: $input) {
  videoExtension { id name createUrl isActive } secret userErrors { code path } } }"""
EDIT = """mutation ($input: EditVideoExtensionInput!) { editVideoExtension(input: $input) {
  videoExtension { name verifyUrl isActive } secret userErrors { code path } } }"""
CONNECT = """mutation ($input: ConnectVideoInput!) { connectVideo(input: $input) {
  videoAccount { id kind provider isDefault email externalId } userErrors { code path } } }"""
ACCOUNTS = "query ($user: ID) { videoAccounts(user: $user) { provider isDefault email externalId } }"
SCHEDULE = """mutation ($input: ScheduleMeetingInput!) { scheduleMeeting(input: $input) {
  meeting { id location { kind joinUrl provider } } userErrors { code path } } }"""
MEETING = "query ($id: ID!) { meeting(id: $id) { version location { kind joinUrl provider } } }"


def signed_in(user: Any) -> Any:
    return viewer_for(user, session_id=1)


@pytest.mark.capability("S2-14")
async def test_administrator_enters_an_extension(cast: Cast) -> None:
    admin = signed_in(cast.admin)
    given = {"name": "Desk", "createUrl": "https://1.1.1.1/rooms", "idempotencyKey": "k"}
    made = (await answer(CREATE, admin, input=given))["createVideoExtension"]
    number = made["videoExtension"].pop("id")
    assert made["videoExtension"] == {"name": "Desk", "createUrl": "https://1.1.1.1/rooms", "isActive": True}
    assert made["secret"].startswith("whsec_")
    changes = {"videoExtension": number, "isActive": False, "verifyUrl": "https://1.1.1.1/who", "rotateSecret": True}
    edited = (await answer(EDIT, admin, input=changes))["editVideoExtension"]
    assert edited["videoExtension"] == {"name": "Desk", "verifyUrl": "https://1.1.1.1/who", "isActive": False}
    assert edited["secret"] not in (None, made["secret"])
    listed = "{ videoExtensions { name createUrl } }"
    assert (await answer(listed, signed_in(cast.ines)))["videoExtensions"] == [
        {"name": "Desk", "createUrl": None},
        {"name": "Rooms", "createUrl": None},
    ]
    gone = "mutation ($input: DeleteVideoExtensionInput!) { deleteVideoExtension(input: $input) { deletedId } }"
    deleted = await answer(gone, admin, input={"videoExtension": number})
    assert deleted == {"deleteVideoExtension": {"deletedId": number}}


@pytest.mark.capability("S2-36")
@pytest.mark.capability("S2-37")
async def test_phone_schedules_over_video_with_the_hosts_account(cast: Cast) -> None:
    """The source app has no video on a phone; this one has."""
    ines = signed_in(cast.ines)
    connected = (await answer(CONNECT, ines, input={"extension": f"vex_{cast.extension.id}"}))["connectVideo"]
    account = connected["videoAccount"].pop("id")
    shown = {"provider": "Rooms", "isDefault": True, "email": cast.ines.email, "externalId": "u-1"}
    assert connected == {"videoAccount": {"kind": "EXTENSION", **shown}, "userErrors": []}
    hidden = {"provider": "Rooms", "isDefault": True, "email": None, "externalId": None}
    colleague = signed_in(await _somebody(cast))
    assert (await answer(ACCOUNTS, ines))["videoAccounts"] == [shown]
    assert (await answer(ACCOUNTS, colleague, user=f"usr_{cast.ines.id}"))["videoAccounts"] == [hidden]
    starts_at = clock.now() + timedelta(days=2)
    given = {
        "title": "Roof plans",
        "startsAt": f"{starts_at:%Y-%m-%dT%H:%M:%SZ}",
        "endsAt": f"{starts_at + timedelta(minutes=30):%Y-%m-%dT%H:%M:%SZ}",
        "attendees": [{"contact": f"con_{cast.contact.id}"}],
        "location": {"kind": "VIDEO"},
        "videoAccount": account,
        "client": "MOBILE_ANDROID",
    }
    meeting = (await answer(SCHEDULE, ines, input=given))["scheduleMeeting"]["meeting"]
    assert meeting["location"] == {"kind": "VIDEO", "joinUrl": None, "provider": "EXTENSION"}
    await cast.until_quiet()
    found = (await answer(MEETING, ines, id=meeting["id"]))["meeting"]
    place = {"kind": "VIDEO", "joinUrl": "https://rooms.example/room-1", "provider": "EXTENSION"}
    assert found == {"version": 1, "location": place}
    assert await Meeting.filter(source="MOBILE_ANDROID").count() == 1


@pytest.mark.capability("S2-36")
@pytest.mark.parametrize("kind", ["ADDRESS", "PHONE", "CUSTOM"])
async def test_phone_schedules_in_the_other_places_too(cast: Cast, kind: str) -> None:
    starts_at = clock.now() + timedelta(days=2)
    given = {
        "title": "Roof plans",
        "startsAt": f"{starts_at:%Y-%m-%dT%H:%M:%SZ}",
        "endsAt": f"{starts_at + timedelta(minutes=30):%Y-%m-%dT%H:%M:%SZ}",
        "location": {"kind": kind, "text": "Somewhere 5"},
        "client": "MOBILE_IOS",
    }
    meeting = (await answer(SCHEDULE, signed_in(cast.ines), input=given))["scheduleMeeting"]["meeting"]
    assert meeting["location"] == {"kind": kind, "joinUrl": None, "provider": None}


@pytest.mark.capability("S2-15")
async def test_other_address_is_said_at_the_door(cast: Cast) -> None:
    cast.service.users = {}
    told = await answer(CONNECT, signed_in(cast.ines), input={"extension": f"vex_{cast.extension.id}"})
    wrong = [{"code": "VIDEO_EMAIL_MISMATCH", "path": ["email"]}]
    assert told == {"connectVideo": {"videoAccount": None, "userErrors": wrong}}


async def _somebody(cast: Cast) -> Any:
    return await a_user(cast.account, "Nora Next")
