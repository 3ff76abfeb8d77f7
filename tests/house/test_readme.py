"""What the README says, pasted: every block that can run, runs against the demo (E-17)."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.installing import installed_packages

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


def blocks(language: str) -> list[str]:
    """The fenced blocks of one language, in order."""
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The line that `parley demo --json` prints, while it runs."""
    words = [str(BIN / "parley"), "demo", "--port", "0", "--data", str(tmp_path_factory.mktemp("demo")), "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=15) == 0


def bash(script: str, **environment: str) -> str:
    """What the script printed; it may not fail."""
    result = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_the_curl_calls_sign_in_and_show_today(demo: dict[str, str]) -> None:
    script = next(block for block in blocks("sh") if "SignIn" in block).replace("http://localhost:8000", demo["url"])
    signed_in, today = (
        bash(script, EMAIL=demo["email"], PASSWORD=demo["password"], TOKEN=demo["accessToken"])
        .replace("}{", "}\n{")
        .splitlines()
    )
    session = json.loads(signed_in)["data"]["signIn"]
    assert session["userErrors"] == []
    assert session["session"]["accessToken"].count(".") == 2
    meetings = json.loads(today)["data"]["todayMeetings"]
    assert len(meetings) >= 2
    assert [one["startsAt"] for one in meetings] == sorted(one["startsAt"] for one in meetings)


def test_the_typescript_compiles_strictly_and_prints_today(demo: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "first.ts").write_text(blocks("ts")[0])
    packages = installed_packages() / "node_modules"
    compiler = packages / ".bin" / "tsc"
    words = [str(compiler), "--strict", "--target", "es2022", "--module", "es2022", "--moduleResolution", "bundler"]
    words += ["--types", "node", "--typeRoots", str(packages / "@types"), "first.ts"]
    compiled = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert compiled.returncode == 0, compiled.stdout
    shutil.move(tmp_path / "first.js", tmp_path / "first.mjs")
    printed = bash(
        f"node {tmp_path / 'first.mjs'}", PARLEY_URL=demo["graphql"], PARLEY_TOKEN=demo["accessToken"]
    ).splitlines()
    assert len(printed) >= 2
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ .+", line) for line in printed)


def test_the_way_to_run_it_for_oneself_leads_to_a_server(tmp_path: Path) -> None:
    """The block is pasted as it stands, but for the server at its end, which `doctor` stands in for."""
    script = next(block for block in blocks("sh") if "create-account" in block)
    script = script.replace(".venv/bin/parley serve --port 8000", "parley doctor --json || true")
    script = script.replace(".venv/bin/parley", "parley")
    printed = bash(f"cd {tmp_path}\n{script}", PATH=f"{BIN}:{os.environ['PATH']}")
    assert "Made usr_1, Ines Almeida <ines@example.com>." in printed
    assert (tmp_path / "parley.sqlite3").exists()


def test_the_first_meeting_link_leads_to_a_page(demo: dict[str, str]) -> None:
    script = next(block for block in blocks("sh") if "createMeetingLink" in block)
    script = script.replace("http://localhost:8000", demo["url"])
    payload = json.loads(bash(script, TOKEN=demo["accessToken"]))["data"]["createMeetingLink"]
    assert payload["userErrors"] == []
    assert "Intro call" in bash(f"curl -sf {payload['meetingLink']['url']}")


def test_every_file_and_page_the_documents_point_to_exists() -> None:
    missing = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "mobile_contract").glob("*.md")]:
        for target in re.findall(r"(?:\]\(|<img src=\")(?!https?:|#|mailto:)([^)#\s\"]+)", page.read_text()):
            if not (page.parent / target).exists():
                missing.append(f"{page.relative_to(ROOT)} -> {target}")
    assert missing == []


def test_every_make_target_the_readme_names_exists() -> None:
    named = set(re.findall(r"make ([a-z]+)", (ROOT / "README.md").read_text()))
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert named - {"all"} <= made
