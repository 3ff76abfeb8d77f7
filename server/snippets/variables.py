"""The variables of snippets: which there are, and how a text is filled in with their values. Pure."""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from server.errors import ErrorCode, refusal
from server.rich_text import as_html

VARIABLES: Mapping[str, str] = {
    "contact.firstName": "The contact's first name.",
    "contact.lastName": "The contact's last name.",
    "contact.name": "The contact's whole name.",
    "contact.company": "The company that the contact belongs to.",
    "meeting.title": "What the meeting is called.",
    "meeting.when": "When it is, with its zone, as invitations say it.",
    "meeting.location": "Where it is.",
    "host.name": "Who hosts it.",
    "host.firstName": "The host's first name.",
    "account.name": "The name in which the account writes.",
    "user.name": "Whoever puts the snippet in.",
}
"""Every variable, and what it stands for; written `{{contact.firstName}}`."""

_VARIABLE = re.compile(r"\{\{\s*([^{}]{1,60}?)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its variables filled in, as rich text; `missing` are those that nothing was known for."""

    html: str
    missing: tuple[str, ...]


def require_known(body: str, *path: str) -> None:
    """`VARIABLE_UNKNOWN`, with the nearest there is, for a text with a variable that does not exist."""
    for name in _VARIABLE.findall(body):
        if name not in VARIABLES:
            near = difflib.get_close_matches(name, VARIABLES, n=1, cutoff=0.5)
            hint = f"did you mean {{{{{near[0]}}}}}?" if near else f"there are {', '.join(VARIABLES)}."
            raise refusal(ErrorCode.VARIABLE_UNKNOWN, f"There is no variable {{{{{name}}}}}; {hint}", *path)


def filled(body: str, values: Mapping[str, str]) -> Filled:
    """The text with each variable replaced by its value, which acts as text and never as markup. What has no value is
    left out, and named in `missing`."""
    missing = [name for name in dict.fromkeys(_VARIABLE.findall(body)) if not values.get(name)]
    text = _VARIABLE.sub(lambda found: html.escape(values.get(found[1], "")), body)
    return Filled(as_html(text), tuple(missing))
