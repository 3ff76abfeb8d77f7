"""HTTPS servers for tests, HTTP/2 or HTTP/1.1, with a certificate of their own."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import h11
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived, StreamEnded
from h2.exceptions import ProtocolError


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass
class Response:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


Answering = Callable[[Request], Awaitable[Response | None]]
"""What a server does with a request; None hangs up without an answer."""


def new_certificate(folder: Path) -> Path:
    """A file with a certificate for this machine that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)
    )
    return path


@asynccontextmanager
async def serving(certificate: Path, answering: Answering, *, http2: bool = False) -> AsyncIterator[str]:
    """The address of a server on a loopback port, for as long as the block runs."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.set_alpn_protocols(["h2"] if http2 else ["http/1.1"])
    talking = _over_http2 if http2 else _over_http1
    open_now: set[asyncio.Task[None]] = set()

    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        open_now.add(task)
        try:
            await talking(reader, writer, answering)
        except (ConnectionError, ssl.SSLError, asyncio.CancelledError):
            pass
        finally:
            open_now.discard(task)
            writer.close()

    server = await asyncio.start_server(met, "127.0.0.1", 0, ssl=context)
    try:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in open_now:
            task.cancel()
        await asyncio.gather(*open_now, return_exceptions=True)


async def _over_http2(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answering: Answering) -> None:
    connection = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
    connection.initiate_connection()
    writer.write(connection.data_to_send())
    requests: dict[int, Request] = {}
    while data := await reader.read(65536):
        try:
            events = connection.receive_data(data)
        except ProtocolError:
            return
        for event in events:
            if isinstance(event, RequestReceived):
                headers = {str(name): str(value) for name, value in event.headers}
                requests[event.stream_id] = Request(headers[":method"], headers[":path"], headers)
            elif isinstance(event, DataReceived):
                requests[event.stream_id].body += event.data
                connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, StreamEnded):
                answer = await answering(requests.pop(event.stream_id))
                if answer is None:
                    return
                connection.send_headers(event.stream_id, [(":status", str(answer.status)), *answer.headers.items()])
                connection.send_data(event.stream_id, answer.body, end_stream=True)
        writer.write(connection.data_to_send())
        await writer.drain()


async def _over_http1(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answering: Answering) -> None:
    connection = h11.Connection(h11.SERVER)
    request: Request | None = None
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(65536))
        elif isinstance(event, h11.Request):
            headers = {name.decode(): value.decode() for name, value in event.headers}
            request = Request(event.method.decode(), event.target.decode(), headers)
        elif isinstance(event, h11.Data) and request is not None:
            request.body += event.data
        elif isinstance(event, h11.EndOfMessage) and request is not None:
            answer = await answering(request)
            if answer is None:
                return
            length = {"content-length": str(len(answer.body))}
            head = h11.Response(status_code=answer.status, headers=list((answer.headers | length).items()))
            writer.write(connection.send(head) or b"")
            writer.write(connection.send(h11.Data(data=answer.body)) or b"")
            writer.write(connection.send(h11.EndOfMessage()) or b"")
            await writer.drain()
            if connection.our_state is h11.MUST_CLOSE:
                return
            connection.start_next_cycle()
        else:
            return
