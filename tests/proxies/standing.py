"""A proxy in front of a server, run with the very file that the manual gives away."""

from __future__ import annotations

import asyncio
import os
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from server import settings
from server.app import build_app
from tests.journeys.processes import free_port
from tests.server.web.graphql.serving import serving

RECIPES = Path(__file__).parents[2] / "docs" / "operating" / "proxies"
PUBLIC_URL = "https://example.com/meetings"
KINDS = ("nginx", "caddy", "haproxy")


class Front:
    """Where a proxy listens, as example.com."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.tls = ssl.create_default_context()
        self.tls.check_hostname = False
        self.tls.verify_mode = ssl.CERT_NONE

    def client(self, *, address: str = "127.0.0.2", **headers: str) -> httpx.AsyncClient:
        """A client of https://example.com/meetings that comes from `address`."""
        return httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(verify=self.tls, local_address=address),
            base_url=f"https://127.0.0.1:{self.port}/meetings",
            headers={"host": "example.com", **headers},
            timeout=30,
        )


@asynccontextmanager
async def standing(kind: str, server_port: int, folder: Path, *, silence: int = 60) -> AsyncIterator[Front]:
    """The proxy answers until the block ends; it gives up a connection that was silent for so many seconds."""
    front = Front(free_port())
    certificate = _certificate(folder)
    words = {"nginx": _nginx, "caddy": _caddy, "haproxy": _haproxy}[kind](front.port, server_port, folder, certificate)
    _shorten(kind, folder, silence)
    with (folder / f"{kind}.log").open("w") as log:
        process = await asyncio.create_subprocess_exec(*words, cwd=folder, stdout=log, stderr=log)
        try:
            await _answering(front, process, folder / f"{kind}.log")
            yield front
        finally:
            process.terminate()
            await process.wait()


@asynccontextmanager
async def before_the_app(kind: str, folder: Path, *, silence: int = 60, **changes: object) -> AsyncIterator[Front]:
    """The same in front of the whole app in this process, with these settings changed."""
    own = settings.current().model_copy(update={"public_url": PUBLIC_URL, **changes})
    settings.use(own)
    async with (
        serving(build_app(own), own) as (place, _),
        standing(kind, int(place.rpartition(":")[2]), folder, silence=silence) as front,
    ):
        yield front


def adapted(recipe: str, *changes: tuple[str, str]) -> str:
    """The text of a recipe with what differs from machine to machine put in; each of it must be there."""
    text = (RECIPES / recipe).read_text()
    for theirs, ours in changes:
        assert theirs in text, f"{recipe} has no {theirs!r} any more"
        text = text.replace(theirs, ours)
    return text


def _nginx(port: int, server_port: int, folder: Path, certificate: Path) -> list[str]:
    recipe = adapted(
        "nginx.conf",
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl http2;"),
        ("listen [::]:443 ssl http2;", ""),
        ("/etc/letsencrypt/live/example.com/fullchain.pem", str(certificate)),
        ("/etc/letsencrypt/live/example.com/privkey.pem", str(certificate)),
        ("127.0.0.1:8000", f"127.0.0.1:{server_port}"),
    )
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # The workers of a master that is root have no rights in the folder otherwise.
    user = "user root;\n" if os.geteuid() == 0 else ""
    around = f"{user}daemon off;\npid {folder}/nginx.pid;\nerror_log stderr;\nevents {{}}\n"
    (folder / "nginx.conf").write_text(f"{around}http {{\naccess_log off;\n{temporary}{recipe}}}\n")
    return ["nginx", "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]


def _caddy(port: int, server_port: int, folder: Path, certificate: Path) -> list[str]:
    recipe = adapted("Caddyfile", ("127.0.0.1:8000", f"127.0.0.1:{server_port}"))
    options = (
        ("admin off", "auto_https disable_redirects", "skip_install_trust", "local_certs")
        + (f"https_port {port}", "default_bind 127.0.0.1", "default_sni example.com")
        + (f"storage file_system {folder}/caddy",)
    )
    ours = "{\n" + "".join(f"\t{one}\n" for one in options) + "}\n"
    (folder / "Caddyfile").write_text(ours + recipe)
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


def _haproxy(port: int, server_port: int, folder: Path, certificate: Path) -> list[str]:
    recipe = adapted(
        "haproxy.cfg",
        ("bind :443 ssl crt /etc/haproxy/certs/example.com.pem", f"bind 127.0.0.1:{port} ssl crt {certificate}"),
        ("127.0.0.1:8000", f"127.0.0.1:{server_port}"),
    )
    (folder / "haproxy.cfg").write_text(recipe)
    return ["haproxy", "-db", "-f", str(folder / "haproxy.cfg")]


def _shorten(kind: str, folder: Path, silence: int) -> None:
    """The proxy's patience, where a recipe names one, in so many seconds."""
    file = folder / {"nginx": "nginx.conf", "caddy": "Caddyfile", "haproxy": "haproxy.cfg"}[kind]
    text = file.read_text()
    assert kind == "caddy" or "60s" in text
    file.write_text(text.replace("60s", f"{silence}s"))


def _certificate(folder: Path) -> Path:
    """Key and certificate of example.com, signed by themselves, in one file."""
    key, certificate, both = folder / "key.pem", folder / "certificate.pem", folder / "both.pem"
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    words += ["-subj", "/CN=example.com", "-days", "2", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(words, check=True, capture_output=True, timeout=30)
    both.write_text(certificate.read_text() + key.read_text())
    return both


async def _answering(front: Front, process: asyncio.subprocess.Process, log: Path) -> None:
    async with asyncio.timeout(20), front.client() as client:
        while True:
            assert process.returncode is None, await asyncio.to_thread(log.read_text)
            try:
                if (await client.get("/health/live")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
