from __future__ import annotations

import ipaddress
from collections.abc import Iterator

import pytest

from server import settings
from server.gateways.errors import TemporaryFailure
from server.gateways.public_addresses import NotPublic, PinnedAddress, is_public, require_public


@pytest.fixture(autouse=True)
def _home() -> Iterator[None]:
    before = list(settings._in_use)
    settings.use(settings.read(secret_key="k" * 32, private_hosts="localhost, 10.1.2.3"))
    yield
    settings._in_use[:] = before


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("172.16.5.5", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d822", True),
    ],
)
def test_the_public_internet_is_told_from_our_own_network(address: str, expected: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is expected


async def test_an_address_is_pinned_and_its_name_kept_for_the_certificate() -> None:
    assert await require_public("https://93.184.216.34:8443/push?x=1#f") == PinnedAddress(
        "https://93.184.216.34:8443/push?x=1", "93.184.216.34:8443", "93.184.216.34"
    )
    assert await require_public("https://[2606:2800:220:1::1]") == PinnedAddress(
        "https://[2606:2800:220:1::1]/", "[2606:2800:220:1::1]", "2606:2800:220:1::1"
    )


async def test_a_private_host_is_reached_where_the_settings_say_so() -> None:
    found = await require_public("https://localhost:9000/x")
    assert (found.host, found.name) == ("localhost:9000", "localhost")
    assert found.url in ("https://127.0.0.1:9000/x", "https://[::1]:9000/x")
    assert (await require_public("https://10.1.2.3/")).name == "10.1.2.3"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "https://",
        "https:///x",
        "http://93.184.216.34/",
        "file:///etc/passwd",
        "https://user@93.184.216.34/",
        "https://[::1/",
        "https://93.184.216.34:0/",
        "https://93.184.216.34:70000/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/meta-data",
    ],
)
async def test_what_leads_elsewhere_is_refused(url: str) -> None:
    with pytest.raises(NotPublic):
        await require_public(url)


@pytest.mark.parametrize("url", ["https://no-such-host.invalid/", f"https://{'a' * 64}.example/"])
async def test_a_name_that_cannot_be_looked_up_may_be_found_later(url: str) -> None:
    with pytest.raises(TemporaryFailure):
        await require_public(url)


async def test_another_scheme_is_taken_where_the_caller_takes_it() -> None:
    found = await require_public("http://93.184.216.34/", schemes=("https", "http"))
    assert found.url == "http://93.184.216.34/"
