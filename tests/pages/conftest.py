"""A real browser before a real server. Where there is no Chromium the walks are named as not run, and fail in CI."""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
# With script the device's zone takes the place of the one that the language suggests, a moment after the first look.
ZONE_IS_SETTLED = """() => {
  const page = document.getElementById("page");
  return !("guessed" in page.dataset) || page.dataset.zone === Intl.DateTimeFormat().resolvedOptions().timeZone;
}"""
FOLDER = Path(__file__).parent
REPOSITORY = FOLDER.parent.parent
# Those in between are for tests that only look, or count by themselves.
_numbers = itertools.chain(range(50), itertools.count(60))
_not_run: list[str] = []

Visit = Callable[..., Page]


def chromium() -> str | None:
    """Where Debian, or whoever built this machine, put the browser."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((found for name in names if (found := shutil.which(name))), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a browser the walks are put aside, not skipped in silence."""
    if chromium() is not None:
        return
    walks = [item for item in items if FOLDER in item.path.parents]
    _not_run.extend(item.nodeid for item in walks)
    items[:] = [item for item in items if item not in walks]
    config.hook.pytest_deselected(items=walks)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a walk that did not run is a failure."""
    if _not_run and os.environ.get("CI") == "true":
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The last line names what did not run."""
    if _not_run:
        names = ", ".join(dict.fromkeys(name.partition("::")[0] for name in _not_run))
        terminalreporter.write_line(
            f"NOT RUN, because no Chromium was found (apt install chromium): {len(_not_run)} walks of {names}", red=True
        )


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server keeps what it has."""
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="session")
def site(folder: Path) -> Iterator[str]:
    """The address of a running server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with (folder / "log").open("w") as log:
        words = [sys.executable, "-m", "tests.pages.serving", str(folder), str(port)]
        process = subprocess.Popen(words, cwd=REPOSITORY, stdout=log, stderr=log)
        try:
            _wait_for(f"http://127.0.0.1:{port}/m/walk-0", process, folder / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=15)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a screen, one for each module: while it is open a loop runs in this thread, and no asynchronous
    test of another module could."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield found
        found.close()


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    """Opens a device before the site: `visit("/m/x", locale=..., tz=..., script=..., viewport=..., dark=...)`; with
    `clock=True` the test puts on the clock of the browser.

    Whatever the page complains of, or asks of anybody else, fails the test.
    """
    contexts, complaints = [], []

    def visit(
        path: str,
        *,
        locale: str = "en-GB",
        tz: str = "Europe/Warsaw",
        script: bool = True,
        viewport: dict[str, int] | None = None,
        dark: bool = False,
        clock: bool = False,
    ) -> Page:
        context = browser.new_context(
            base_url=site,
            locale=locale,
            timezone_id=tz,
            java_script_enabled=script,
            viewport=viewport or PHONE,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        if clock:
            page.clock.install()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if _is_complaint(said.type, said.text) else None)
        page.on(
            "request", lambda asked: None if asked.url.startswith((site, "data:")) else complaints.append(asked.url)
        )
        page.goto(path)
        if script:
            page.wait_for_function(ZONE_IS_SETTLED)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def slug() -> str:
    """A page that nobody else visits."""
    return f"walk-{next(_numbers)}"


def _is_complaint(kind: str, text: str) -> bool:
    # A form that comes back with a status of 4xx is reported by the browser; that is our answer, not a fault.
    return kind in ("error", "warning") and "Failed to load resource" not in text


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped at once:\n{log.read_text()}")
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError(f"the server did not answer:\n{log.read_text()}")
