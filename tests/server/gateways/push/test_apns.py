from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from server.gateways.errors import PermanentFailure, TemporaryFailure
from server.gateways.push.apns import ApnsGateway
from server.gateways.push.keys import signing_key
from server.gateways.push.notice import Addressee, DeviceGone
from tests.server.gateways.push.apple import Apple, apple
from tests.server.gateways.push.notices import NOW, a_notice
from tests.server.gateways.push.serving import Response
from tests.server.gateways.push.watch import Watch

PHONE = Addressee("ab" * 32)


@pytest.fixture
async def there(watch: Watch, certificate: Path) -> AsyncIterator[Apple]:
    async with apple(certificate, now=watch) as service:
        yield service


@pytest.fixture
async def gateway(there: Apple) -> AsyncIterator[ApnsGateway]:
    made = ApnsGateway(
        url=there.url,
        key=signing_key(there.pem),
        key_id=there.key_id,
        team_id=there.team_id,
        topic=there.topic,
    )
    yield made
    await made.close()


async def test_a_notice_arrives_with_everything_that_apple_asks_for(there: Apple, gateway: ApnsGateway) -> None:
    await gateway.send(a_notice(), PHONE)
    assert there.refused == []
    (delivered,) = there.delivered
    headers = {name: value for name, value in delivered.headers.items() if name.startswith("apns-")}
    assert headers == {
        "apns-id": "6ba7b810-9dad-51d1-80b4-00c04fd430c8",
        "apns-topic": "com.example.parley",
        "apns-push-type": "alert",
        "apns-priority": "10",
        "apns-expiration": str(int(datetime(2026, 11, 24, 10, 0, tzinfo=UTC).timestamp())),
        "apns-collapse-id": "mtg_12",
    }
    assert (delivered.device, delivered.payload) == (
        PHONE.token,
        {
            "aps": {
                "alert": {"title": "New booking", "body": "Zażółć Lis, Tue 24 Nov, 11:00"},
                "category": "MEETING_BOOKED",
                "thread-id": "mtg_12",
                "interruption-level": "active",
                "sound": "default",
            },
            "meetingId": "mtg_12",
            "actions": [{"kind": "RUNNING_LATE", "token": "t"}],
        },
    )


async def test_a_silent_notice_makes_no_sound(there: Apple, gateway: ApnsGateway) -> None:
    await gateway.send(a_notice(is_silent=True), PHONE)
    (delivered,) = there.delivered
    aps = delivered.payload["aps"]
    assert ("sound" in aps, aps["interruption-level"], delivered.headers["apns-priority"]) == (False, "passive", "5")


async def test_one_provider_token_serves_for_three_quarters_of_an_hour(
    watch: Watch, there: Apple, gateway: ApnsGateway
) -> None:
    for minutes in (0, 1, 44, 45, 50, 89, 90):
        with watch.travel(NOW + timedelta(minutes=minutes)):
            await gateway.send(a_notice(), PHONE)
    assert (len(there.delivered), len(there.provider_tokens), there.refused) == (7, 3, [])


async def test_a_token_that_apple_finds_stale_is_made_anew_for_the_next_attempt(
    watch: Watch, there: Apple, gateway: ApnsGateway
) -> None:
    there.answers.append(Response(403, b'{"reason":"ExpiredProviderToken"}'))
    with pytest.raises(TemporaryFailure):
        await gateway.send(a_notice(), PHONE)
    with watch.travel(NOW + timedelta(seconds=2)):
        await gateway.send(a_notice(), PHONE)
    assert len(there.provider_tokens) == 2


async def test_a_device_that_is_gone_is_told_apart_with_the_time_since_when(there: Apple, gateway: ApnsGateway) -> None:
    there.gone[PHONE.token] = int(NOW.timestamp() * 1000) - 60_000
    with pytest.raises(DeviceGone) as gone:
        await gateway.send(a_notice(), PHONE)
    assert gone.value.since == NOW - timedelta(minutes=1)


@pytest.mark.parametrize("token", ["ab" * 16, "no hexadecimal / at all", ""])
async def test_what_is_no_device_token_is_a_device_that_is_gone(there: Apple, gateway: ApnsGateway, token: str) -> None:
    with pytest.raises(DeviceGone):
        await gateway.send(a_notice(), Addressee(token))
    assert there.delivered == []


@pytest.mark.parametrize(
    ("answer", "wish"),
    [
        (Response(429, b'{"reason":"TooManyRequests"}', {"retry-after": "120"}), 120.0),
        (Response(503, b'{"reason":"ServiceUnavailable"}', {"retry-after": "Tue, 24 Nov 2026 09:05:00 GMT"}), 300.0),
        (Response(500, b"{}", {"retry-after": "soon"}), None),
    ],
)
async def test_apple_that_is_busy_is_asked_again_when_it_says(
    there: Apple, gateway: ApnsGateway, answer: Response, wish: float | None
) -> None:
    there.answers.append(answer)
    with pytest.raises(TemporaryFailure) as failure:
        await gateway.send(a_notice(), PHONE)
    assert failure.value.retry_after == wish


async def test_a_connection_that_breaks_is_opened_again(there: Apple, gateway: ApnsGateway) -> None:
    there.answers.append(None)
    with pytest.raises(TemporaryFailure):
        await gateway.send(a_notice(), PHONE)
    await gateway.send(a_notice(), PHONE)
    assert len({one.headers["apns-id"] for one in there.delivered}) == 1
    assert len(there.delivered) == 2


async def test_a_key_that_apple_does_not_know_fails_for_good(there: Apple) -> None:
    stranger = ApnsGateway(
        url=there.url,
        key=ec.generate_private_key(ec.SECP256R1()),
        key_id=there.key_id,
        team_id=there.team_id,
        topic=there.topic,
    )
    with pytest.raises(PermanentFailure, match="403.*InvalidProviderToken"):
        await stranger.send(a_notice(), PHONE)
    await stranger.close()


async def test_a_notice_that_is_too_large_never_leaves(there: Apple, gateway: ApnsGateway) -> None:
    with pytest.raises(PermanentFailure, match="bytes"):
        await gateway.send(a_notice(body="x" * 4096), PHONE)
    assert (there.delivered, there.refused) == ([], [])
