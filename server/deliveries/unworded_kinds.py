"""The kinds of mail that no account words, because colleagues alone read them, as they would read if they were sent
now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from server.deliveries.mention import mention
from server.deliveries.owner_warning import owner_warning
from server.deliveries.password_mail import password_mail
from server.deliveries.readers import Reader
from server.deliveries.video_room import video_warning
from server.gateways.mail.rendering import Content
from server.meetings.facts import MeetingFacts
from server.models import PasswordToken

_COLLEAGUE = "Nora Lind"
_WEBHOOK = {"name": "Order desk", "url": "https://orders.example/hooks/parley", "error": "answered 503"}


def _mention(facts: MeetingFacts, reader: Reader) -> Content:
    return mention(facts, reader, _COLLEAGUE)


def _password(is_invitation: bool, facts: MeetingFacts, reader: Reader) -> Content:
    token = PasswordToken(id=0, is_invitation=is_invitation)
    token.account = facts.account
    return password_mail(token, "example", reader, inviter=_COLLEAGUE)


def _webhook(about: str, facts: MeetingFacts, reader: Reader) -> Content:
    since = int(facts.meeting.created_at.timestamp())
    return owner_warning({**_WEBHOOK, "about": about, "failing_since": since}, facts.account, reader)


UNWORDED: Mapping[str, Callable[[MeetingFacts, Reader], Content]] = MappingProxyType(
    {
        "mention": _mention,
        "video_warning": video_warning,
        "user_invited": partial(_password, True),
        "password_forgotten": partial(_password, False),
        **{f"webhook_{about}": partial(_webhook, about) for about in ("failing", "disabled", "gone", "missed")},
    }
)
"""What each of them says to the host of a meeting, by the kind that its letter has."""
