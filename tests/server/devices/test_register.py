from __future__ import annotations

from datetime import timedelta

import pytest

from server import clock
from server.accounts.sessions import sign_out
from server.accounts.viewer import Viewer
from server.database import fetch
from server.devices import queries
from server.devices.notices import BEFORE_START
from server.devices.register import LONGEST_TOKEN, register, unregister
from server.errors import ErrorCode, Refused
from server.models import Device, Job, Meeting
from server.models.enums import DevicePlatform, JobKind
from tests.factories import a_meeting, a_user, an_account
from tests.resolvers.asking import viewer_for
from tests.server.devices.signed_in import IPHONE, TOKENS, WEB_KEYS, a_device, a_new_device, signed_in

DAY = timedelta(days=1)


@pytest.mark.parametrize("platform", DevicePlatform)
async def test_a_device_is_kept_as_it_said(db: str, platform: DevicePlatform) -> None:
    user = await a_user(await an_account())
    viewer = await signed_in(user)
    number = await register(viewer, a_new_device(platform, name=" Anna's  phone ", locale="pl", hides_details=True))
    device = await Device.get(id=number)
    assert (device.user_id, device.session_id, device.platform) == (user.id, viewer.session_id, platform)
    assert (device.push_token, device.name, device.locale) == (TOKENS[platform], "Anna's phone", "pl")
    keys = WEB_KEYS if platform is DevicePlatform.WEB else None
    assert (device.web_keys, device.hides_details) == (keys, True)


async def test_the_same_token_is_the_same_device_with_what_it_says_now(db: str) -> None:
    user = await a_user(await an_account())
    first = await a_device(user)
    viewer = await signed_in(user)
    with clock.travel(clock.now() + timedelta(hours=1)):
        again = await register(viewer, a_new_device(name="Renamed"))
    device = await Device.get()
    assert (again, device.name, device.session_id) == (first.id, "Renamed", viewer.session_id)
    assert device.registered_at - first.registered_at >= timedelta(hours=1)


@pytest.mark.parametrize("is_same_account", [True, False])
async def test_a_phone_that_changes_hands_is_the_next_users_only(db: str, is_same_account: bool) -> None:
    account = await an_account()
    before = await a_device(await a_user(account))
    after = await a_device(await a_user(account if is_same_account else await an_account("Other"), "Jan Lis"))
    assert after.id != before.id
    assert [one.id for one in await Device.all()] == [after.id]


async def test_what_happened_while_nobody_was_signed_in_has_its_nudges(db: str) -> None:
    """The phone is the same one; a meeting was moved and another booked since its user signed out."""
    host = await a_user(await an_account())
    moved = await a_meeting(host, clock.now() + timedelta(days=1))
    viewer = await signed_in(host)
    await register(viewer, a_new_device())
    await sign_out(viewer)
    await Meeting.all().update(starts_at=moved.starts_at + DAY, ends_at=moved.ends_at + DAY)
    booked = await a_meeting(host, clock.now() + timedelta(days=3))
    await register(await signed_in(host), a_new_device())
    nudges = [(one.meeting_id, one.payload["kind"], one.run_at) for one in await Job.all().order_by("run_at")]
    stand = [await Meeting.get(id=one.id) for one in (moved, booked)]
    assert nudges == [
        nudge
        for one in stand
        for nudge in (
            (one.id, "MEETING_STARTING", one.starts_at - BEFORE_START),
            (one.id, "MEETING_ENDED", one.ends_at),
        )
    ]


async def test_the_same_key_gives_the_same_device(db: str) -> None:
    viewer = await signed_in(await a_user(await an_account()))
    numbers = {await register(viewer, a_new_device(idempotency_key="k")) for _ in range(3)}
    assert len(numbers) == 1
    with pytest.raises(Refused) as refused:
        await register(viewer, a_new_device(name="Other", idempotency_key="k"))
    assert refused.value.complaints[0].code is ErrorCode.IDEMPOTENCY_KEY_REUSED


async def test_a_program_is_not_woken_although_it_acts_as_a_user(db: str) -> None:
    user = await a_user(await an_account())
    for viewer in (viewer_for(user, token_id=1), viewer_for(user, user_id=None, token_id=1)):
        with pytest.raises(Refused) as refused:
            await register(viewer, a_new_device())
        assert refused.value.complaints[0].code is ErrorCode.FORBIDDEN


@pytest.mark.parametrize(
    ("platform", "token"),
    [
        (DevicePlatform.IOS, ""),
        (DevicePlatform.IOS, "xyz" * 30),
        (DevicePlatform.IOS, "ab" * 10),
        (DevicePlatform.ANDROID, ""),
        (DevicePlatform.ANDROID, "with a space"),
        (DevicePlatform.ANDROID, "zażółć"),
        (DevicePlatform.WEB, "http://push.example/x"),
        (DevicePlatform.WEB, "https://user@push.example/x"),
        (DevicePlatform.WEB, "https://[/x"),
        (DevicePlatform.WEB, "abc"),
    ],
)
async def test_what_no_service_gives_out_is_refused(db: str, platform: DevicePlatform, token: str) -> None:
    viewer = await signed_in(await a_user(await an_account()))
    with pytest.raises(Refused) as refused:
        await register(viewer, a_new_device(platform, push_token=token))
    (complaint,) = refused.value.complaints
    assert (complaint.code, complaint.path) == (ErrorCode.PUSH_TOKEN_INVALID, ("pushToken",))


@pytest.mark.parametrize(
    "keys",
    [
        {"p256dh": "", "auth": ""},
        {"p256dh": WEB_KEYS["auth"], "auth": WEB_KEYS["auth"]},
        {"p256dh": WEB_KEYS["p256dh"], "auth": "§"},
    ],
)
async def test_a_browser_needs_its_keys(db: str, keys: dict[str, str]) -> None:
    viewer = await signed_in(await a_user(await an_account()))
    with pytest.raises(Refused) as refused:
        await register(viewer, a_new_device(DevicePlatform.WEB, **keys))
    (complaint,) = refused.value.complaints
    assert (complaint.code, complaint.path) == (ErrorCode.PUSH_TOKEN_INVALID, ("webKeys",))


async def test_everything_that_is_wrong_is_told_at_once(db: str) -> None:
    viewer = await signed_in(await a_user(await an_account()))
    with pytest.raises(Refused) as refused:
        await register(viewer, a_new_device(push_token="a" * (LONGEST_TOKEN + 1), name="n" * 201))
    assert [(one.code, one.path) for one in refused.value.complaints] == [
        (ErrorCode.TEXT_TOO_LONG, ("pushToken",)),
        (ErrorCode.TEXT_TOO_LONG, ("name",)),
    ]


async def test_the_devices_of_a_user_are_bounded_and_the_oldest_goes(db: str) -> None:
    user = await a_user(await an_account())
    viewer = await signed_in(user)
    now = clock.now()
    for number in range(queries.AT_MOST + 2):
        with clock.travel(now + timedelta(minutes=number)):
            await register(viewer, a_new_device(push_token=f"{number:064x}"))
    kept = await Device.all().order_by("id").values_list("push_token", flat=True)
    assert kept == [f"{number:064x}" for number in range(2, queries.AT_MOST + 2)]


async def test_a_device_is_left_in_peace_by_its_owner_only(db: str) -> None:
    account = await an_account()
    owner = await a_user(account)
    device = await a_device(owner)
    with pytest.raises(Refused) as refused:
        await unregister(await signed_in(await a_user(account, "Jan Lis")), device.id)
    assert refused.value.complaints[0].code is ErrorCode.NOT_FOUND
    await unregister(await signed_in(owner), device.id)
    assert await Device.all().count() == 0


async def test_signing_out_takes_the_device_out_of_the_list(db: str) -> None:
    user = await a_user(await an_account())
    viewer = await signed_in(user)
    await register(viewer, a_new_device())
    assert await shown(viewer) == [IPHONE]
    await sign_out(viewer)
    assert await shown(viewer) == []


async def shown(viewer: Viewer) -> list[str]:
    """The push tokens of the viewer's devices."""
    rows = queries.devices(viewer)
    found = await fetch(f"SELECT t.push_token FROM device t WHERE {rows.condition}", *rows.parameters)
    return [row[0] for row in found]


async def test_the_first_device_brings_the_nudges_of_what_was_agreed_before(db: str) -> None:
    user = await a_user(await an_account())
    now = clock.now()
    running = await a_meeting(user, now - timedelta(minutes=10))
    later = await a_meeting(user, now + timedelta(days=1))
    await a_meeting(user, now + timedelta(days=2), canceled_at=now)
    await a_meeting(user, now - timedelta(days=2))
    await a_device(user)
    await a_device(user, DevicePlatform.ANDROID)
    planned = await Job.filter(kind=JobKind.PUSH).order_by("run_at")
    assert [(one.meeting_id, one.payload["kind"], one.run_at) for one in planned] == [
        (running.id, "MEETING_ENDED", running.ends_at),
        (later.id, "MEETING_STARTING", later.starts_at - timedelta(minutes=10)),
        (later.id, "MEETING_ENDED", later.ends_at),
    ]
