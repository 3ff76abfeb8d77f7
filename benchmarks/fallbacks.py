"""G11: the mobile operations, asked of a demo over HTTP as phones ask them; how many no plan could answer."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mobile_contract.record_examples import AT, SEED

CONTRACT = Path(__file__).parent.parent / "mobile_contract"
COUNTER = re.compile(rb"^parley_fallbacks_total(?:\{[^}]*\})? (\S+)$", re.MULTILINE)
# Each finds what those before it have left, as when the examples were recorded.
ORDER = (
    "sign_in",
    "refresh_session",
    "today_tab",
    "meeting",
    "meeting_links_menu",
    "scheduling_page",
    "book_meeting",
    "meeting_booked",
    "record_outcome",
    "schedule_meeting",
    "edit_meeting",
    "today_sync",
)


class NotCounted(Exception):
    """The server does not say how often it fell back."""


def counted() -> int:
    """How many operations of the contract were left to the reference executor. Raises for one that is not answered."""
    names = {file.stem for file in (CONTRACT / "operations").glob("*.graphql")}
    with tempfile.TemporaryDirectory() as folder, _demo(folder) as facts:
        before = _count(facts)
        for name in [*ORDER, *sorted(names - set(ORDER))]:
            _ask(facts, name)
        return _count(facts) - before


@contextmanager
def _demo(folder: str) -> Iterator[dict[str, Any]]:
    words = [str(Path(sys.executable).with_name("parley")), "demo", "--port", "0", "--data", folder, "--json"]
    words += ["--seed", str(SEED), "--at", AT.isoformat()]
    own = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=own)
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


def _ask(facts: dict[str, Any], name: str) -> None:
    example = CONTRACT / "examples" / f"{name}.json"
    variables = json.loads(example.read_text())["variables"] if example.is_file() else {}
    if name == "sign_in":
        variables["input"] |= {"email": facts["email"], "password": facts["password"]}
    if name == "refresh_session":
        variables["input"]["refreshToken"] = facts["refreshToken"]
    text = (CONTRACT / "operations" / f"{name}.graphql").read_text().rstrip("\n")
    body = json.dumps({"query": text, "variables": variables})
    token = facts["accessToken"]
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    if text.startswith("subscription"):
        headers["accept"] = "text/event-stream"
    connection = _connection(facts)
    connection.request("POST", "/graphql", body, headers)
    response = connection.getresponse()
    said = _first_event(response) if text.startswith("subscription") else response.read()
    connection.close()
    answer = json.loads(said)
    if "errors" in answer:
        raise RuntimeError(f"{name} was refused: {answer['errors']}")


def _first_event(response: http.client.HTTPResponse) -> bytes:
    while True:
        line = response.readline()
        if line.startswith(b"data:") and b"{" in line:
            return line.removeprefix(b"data:")
        if not line:
            raise RuntimeError("the stream ended before its first event")


def _count(facts: dict[str, Any]) -> int:
    connection = _connection(facts)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read()
    connection.close()
    if b"parley_fallbacks_total" not in text:
        raise NotCounted("the server counts no fallbacks")
    return round(sum(float(value) for value in COUNTER.findall(text)))


def _connection(facts: dict[str, Any]) -> http.client.HTTPConnection:
    parts = urlsplit(facts["url"])
    return http.client.HTTPConnection(parts.hostname or "localhost", parts.port, timeout=20)
