"""Somebody opens the bare address of a server."""

import pytest

from server.settings import Settings
from server.wording import LOCALES, say
from tests.server.web.pages.visiting import visitor


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", LOCALES)
async def test_the_bare_address_says_what_happens_here_in_the_readers_language(in_use: Settings, language: str) -> None:
    async with visitor(language) as visiting:
        seen = await visiting.get("/")
    heading, next = say(language, "page.front"), say(language, "page.front_next")
    assert (seen.status, seen.title) == (200, heading)
    assert f"<h1>{heading}</h1>\n<p>{next}</p>" in seen.answer.text
