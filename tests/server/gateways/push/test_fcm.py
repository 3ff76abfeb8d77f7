from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from server.gateways.errors import PermanentFailure, TemporaryFailure
from server.gateways.push.fcm import FcmGateway
from server.gateways.push.keys import service_account
from server.gateways.push.notice import Addressee, DeviceGone
from tests.server.gateways.push.google import Google, google, new_key
from tests.server.gateways.push.notices import NOW, a_notice
from tests.server.gateways.push.serving import Response
from tests.server.gateways.push.watch import Watch

PHONE = Addressee("fcm-registration:APA91b")


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return new_key()


@pytest.fixture
async def there(watch: Watch, certificate: Path, key: rsa.RSAPrivateKey) -> AsyncIterator[Google]:
    async with google(certificate, key, now=watch) as service:
        yield service


@pytest.fixture
async def gateway(there: Google) -> AsyncIterator[FcmGateway]:
    made = FcmGateway(url=there.url, account=service_account(there.credentials))
    yield made
    await made.close()


async def test_a_notice_arrives_in_the_form_of_the_contract(there: Google, gateway: FcmGateway) -> None:
    await gateway.send(a_notice(), PHONE)
    assert there.refused == []
    assert there.delivered == [
        {
            "token": PHONE.token,
            "data": {
                "kind": "MEETING_BOOKED",
                "title": "New booking",
                "body": "Zażółć Lis, Tue 24 Nov, 11:00",
                "tag": "mtg_12",
                "silent": "false",
                "meetingId": "mtg_12",
                "actions": '[{"kind":"RUNNING_LATE","token":"t"}]',
            },
            "android": {"collapse_key": "mtg_12", "priority": "HIGH", "ttl": "3600s"},
        }
    ]


async def test_a_silent_notice_says_so_and_wakes_nobody(there: Google, gateway: FcmGateway) -> None:
    await gateway.send(a_notice(is_silent=True), PHONE)
    (message,) = there.delivered
    assert (message["data"]["silent"], message["android"]["priority"]) == ("true", "NORMAL")


async def test_an_access_token_serves_until_shortly_before_it_ends(
    watch: Watch, there: Google, gateway: FcmGateway
) -> None:
    for minutes in (0, 30, 54, 55, 60):
        with watch.travel(NOW + timedelta(minutes=minutes)):
            await gateway.send(a_notice(), PHONE)
    assert (len(there.delivered), len(there.access_tokens)) == (5, 2)


async def test_an_access_token_that_was_taken_back_is_asked_for_anew(there: Google, gateway: FcmGateway) -> None:
    await gateway.send(a_notice(), PHONE)
    there.access_tokens.append("somebody else's")
    with pytest.raises(TemporaryFailure, match="401"):
        await gateway.send(a_notice(), PHONE)
    await gateway.send(a_notice(), PHONE)
    assert len(there.delivered) == 2


async def test_an_app_that_was_removed_is_a_device_that_is_gone(there: Google, gateway: FcmGateway) -> None:
    there.gone.add(PHONE.token)
    with pytest.raises(DeviceGone):
        await gateway.send(a_notice(), PHONE)


async def test_a_project_that_is_not_there_takes_no_device_away(there: Google) -> None:
    elsewhere = FcmGateway(url=there.url, account=service_account(there.credentials) | {"project_id": "another"})
    with pytest.raises(PermanentFailure, match="404") as failure:
        await elsewhere.send(a_notice(), PHONE)
    await elsewhere.close()
    assert not isinstance(failure.value, DeviceGone)


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_google_that_is_busy_is_asked_again_when_it_says(there: Google, gateway: FcmGateway, status: int) -> None:
    there.answers.append(Response(status, b"{}", {"retry-after": "60"}))
    with pytest.raises(TemporaryFailure) as failure:
        await gateway.send(a_notice(), PHONE)
    assert failure.value.retry_after == 60.0


async def test_credentials_that_google_does_not_know_fail_for_good(there: Google) -> None:
    account = service_account(there.credentials) | {"client_email": "somebody@else.example"}
    stranger = FcmGateway(url=there.url, account=account)
    with pytest.raises(PermanentFailure, match="no access token.*invalid_grant"):
        await stranger.send(a_notice(), PHONE)
    await stranger.close()


async def test_a_notice_that_is_too_large_never_leaves(there: Google, gateway: FcmGateway) -> None:
    with pytest.raises(PermanentFailure, match="bytes"):
        await gateway.send(a_notice(body="x" * 4096), PHONE)
    assert there.delivered == []
