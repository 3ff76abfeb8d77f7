from __future__ import annotations

import base64
import gzip
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from server import settings
from server.gateways.certificates import usual_tls
from server.gateways.errors import PermanentFailure, TemporaryFailure
from server.gateways.push.asking import MOST_BYTES_READ, posted
from server.gateways.push.keys import public_point
from server.gateways.push.notice import Addressee, DeviceGone
from server.gateways.push.web_push import WebPushGateway, encrypted
from tests.server.gateways.push.browser import Browser, browser, decoded, encoded, key_of, opened, point_of
from tests.server.gateways.push.notices import a_notice
from tests.server.gateways.push.serving import Request, Response, serving
from tests.server.gateways.push.watch import Watch

KEY = ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
async def there(watch: Watch, certificate: Path) -> AsyncIterator[Browser]:
    async with browser(certificate, public_point(KEY), now=watch) as found:
        yield found


@pytest.fixture
def gateway(home: None) -> WebPushGateway:
    return WebPushGateway(key=KEY, contact="mailto:ops@example.com")


@pytest.fixture
def home() -> Iterator[None]:
    """Settings that let us reach the browser's service on this machine."""
    before = list(settings._in_use)
    settings.use(settings.read(secret_key="k" * 32, private_hosts=("127.0.0.1",)))
    yield
    settings._in_use[:] = before


def to(browser: Browser) -> Addressee:
    return Addressee(browser.endpoint, browser.keys)


async def test_a_notice_is_opened_by_the_browser_it_was_closed_for(there: Browser, gateway: WebPushGateway) -> None:
    await gateway.send(a_notice(), to(there))
    assert there.refused == []
    assert there.shown == [
        {
            "kind": "MEETING_BOOKED",
            "title": "New booking",
            "body": "Zażółć Lis, Tue 24 Nov, 11:00",
            "tag": "mtg_12",
            "silent": False,
            "meetingId": "mtg_12",
            "actions": [{"kind": "RUNNING_LATE", "token": "t"}],
        }
    ]
    (headers,) = there.headers
    assert (headers["ttl"], headers["topic"], headers["urgency"]) == ("3600", "mtg_12", "high")
    assert f"https://{headers['host']}" == there.origin


async def test_a_silent_notice_is_not_urgent(there: Browser, gateway: WebPushGateway) -> None:
    await gateway.send(a_notice(is_silent=True), to(there))
    assert (there.shown[0]["silent"], there.headers[0]["urgency"]) == (True, "low")


async def test_of_what_a_service_says_the_beginning_is_taken_in(certificate: Path) -> None:
    """Whoever registers a browser names its service: it may answer without end, or with what unpacks to gigabytes."""
    bomb = gzip.compress(bytes(40_000_000))
    answers = [Response(400, bytes(8_000_000)), Response(400, bomb, {"content-encoding": "gzip"}), Response(201)]

    async def answer(_: Request) -> Response:
        return answers.pop(0)

    async with serving(certificate, answer) as origin, httpx.AsyncClient(verify=usual_tls()) as client:
        taken = [(await posted(client, f"{origin}/push", content=b"x")).content for _ in range(3)]
    assert taken == [bytes(MOST_BYTES_READ), bomb[:MOST_BYTES_READ], b""]


def test_the_example_of_the_rfc_comes_out_byte_for_byte() -> None:
    """RFC 8291, section 5 and appendix A."""
    body = encrypted(
        b"When I grow up, I want to be a watermelon",
        p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        auth="BTBZMqHH6r4Tts7J_aSIgg",
        salt=decoded("DGv6ra1nlYgDCS1FRnbzlw"),
        key=key_of(decoded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")),
    )
    assert encoded(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
        "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    browser_key = key_of(decoded("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"))
    opened_again = opened(body, browser_key, decoded("BTBZMqHH6r4Tts7J_aSIgg"))
    assert opened_again == b"When I grow up, I want to be a watermelon"


def test_no_two_messages_are_closed_alike() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    bodies = {encrypted(b"x", p256dh=encoded(point_of(key)), auth=encoded(bytes(16))) for _ in range(3)}
    assert len(bodies) == 3
    assert {opened(body, key, bytes(16)) for body in bodies} == {b"x"}


@pytest.mark.parametrize("status", [404, 410])
async def test_a_subscription_that_was_ended_is_a_device_that_is_gone(
    there: Browser, gateway: WebPushGateway, status: int
) -> None:
    there.answers.append(Response(status))
    with pytest.raises(DeviceGone):
        await gateway.send(a_notice(), to(there))


@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_service_is_asked_again_when_it_says(there: Browser, gateway: WebPushGateway, status: int) -> None:
    there.answers.append(Response(status, headers={"retry-after": "30"}))
    with pytest.raises(TemporaryFailure) as failure:
        await gateway.send(a_notice(), to(there))
    assert failure.value.retry_after == 30.0


@pytest.mark.parametrize("status", [301, 400, 403, 413])
async def test_another_refusal_is_for_good_and_a_redirect_is_not_followed(
    there: Browser, gateway: WebPushGateway, status: int
) -> None:
    there.answers.append(Response(status, headers={"location": "https://127.0.0.1:1/"}))
    with pytest.raises(PermanentFailure, match=str(status)) as failure:
        await gateway.send(a_notice(), to(there))
    assert not isinstance(failure.value, DeviceGone)


@pytest.mark.parametrize(
    "keys",
    [{}, {"p256dh": "AAAA", "auth": "AAAA"}, {"p256dh": base64.b64encode(b"\x04" + bytes(64)).decode(), "auth": "!"}],
)
async def test_keys_of_no_browser_are_a_device_that_is_gone(
    there: Browser, gateway: WebPushGateway, keys: dict[str, str]
) -> None:
    with pytest.raises(DeviceGone, match="keys"):
        await gateway.send(a_notice(), Addressee(there.endpoint, keys))


@pytest.mark.parametrize(
    "endpoint", ["https://localhost/push", "https://10.0.0.1/push", "http://push.example/x", "https://[::1]/push"]
)
async def test_nobody_is_led_into_our_own_network(there: Browser, gateway: WebPushGateway, endpoint: str) -> None:
    with pytest.raises(DeviceGone):
        await gateway.send(a_notice(), Addressee(endpoint, there.keys))


async def test_a_notice_that_is_too_large_never_leaves(there: Browser, gateway: WebPushGateway) -> None:
    with pytest.raises(PermanentFailure, match="bytes"):
        await gateway.send(a_notice(body="x" * 4096), to(there))
    assert there.shown == []
