"""What a meeting is called that is booked through a link: the link's title, with names put in."""

from __future__ import annotations

import re

from server.checks import required_text, short
from server.errors import ErrorCode, refusal

LONGEST = 300
_LONGEST_TEMPLATE = 200
_WORDS = ("contact", "host")
_BRACED = re.compile(r"\{([^{}]*)\}")


def valid_title(text: str, *path: str) -> str:
    """The title of a link, in which `{contact}` and `{host}` stand for names; `SETTING_INVALID` for anything else in
    braces, which would be read out to visitors as it is."""
    title = required_text(text, _LONGEST_TEMPLATE, *path)
    if unknown := [word for word in _BRACED.findall(title) if word not in _WORDS]:
        wrong = ", ".join(f"{{{short(word)}}}" for word in unknown[:5])
        allowed = " and ".join(f"{{{word}}}" for word in _WORDS)
        raise refusal(ErrorCode.SETTING_INVALID, f"A title has no {wrong}. You can use {allowed}.", *path)
    return title


def meeting_title(template: str, *, contact: str, host: str) -> str:
    """The link's title with the names put in, each once: what a name says is never read for words again. Cut to what a
    title may have."""
    names = {"contact": contact, "host": host}
    return _BRACED.sub(lambda found: names.get(found[1], found[0]), template)[:LONGEST]
