"""GraphiQL in a real browser before a real demo: nothing foreign, nothing to complain of, every example answers."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from mobile_contract.record_examples import HERE as CONTRACT

pytestmark = pytest.mark.usefixtures("graphiql_files")

# Some go on from what the story that was recorded had made before: a notice, a note, a file, a link, times that were
# free in it and need not be in another one. Alone they say so.
WITHOUT_WHAT_CAME_BEFORE = {"NOT_FOUND", "CONFLICT", "TOKEN_EXPIRED", "SLOT_NOT_OFFERED"}
BY_THEMSELVES = {
    "BookMeeting",
    "ScheduleMeeting",
    "CreateMeetingLink",
    "UpsertContact",
    "RegisterDevice",
    "EditProfile",
}
PARLEY = Path(sys.executable).with_name("parley")
EDITORS = "() => [...document.querySelectorAll('.graphiql-editor .CodeMirror')].map((one) => one.CodeMirror.getValue())"
RESULT = "() => document.querySelector('.result-window .CodeMirror').CodeMirror.getValue()"
BOOK = "mutation ($input: BookMeetingInput!) { bookMeeting(input: $input) { booking { id } userErrors { code } } }"
FREE = "query ($slug: String!) { schedulingPage(slug: $slug) { durationsMinutes nextAvailable { startsAt } } }"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The line that `parley demo --json` prints, while it runs."""
    words = [str(PARLEY), "demo", "--port", "0", "--data", str(tmp_path_factory.mktemp("demo")), "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=15) == 0


@pytest.fixture
def explorer(browser: Browser, demo: dict[str, str]) -> Iterator[Page]:
    """The page, loaded; what it complains of, or asks of anybody else, fails the test."""
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("request", lambda asked: None if _is_own(asked.url, demo["url"]) else complaints.append(asked.url))
    page.goto(demo["graphiql"])
    expect(page.locator(".graphiql-execute-button")).to_be_visible()
    yield page
    context.close()
    assert complaints == []


def _is_own(url: str, site: str) -> bool:
    return url.startswith((site, "data:"))


def run(page: Page, name: str) -> Any:
    """What the operation in the tab of that name answers, with the variables and the token that were filled in."""
    page.get_by_role("tab", name=name, exact=True).click()
    page.wait_for_function(f"() => ({EDITORS})()[0].includes('{name}')")
    with page.expect_response("**/graphql") as answered:
        page.locator(".graphiql-execute-button").click()
    return answered.value.json()


@pytest.mark.capability("E-10")
def test_the_first_tab_runs_at_once(explorer: Page) -> None:
    explorer.locator(".graphiql-execute-button").click()
    explorer.wait_for_function(f"() => ({RESULT})().includes('todayMeetings')")
    shown = json.loads(explorer.evaluate(RESULT))
    assert shown["data"]["viewer"]["user"]["name"] == "Ines Almeida"
    assert shown["data"]["todayMeetings"]


@pytest.mark.capability("E-10")
def test_every_operation_of_the_contract_finds_something(explorer: Page) -> None:
    listed = json.loads((CONTRACT / "persisted.json").read_text())["operations"]
    answers = {one["name"]: run(explorer, one["name"]) for one in listed if one["type"] != "subscription"}
    assert {name: told["errors"] for name, told in answers.items() if "errors" in told} == {}
    assert {name for name, told in answers.items() if None in told["data"].values()} == set()
    refused = {
        (name, one["code"])
        for name, told in answers.items()
        for payload in _payloads(told["data"])
        for one in payload["userErrors"]
    }
    assert {code for _, code in refused} <= WITHOUT_WHAT_CAME_BEFORE
    assert {name for name, _ in refused}.isdisjoint(BY_THEMSELVES)


@pytest.mark.capability("E-10")
def test_a_subscription_hears_of_a_booking(explorer: Page, demo: dict[str, str]) -> None:
    explorer.get_by_role("tab", name="MeetingBooked", exact=True).click()
    explorer.wait_for_function(f"() => ({EDITORS})()[0].startsWith('subscription')")
    with explorer.expect_response("**/graphql"):
        explorer.locator(".graphiql-execute-button").click()
    booked = book(demo)
    explorer.wait_for_function(f"() => ({RESULT})().includes('\"{booked}\"')")
    heard = json.loads(explorer.evaluate(RESULT))["data"]["meetingBooked"]
    assert heard["meeting"]["id"] == booked
    # The button now stops the subscription, and the stream to the server with it.
    explorer.locator(".graphiql-execute-button").click()
    expect(explorer.locator(".graphiql-execute-button")).to_have_attribute("aria-label", "Execute query (Ctrl-Enter)")


def test_the_documentation_is_there_for_whoever_may_not_introspect(explorer: Page) -> None:
    explorer.get_by_role("button", name="Show Documentation Explorer").click()
    explorer.locator(".graphiql-doc-explorer").get_by_text("Query", exact=True).click()
    expect(explorer.locator(".graphiql-doc-explorer")).to_contain_text("todayMeetings")


def book(demo: dict[str, str]) -> str:
    """The id of a meeting that a visitor has just booked."""
    with httpx.Client() as client:

        def asked(query: str, **variables: Any) -> Any:
            return client.post(demo["graphql"], json={"query": query, "variables": variables}).json()["data"]

        page = asked(FREE, slug=demo["slug"])["schedulingPage"]
        booking = {
            "slug": demo["slug"],
            "startsAt": page["nextAvailable"]["startsAt"],
            "durationMinutes": page["durationsMinutes"][0],
            "email": "tomasz@client.example",
            "firstName": "Tomasz",
            "lastName": "Wrona",
        }
        return str(asked(BOOK, input=booking)["bookMeeting"]["booking"]["id"])


def _payloads(data: Any) -> list[Any]:
    return [one for one in data.values() if isinstance(one, dict) and "userErrors" in one]
