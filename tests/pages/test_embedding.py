"""The page inside a page of another origin: it sizes itself, books, and says so; and only where it may."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

AROUND = """<!doctype html><html lang="en"><title>A site</title><meta name="viewport" content="width=device-width">
<script>
  window.heard = [];
  for (const name of ["ready", "height", "booked"])
    addEventListener(`parley:${name}`, (event) => heard.push([name, event.detail]));
  addEventListener("message", (event) => (window.told = [...(window.told || []), event.data]));
</script>
<h1>A site of somebody else</h1>
%s
<p id="below">What stands below.</p></html>"""

Host = Callable[[str], str]


@pytest.fixture
def host() -> Iterator[Host]:
    """A site of another origin: `host(html)` is the address of a page with that inside."""
    pages: dict[str, str] = {}

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(pages.get(self.path, "").encode())

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def host(html: str) -> str:
        path = f"/{len(pages)}"
        pages[path] = AROUND % html
        return f"http://localhost:{server.server_port}{path}"

    yield host
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A device that looks at somebody else's site."""
    context = browser.new_context(
        viewport={"width": 760, "height": 900}, locale="en-GB", timezone_id="Europe/Warsaw", reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


def snippet(site: str, slug: str, query: str = "") -> str:
    """What `embedCode` of a link is."""
    carried = f' data-query="{query}"' if query else ""
    address = f"{site}/m/{slug}{'?' if query else ''}{query}"
    loader = f'<script async src="{site}/embed.js" data-parley="{slug}"{carried}></script>'
    return f'<a href="{address}"><bdi>Choose a time</bdi></a>\n{loader}'


@pytest.mark.capability("S1-12")
def test_a_visitor_books_inside_a_page_of_another_origin(page: Page, host: Host, site: str, slug: str) -> None:
    page.goto(host(snippet(site, slug, "utm_source=site")))
    inside = page.frame_locator("iframe")
    expect(inside.locator("h1")).to_have_text("Product walkthrough")
    expect(inside.locator(".company")).not_to_contain_text("Fernhill Robotics")
    expect(inside.locator("[data-clock='Europe/Warsaw']")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('iframe')).borderTopWidth") == "0px"
    fits(page, inside)
    inside.locator("a.day:visible", has_text="24").first.click()
    inside.locator(".chip", has_text="10:30").click()
    inside.get_by_role("button", name="Continue").click()
    fits(page, inside)
    inside.locator("#first_name").fill("Marek")
    inside.locator("#email").fill("marek@client.example")
    inside.locator("#answer-look").fill("The arm")
    inside.locator("#details > .fields button[data-main]").click()
    expect(inside.locator("h1")).to_have_text("You are booked")
    fits(page, inside)
    page.wait_for_function("heard.some(([name]) => name === 'booked')")
    heard = page.evaluate("heard")
    assert {name for name, _ in heard} == {"ready", "height", "booked"}
    assert [detail for name, detail in heard if name != "height"] == [{}] * sum(name != "height" for name, _ in heard)
    assert page.context.cookies() == []
    assert page.evaluate("location.pathname") == "/0"


def fits(page: Page, inside: FrameLocator) -> None:
    """The frame is as high as what it shows, and nothing scrolls inside of it."""
    expect(inside.locator("main")).to_be_visible()
    page.wait_for_function(
        """() => document.querySelector("iframe").clientHeight
                 === heard.findLast(([name]) => name === "height")?.[1].height"""
    )
    over = inside.locator("html").evaluate("html => html.scrollHeight - html.clientHeight")
    assert over <= 0


def test_a_frame_alone_shows_the_page_and_room_is_kept_for_it(page: Page, host: Host, site: str) -> None:
    address = f"{site}/m/walk-59?embed=1"
    frame = f'<iframe src="{address}" title="Choose a time" style="width:100%;height:640px;border:0"></iframe>'
    page.goto(host(frame))
    expect(page.frame_locator("iframe").locator("h1")).to_have_text("Product walkthrough")
    below = page.locator("#below").bounding_box()
    assert below is not None
    assert below["y"] > 640


def test_only_the_sites_that_a_link_names_may_show_it(page: Page, host: Host, site: str) -> None:
    page.goto(host(snippet(site, "elsewhere-0")))
    expect(page.locator("iframe")).to_be_attached()
    page.wait_for_timeout(500)
    assert [one.url for one in page.frames if one.parent_frame] == ["chrome-error://chromewebdata/"]


def test_without_script_the_snippet_is_a_link(browser: Browser, host: Host, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(host(snippet(site, "walk-59")))
    page.get_by_role("link", name="Choose a time").click()
    expect(page.locator("h1")).to_have_text("Product walkthrough")
    context.close()
