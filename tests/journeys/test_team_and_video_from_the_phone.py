"""Who belongs to the team, and where they meet, tap by tap: nothing is sent but the operations of the contract."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from email.message import EmailMessage
from typing import Any

import pytest

from server.models import VideoExtension
from server.video.secrets import kept
from server.webhooks.secrets import new_secret, secret_of
from tests.journeys.office import PASSWORD, Office, a_day_ahead, event_in, scheduled, to
from tests.server.gateways.mail.receiving import words
from tests.server.video.service import VideoService, video_service

_LINK = re.compile(r"/invitation/([\w-]+)")


def token_in(mail: EmailMessage) -> str:
    found = _LINK.search(words(mail))
    assert found is not None
    return found[1]


def codes(payload: Any) -> list[str]:
    return [one["code"] for one in payload["userErrors"]]


async def test_somebody_is_invited_and_accepts_on_their_phone(office: Office) -> None:
    ada, phone = await office.phone_of(office.ada), office.phone_of_a_stranger()
    before = await ada.tap("team")
    assert (before["viewer"]["role"], len(before["users"]["edges"])) == ("ADMIN", 3)
    new = {"email": "nora@linden.example", "name": "Nora", "hasSeat": False, "idempotencyKey": "tap"}
    nora = (await ada.tap("invite_user", input=new))["user"]
    assert (nora["isInvited"], nora["role"], nora["hasSeat"]) == (True, "MEMBER", False)
    assert (await ada.tap("invite_user", input=new))["user"] == nora
    assert codes(await ada.press("invite_user", input=new | {"idempotencyKey": "again"})) == ["CONFLICT"]
    (first,) = await office.mails()
    assert (await ada.tap("resend_invitation", input={"user": nora["id"]}))["user"]["isInvited"] is True
    (mail,) = await office.mails()
    assert to([first, mail]) == ["nora@linden.example"] * 2

    chosen = {"token": token_in(first), "name": "Nora Lis", "password": PASSWORD, "deviceName": "Phone"}
    assert codes(await phone.press("accept_invitation", input=chosen)) == ["TOKEN_EXPIRED"]
    chosen["token"] = token_in(mail)
    session = (await phone.tap("accept_invitation", input=chosen))["session"]
    assert (session["viewer"]["user"]["name"], session["viewer"]["seat"]) == ("Nora Lis", False)
    phone.token = session["accessToken"]
    listed = [edge["node"] for edge in (await phone.tap("team", search="nora"))["users"]["edges"]]
    assert [(one["name"], one["isInvited"]) for one in listed] == [("Nora Lis", False)]

    seated = await ada.tap("edit_user", input={"user": nora["id"], "role": "ADMIN", "hasSeat": True})
    assert seated["user"] == {"id": nora["id"], "role": "ADMIN", "hasSeat": True}
    told = (await (await office.phone_of(office.ines)).ask("invite_user", input=new)).json()
    assert told["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_somebody_leaves_and_a_colleague_takes_over(office: Office) -> None:
    ada, ines, piotr = [await office.phone_of(user) for user in (office.ada, office.ines, office.piotr)]
    made = await scheduled(ines, office)
    away = {"startsAt": a_day_ahead(14).isoformat(), "endsAt": a_day_ahead(15).isoformat()}
    own = await scheduled(piotr, office, title="Piotr's own", **away)
    over = await scheduled(ines, office, title="Beside it", **away)
    await office.mails()
    leaves = {"user": f"usr_{office.ines.id}", "idempotencyKey": "leaves"}
    assert codes(await ada.press("deactivate_user", input=leaves)) == ["CONFLICT"]
    done = await ada.tap("deactivate_user", input=leaves | {"handOverTo": f"usr_{office.piotr.id}"})
    assert (done["user"]["isActive"], done["handedOverCount"]) == (False, 2)
    assert [one["id"] for one in done["overlapping"]] == [over["id"]]
    assert (await ines.ask("today_tab")).status_code == 401
    seen = (await piotr.tap("meeting", id=made["id"]))["meeting"]
    assert (seen["host"]["name"], seen["organizer"]["name"]) == ("Piotr Zima", "Piotr Zima")
    events = {(to([mail])[0], str(event_in(mail)["uid"])): event_in(mail) for mail in await office.mails()}
    assert len(events) == 6
    told = {(who, str(event["organizer"]), str(event.get("status"))) for (who, _), event in events.items()}
    assert told == {
        (office.contact.email, f"mailto:{office.piotr.email}", "CONFIRMED"),
        (office.piotr.email, f"mailto:{office.piotr.email}", "CONFIRMED"),
        (office.ines.email, f"mailto:{office.ines.email}", "None"),
    }

    back = await ada.tap("reactivate_user", input={"user": f"usr_{office.ines.id}"})
    assert back["user"]["isActive"] is True
    hands = {"from": f"usr_{office.piotr.id}", "to": f"usr_{office.ines.id}"}
    handed = await piotr.tap("hand_over_meetings", input=hands | {"idempotencyKey": "hands"})
    assert (handed["handedOverCount"], handed["remainingCount"]) == (3, 0)
    ines = await office.phone_of(office.ines)
    hosts = {(await ines.tap("meeting", id=one["id"]))["meeting"]["host"]["name"] for one in (made, own, over)}
    assert hosts == {"Ines Marek"}


@pytest.fixture
async def rooms(office: Office) -> AsyncIterator[VideoService]:
    """A service that makes rooms, which the office's administrator has entered."""
    async with video_service() as service:
        secret = new_secret()
        service.secret = secret_of(secret)
        service.users = {user.email: user.email for user in (office.ines, office.piotr)}
        await VideoExtension.create(account=office.account, name="Rooms", secret=kept([secret]), **service.urls)
        yield service


@pytest.mark.capability("S2-12", "S2-13", "S2-14", "S2-15", "S2-37", "S2-47")
async def test_a_video_account_is_connected_and_chosen_in_the_form(office: Office, rooms: VideoService) -> None:
    phone, other = await office.phone_of(office.ines), await office.phone_of(office.piotr)
    contact, me = f"con_{office.contact.id}", f"usr_{office.ines.id}"
    shown = await phone.tap("video_accounts")
    assert (shown["videoAccounts"], [one["name"] for one in shown["videoExtensions"]]) == ([], ["Rooms"])
    extension = shown["videoExtensions"][0]["id"]
    strange = {"extension": extension, "email": "somebody@else.example"}
    assert codes(await phone.press("connect_video", input=strange)) == ["VIDEO_EMAIL_MISMATCH"]
    made = []
    for name in ("small", "large"):
        given = {"extension": extension, "externalId": name, "idempotencyKey": name}
        made.append((await phone.tap("connect_video", input=given))["videoAccount"])
    small, large = made
    assert (small["isDefault"], large["isDefault"], small["email"]) == (True, False, office.ines.email)
    await phone.tap("edit_video_account", input={"videoAccount": large["id"]})

    form = await phone.tap("schedule_meeting_form", contact=contact)
    assert [(one["id"], one["isDefault"]) for one in form["videoAccounts"]] == [
        (large["id"], True),
        (small["id"], False),
    ]
    for host, count in ((me, 2), (f"usr_{office.piotr.id}", 0)):
        day = {"from": a_day_ahead(8).isoformat(), "to": a_day_ahead(18).isoformat()}
        (free,) = (await phone.tap("check_availability", hosts=[host], **day))["hostAvailability"]
        chosen = (await phone.tap("schedule_meeting_form", contact=contact, host=host))["videoAccounts"]
        assert ("VIDEO" in free["locationKinds"], len(chosen)) == (count > 0, count)

    place = {"location": {"kind": "VIDEO"}, "client": "MOBILE_IOS"}
    meeting = await scheduled(phone, office, videoAccount=small["id"], **place)
    mails = await office.mails()
    seen = (await phone.tap("meeting", id=meeting["id"]))["meeting"]
    assert (seen["location"]["kind"], seen["location"]["provider"]) == ("VIDEO", "EXTENSION")
    assert seen["location"]["joinUrl"] == "https://rooms.example/room-1"
    assert {str(event_in(mail)["location"]) for mail in mails} == {"Video call: https://rooms.example/room-1"}
    usual = await scheduled(
        phone,
        office,
        location={"kind": "VIDEO"},
        startsAt=a_day_ahead(13).isoformat(),
        endsAt=a_day_ahead(14).isoformat(),
    )
    await office.mails()
    assert [one["data"]["account"]["id"] for one in rooms.asked if one["type"] == "room.create"] == ["small", "large"]
    moved = {"meeting": usual["id"], "changes": {"location": {"kind": "PHONE", "text": "+48 600 100 200"}}}
    assert (await phone.tap("edit_meeting", input=moved))["meeting"]["location"]["provider"] is None
    await office.mails()
    assert len(rooms.rooms) == 1

    refused = await other.press("disconnect_video", input={"videoAccount": small["id"]})
    assert codes(refused) == ["FORBIDDEN"]
    for account in (large, small):
        gone = await phone.tap("disconnect_video", input={"videoAccount": account["id"]})
        assert gone["disconnectedId"] == account["id"]
    assert (await phone.tap("video_accounts", user=me))["videoAccounts"] == []
