from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from server import settings
from server.gateways import webhooks
from server.gateways.errors import TemporaryFailure
from server.gateways.public_addresses import NotPublic
from server.gateways.webhooks import MOST_BYTES_READ, Answer, post, require_target
from tests.server.gateways.certificates import certified
from tests.server.webhooks.receiving import HANG_UP, receiving

NAME = "hooks.example"

REFUSED = (
    "https://127.0.0.1/",
    "https://127.8.9.10/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://localhost/",
    "https://[::1]/",
    "https://0.0.0.0/",
    "https://[::]/",
    "https://10.1.2.3/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/",
    "https://192.0.0.8/",
    "https://192.0.2.1/",
    "https://198.18.0.1/",
    "https://224.0.0.1/",
    "https://239.255.255.250/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fc00::1]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://[2001:db8::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[::127.0.0.1]/",
    "https://[2002:7f00:1::]/",
    "https://[2001:0:7f00:1::]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b::a00:1]/",
    "https://[64:ff9b:1::7f00:1]/",
)

NO_TARGETS = (
    "http://1.1.1.1/",
    "ftp://1.1.1.1/",
    "file:///etc/passwd",
    "gopher://1.1.1.1/",
    "//1.1.1.1/",
    "1.1.1.1",
    "https://",
    "https:///hooks",
    "https://me:secret@1.1.1.1/",
    "https://1.1.1.1@127.0.0.1/",
    "https://1.1.1.1:99999/",
    "https://1.1.1.1:port/",
    "https://[1.1.1.1/",
    f"https://ü{'b' * 80}.example/",
    "",
)


@pytest.fixture(autouse=True)
def _settings(tmp_path: Path) -> Iterator[None]:
    before = list(settings._in_use)
    settings.use(settings.read(demo=True, private_hosts=("127.0.0.1", NAME)))
    yield
    settings._in_use[:] = before


@pytest.fixture
def _nobody_is_allowed() -> None:
    settings.use(settings.read(demo=True))


@pytest.mark.usefixtures("_nobody_is_allowed")
@pytest.mark.parametrize("url", REFUSED)
async def test_address_of_our_own_network_is_refused(url: str) -> None:
    with pytest.raises((NotPublic, TemporaryFailure)):
        await require_target(url)


@pytest.mark.usefixtures("_nobody_is_allowed")
@pytest.mark.parametrize("url", NO_TARGETS)
async def test_what_is_no_address_for_a_webhook_is_refused(url: str) -> None:
    with pytest.raises(NotPublic):
        await require_target(url)


@pytest.mark.usefixtures("_nobody_is_allowed")
@pytest.mark.parametrize(
    ("url", "pinned"),
    [
        ("https://1.1.1.1", "https://1.1.1.1/"),
        ("https://1.1.1.1:8443/hooks?for=parley#top", "https://1.1.1.1:8443/hooks?for=parley"),
        ("https://[2606:4700::1111]/", "https://[2606:4700::1111]/"),
    ],
)
async def test_public_address_is_taken(url: str, pinned: str) -> None:
    assert (await require_target(url)).url == pinned


async def test_allowed_host_need_not_be_encrypted() -> None:
    assert (await require_target("http://127.0.0.1:8080/hooks")).url == "http://127.0.0.1:8080/hooks"


async def test_name_with_one_private_number_among_its_numbers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolve(monkeypatch, ["1.1.1.1", "10.0.0.1"])
    with pytest.raises(NotPublic, match="not an address of the public internet"):
        await require_target("https://rebinding.example/")


async def test_name_in_any_letters_is_reached(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings.use(settings.read(demo=True, private_hosts=("xn--bcher-kva.example",)))
    served, trusting = certified("xn--bcher-kva.example", tmp_path)
    async with receiving(tls=served) as receiver:
        port = receiver.url.split(":")[2].split("/")[0]
        asked = _resolve(monkeypatch, ["127.0.0.1"])
        answer = await post(f"https://bücher.example:{port}/hooks", b"{}", {"webhook-id": "msg_1"}, tls=trusting)
    assert (answer, asked) == (Answer(204), ["xn--bcher-kva.example"])
    assert receiver.received[0].headers["host"] == f"xn--bcher-kva.example:{port}"


async def test_connection_goes_to_the_number_that_was_checked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One look-up for each post: whoever changes the answer between two of them gains nothing. The certificate is
    checked for the name all the same."""
    served, trusting = certified(NAME, tmp_path)
    async with receiving(tls=served) as receiver:
        port = receiver.url.split(":")[2].split("/")[0]
        asked = _resolve(monkeypatch, ["127.0.0.1"], then=["1.1.1.1"])
        answer = await post(f"https://{NAME}:{port}/hooks", b"{}", {"webhook-id": "msg_1"}, tls=trusting)
    assert answer == Answer(204)
    assert asked == [NAME]
    assert receiver.received[0].headers["host"] == f"{NAME}:{port}"


async def test_certificate_of_another_name_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    served, trusting = certified("other.example", tmp_path)
    async with receiving(tls=served) as receiver:
        port = receiver.url.split(":")[2].split("/")[0]
        _resolve(monkeypatch, ["127.0.0.1"])
        with pytest.raises(TemporaryFailure, match="certificate verify failed"):
            await post(f"https://{NAME}:{port}/hooks", b"{}", {}, tls=trusting)
        assert receiver.received == []


async def test_certificate_that_nobody_vouches_for_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    served, _ = certified(NAME, tmp_path)
    async with receiving(tls=served) as receiver:
        port = receiver.url.split(":")[2].split("/")[0]
        _resolve(monkeypatch, ["127.0.0.1"])
        with pytest.raises(TemporaryFailure, match="certificate verify failed"):
            await post(f"https://{NAME}:{port}/hooks", b"{}", {})


async def test_only_the_beginning_of_an_answer_is_read() -> None:
    async with receiving() as receiver:
        receiver.always, receiver.text = 500, "no " * 1_000_000
        answer = await post(receiver.url, b"{}", {})
    assert (answer.status, len(answer.text)) == (500, MOST_BYTES_READ)


async def test_packed_answer_is_not_unpacked() -> None:
    async with receiving() as receiver:
        receiver.always, receiver.text, receiver.extra = 500, "not gzip", "content-encoding: gzip\r\n"
        assert (await post(receiver.url, b"{}", {})).text == "not gzip"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", None),
        ("retry-after: 120\r\n", 120.0),
        ("retry-after: -5\r\n", None),
        ("retry-after: tomorrow\r\n", None),
        ("retry-after: Wed, 21 Oct 2015 07:28:00 GMT\r\n", 0.0),
        ("retry-after: 99999999999999999999\r\n", None),
    ],
)
async def test_wish_to_be_asked_later_is_understood(header: str, expected: float | None) -> None:
    async with receiving() as receiver:
        receiver.always, receiver.extra = 503, header
        assert await post(receiver.url, b"{}", {}) == Answer(503, "", expected)


async def test_receiver_that_drips_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "TIMEOUT_SECONDS", 0.5)

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 500 Said\r\n")
        with suppress(ConnectionError):
            for _ in range(40):
                writer.write(b"x: y\r\n")
                await writer.drain()
                await asyncio.sleep(0.05)
        is_over.set()
        writer.close()

    is_over = asyncio.Event()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(TemporaryFailure, match="no answer within"):
            await post(f"http://127.0.0.1:{port}/", b"{}", {})
        await is_over.wait()


async def test_nobody_there_is_a_failure_for_now() -> None:
    async with receiving() as receiver:
        pass
    with pytest.raises(TemporaryFailure, match="there was no answer"):
        await post(receiver.url, b"{}", {})


async def test_hanging_up_is_a_failure_for_now() -> None:
    async with receiving() as receiver:
        receiver.always = HANG_UP
        with pytest.raises(TemporaryFailure, match="there was no answer"):
            await post(receiver.url, b"{}", {})


async def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would look the name up again."""
    async with receiving() as proxy, receiving() as receiver:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        assert (await post(receiver.url, b"{}", {})).is_taken
    assert (len(proxy.received), len(receiver.received)) == (0, 1)


def _resolve(monkeypatch: pytest.MonkeyPatch, first: list[str], then: list[str] | None = None) -> list[str]:
    """Names stand for these numbers, and for others after the first look-up. Returns the names that were looked up."""
    asked: list[str] = []

    async def getaddrinfo(_: object, host: str, port: int, **how: Any) -> list[Any]:
        if host[:1].isdigit():
            return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        asked.append(host)
        numbers = first if len(asked) == 1 or then is None else then
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in numbers]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return asked
