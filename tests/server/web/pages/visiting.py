"""A visitor without a browser: asks for pages, reads their forms, and sends them back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser

import httpx
from starlette.applications import Starlette

from server.web import pages

MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


@dataclass
class Form:
    """A form of a page: where it leads, what its fields hold, and every value of its radios."""

    id: str
    method: str
    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    radios: dict[str, list[str]] = field(default_factory=dict)


class PageParser(HTMLParser):
    """Collects links, forms and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[Mapping[str, str], str]] = []
        self.text: list[str] = []
        self._link: Mapping[str, str] | None = None
        self._words: list[str] = []
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a":
            self._link, self._words = given, []
        elif tag == "form":
            self.forms.append(Form(given.get("id", ""), given.get("method", "get"), given.get("action", "")))
        elif tag in ("input", "textarea") and self.forms:
            self._field(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link is not None:
            self.links.append((self._link, " ".join("".join(self._words).split())))
            self._link = None
        if tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._link is not None:
            self._words.append(data)
        if self._area is not None:
            self.forms[-1].fields[self._area] = [data]

    def _field(self, tag: str, given: Mapping[str, str]) -> None:
        form, name = self.forms[-1], given.get("name", "")
        if given.get("type") in ("radio", "checkbox"):
            if given["type"] == "radio":
                form.radios.setdefault(name, []).append(given["value"])
            if "checked" in given:
                form.fields.setdefault(name, []).append(given["value"])
            return
        form.fields.setdefault(name, []).append(given.get("value", ""))
        self._area = name if tag == "textarea" else None


@dataclass(frozen=True)
class Seen:
    """A page as it came."""

    answer: httpx.Response
    page: PageParser

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def text(self) -> str:
        return " ".join("".join(self.page.text).split())

    @property
    def title(self) -> str:
        return self.answer.text.split("<title>")[1].split("</title>")[0]

    def form(self, id: str = "") -> Form:
        return next(form for form in self.page.forms if not id or form.id == id)

    def links(self, **attributes: str) -> list[str]:
        return [words for given, words in self.page.links if attributes.items() <= given.items()]

    def href(self, words: str) -> str:
        return next(given["href"] for given, spoken in self.page.links if words in spoken)


class Visitor:
    """Somebody with a browser that runs no script."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str, **headers: str) -> Seen:
        return _seen(await self.client.get(path, headers=headers))

    async def send(self, form: Form, **typed: str | list[str]) -> Seen:
        """Submits a form with these fields changed, and follows where it leads."""
        fields: dict[str, str | list[str]] = dict(form.fields.items())
        content = {name: value for name, value in (fields | typed).items() if value is not None}
        if form.method == "get":
            return _seen(await self.client.get(form.action, params=content))
        return _seen(await self.client.post(form.action, data=content))


@asynccontextmanager
async def visitor(language: str = "en") -> AsyncIterator[Visitor]:
    """A visitor who reads that language, before the pages as they are."""
    transport = httpx.ASGITransport(app=Starlette(routes=pages.routes()))
    headers = {"accept-language": language}
    async with httpx.AsyncClient(
        transport=transport, base_url="https://meet.example.com", headers=headers, follow_redirects=True
    ) as client:
        yield Visitor(client)


def _seen(answer: httpx.Response) -> Seen:
    parser = PageParser()
    parser.feed(answer.text if "html" in answer.headers.get("content-type", "") else "")
    return Seen(answer, parser)
