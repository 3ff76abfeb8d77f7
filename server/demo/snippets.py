"""What everybody at Fernhill writes again and again."""

from __future__ import annotations

from server.models import Account, Snippet

TEXTS = (
    (
        "directions",
        "How to find us",
        "<p>Hello {{contact.firstName}},</p><p>ring at <b>gate 2</b>; {{host.firstName}} comes to fetch you.</p>",
    ),
    (
        "agenda",
        "What we will talk about",
        "<p>For {{meeting.when}} we have planned:</p><ul><li>where you are</li><li>what the robot has to do</li>"
        "<li>what comes next</li></ul>",
    ),
)


async def make_snippets(account: Account) -> None:
    """The account has its snippets, shared by all."""
    for shortcut, name, body in TEXTS:
        await Snippet.create(account=account, shortcut=shortcut, name=name, body=body)
