"""A NATS server for the tests: the one that PyPI ships."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

SERVER = str(Path(sys.executable).with_name("nats-server"))


class NatsServer:
    """A real server with JetStream, which can be killed and started again on its port."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"nats://127.0.0.1:{self.port}"
        self._command = [SERVER, "-js", "-sd", str(folder), "-a", "127.0.0.1", "-p", str(self.port)]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(self._command, stdout=quiet, stderr=quiet)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
