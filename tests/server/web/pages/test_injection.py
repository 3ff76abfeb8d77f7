"""Whatever somebody writes into a field stands on the pages as text, and runs nowhere."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from server import clock
from server.models import Account, Meeting, MeetingLink, User
from tests.factories import a_link, a_user, an_account
from tests.server.web.pages.scene import sent
from tests.server.web.pages.visiting import MONDAY, visitor

POISON = (
    "</title></textarea></script><script>alert(1)</script><img src=x onerror=alert(1)>"
    """"'><b onclick=alert(1)>{{7*7}}"""
)
RUNS = "javascript:alert(1)"
HARMLESS = frozenset(
    {
        *("html", "head", "meta", "title", "link", "script", "body", "div", "header", "main", "footer", "section"),
        *("p", "h1", "h2", "h3", "a", "b", "s", "br", "span", "bdi", "ul", "ol", "li", "dl", "dt", "dd", "nav"),
        *("details", "summary", "form", "fieldset", "legend", "label", "input", "button", "select", "option"),
        *("optgroup", "textarea", "svg", "circle", "rect", "path"),
    }
)


class Inspector(HTMLParser):
    """Notes whatever could act: elements that no template has, handlers, addresses that run, scripts of others."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in HARMLESS:
            self.found.append(tag)
        for name, value in attrs:
            runs = (value or "").strip().lower().startswith(("javascript:", "data:text", "vbscript:"))
            if name.startswith("on") or runs or name in ("style", "srcdoc"):
                self.found.append(f"{tag} {name}")
            if tag == "script" and name == "src" and not (value or "").startswith("/static/"):
                self.found.append(f"script from {value}")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script" and data.strip():
            self.found.append("a script in the page")


def acting(html: str) -> list[str]:
    """What in a page could act."""
    inspector = Inspector()
    inspector.feed(html)
    return inspector.found


def test_the_inspector_sees_what_would_act() -> None:
    assert acting(f'<p>{POISON}<a href="{RUNS}">x</a></p>') == [
        "a script in the page",
        "img",
        "img onerror",
        "b onclick",
        "a href",
    ]


async def a_poisoned_page() -> MeetingLink:
    """Every text that a user can write, and some that only a careless program would."""
    account = await an_account(POISON)
    await Account.filter(id=account.id).update(
        sender_name=POISON,
        website_url=RUNS,
        privacy_url=RUNS,
        postal_address=POISON,
        contact_email=f'"{POISON}"@x.example',
        consent_text=POISON,
        accent_color="};x{y",
    )
    host = await a_user(await Account.get(id=account.id), POISON[:200], job_title=POISON)
    question = {"label": POISON, "required": False}
    return await a_link(
        host,
        POISON[:200],
        slug="ines",
        description=POISON * 3,
        location_text=POISON,
        confirmation_message=POISON,
        prefills=True,
        accent_color="</a>",
        guests_max=3,
        questions=[
            {"key": "one", "kind": "TEXT", **question},
            {"key": "two", "kind": "LONG_TEXT", **question},
            {"key": "three", "kind": "SELECT", "options": [POISON], **question},
            {"key": "four", "kind": "MULTI_SELECT", "options": [POISON], **question},
            {"key": "five", "kind": "CHECKBOX", **question},
        ],
        consent={"kind": "NOTICE", "text": POISON, "boxes": [{"key": "news", "label": POISON, "required": False}]},
    )


TYPED: dict[str, str | list[str]] = {
    "first_name": POISON,
    "last_name": POISON,
    "email": POISON,
    "guest": [POISON, POISON],
    "answer-one": POISON,
    "answer-two": POISON,
    "answer-three": POISON,
    "answer-four": [POISON, POISON],
    "answer-five": POISON,
    "consent": [POISON],
    "seen": POISON,
    "key": POISON,
    "lost": POISON,
    "homepage": POISON,
}


@pytest.mark.capability("S1-22", "S1-24")
async def test_what_users_and_visitors_write_is_text_on_every_page(db: str) -> None:
    await a_poisoned_page()
    evil = quote(POISON)
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            pages = {
                "times": await visiting.get("/m/ines"),
                "a frame": await visiting.get("/m/ines?embed=1"),
                "zone": await visiting.get("/m/ines?change=zone"),
                "query": await visiting.get(
                    f"/m/ines?utm_campaign={evil}&utm_source={evil}&tz={evil}&lang={evil}&date={evil}"
                    f"&duration={evil}&visitor={evil}&key={evil}&embed={evil}&theme={evil}"
                ),
                "slug": await visiting.get(f"/m/{quote(POISON, safe='')}"),
                "token": await visiting.get(f"/b/{quote(POISON, safe='')}"),
                "form": await visiting.get(f"/m/ines?start=2026-11-24T09:30Z&key={evil}&utm_campaign={evil}"),
            }
            form = pages["form"].form("details")
            pages["mistakes"] = await sent(visiting, form, **{**TYPED, "seen": form.fields["seen"]})
            pages["hasty"] = await visiting.send(form, **TYPED)
            pages["added"] = await visiting.send(form, **{**TYPED, "do": "add-guest"})
            booked = await sent(visiting, form, first_name=POISON, last_name=POISON, email="marek@client.example")
            pages["booked"] = booked
            pages["prefilled"] = await visiting.get("/m/ines?start=2026-11-25T09:30Z")
            path = booked.answer.url.path
            for name in ("", "/move", "/cancel", "/cancel?lang=" + evil):
                pages[f"manage{name}"] = await visiting.get(f"{path}{name}")
            question = pages["manage/cancel"].form()
            pages["canceled"] = await visiting.send(question, reason=POISON)
    found = {name: acting(seen.answer.text) for name, seen in pages.items()}
    assert {name: one for name, one in found.items() if one} == {}
    assert [pages[name].status for name in ("times", "form", "mistakes", "booked", "canceled")] == [
        200,
        200,
        422,
        200,
        200,
    ]
    assert pages["form"].answer.text.count("&lt;img src=x") > 5
    assert "{{7*7}}" in pages["times"].text
    assert (await Meeting.get()).cancel_reason == POISON


async def test_a_room_that_a_browser_would_run_is_no_link(db: str) -> None:
    link = await a_poisoned_page()
    await User.filter(id=link.owner_id).update(name="Ines")
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            form = (await visiting.get("/m/ines?start=2026-11-23T08:00Z&key=k")).form("details")
            booked = await sent(visiting, form, email="marek@client.example", first_name="Marek")
            await Meeting.all().update(location_join_url=RUNS, location_provider="x")
            with clock.travel((await Meeting.get()).starts_at):
                seen = await visiting.get(booked.answer.url.path)
    assert acting(seen.answer.text) == []
    assert "Join the call" not in seen.text
