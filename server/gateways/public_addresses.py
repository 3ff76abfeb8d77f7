"""An address that somebody else chose, looked up once and pinned: nobody leads us to a machine of our own network."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit, urlunsplit

from server import settings
from server.gateways.errors import PermanentFailure, TemporaryFailure

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# What IANA has given out for the internet, and the part of IPv4 that it keeps for protocols (RFC 6890).
_GIVEN_OUT = ipaddress.ip_network("2000::/3")
_OF_PROTOCOLS = ipaddress.ip_network("192.0.0.0/24")


class NotPublic(PermanentFailure):
    """An address that is not one of the public internet, or that is no address of the wanted kind at all."""


@dataclass(frozen=True, slots=True)
class PinnedAddress:
    """Where to connect: `url` has the number in place of the name, so that a second look-up cannot lead elsewhere.
    `host` is what the Host field says, `name` what the certificate has to name."""

    url: str
    host: str
    name: str


async def require_public(url: str, *, schemes: Collection[str] = ("https",)) -> PinnedAddress:
    """The address behind `url`, every number of which is of the public internet, or whose name stands among
    PARLEY_PRIVATE_HOSTS. `NotPublic` otherwise, `TemporaryFailure` if the name cannot be looked up now."""
    parts = _parts(url, schemes)
    name = _as_looked_up(parts.hostname or "")
    numbers = await _numbers(name, parts.port or _usual_port(parts.scheme))
    if name not in settings.current().private_hosts and not all(is_public(one) for one in numbers):
        raise NotPublic(f"{name} is not an address of the public internet")
    first = numbers[0]
    written = f"[{first}]" if first.version == 6 else str(first)
    netloc = written if parts.port is None else f"{written}:{parts.port}"
    host = f"[{name}]" if ":" in name else name
    return PinnedAddress(
        url=urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, "")),
        host=host if parts.port is None else f"{host}:{parts.port}",
        name=name,
    )


def is_public(address: Address) -> bool:
    """Whether the number is of the public internet, also where a number of IPv4 is wrapped in one of IPv6."""
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(wrapped)
        return address.is_global and address in _GIVEN_OUT
    return address.is_global and not address.is_multicast and address not in _OF_PROTOCOLS


def _parts(url: str, schemes: Collection[str]) -> SplitResult:
    try:
        parts = urlsplit(url)
        is_usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise NotPublic(f"this is no address: {error}") from error
    if not is_usable or parts.username is not None:
        raise NotPublic(f"an address begins with {' or '.join(schemes)}:// and a host, and names no user")
    return parts


def _as_looked_up(name: str) -> str:
    """The name in the letters of the DNS, which are those of a Host field and a certificate too (RFC 5891)."""
    try:
        return name if name.isascii() else name.encode("idna").decode()
    except UnicodeError as error:
        raise NotPublic(f"{name} is no name of a host: {error}") from error


async def _numbers(name: str, port: int) -> list[Address]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise TemporaryFailure(f"{name} cannot be looked up: {error}") from error
    return [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]


def _usual_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80
