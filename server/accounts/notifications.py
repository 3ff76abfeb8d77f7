"""What a user wants to be told of, and how: everything, unless they switched it off."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from server.models import User


class Switch(StrEnum):
    """One sort of message to a colleague, as `User.notifications` names it."""

    MEETING_MAILS = "meeting_mails"
    REPLY_MAILS = "reply_mails"
    MENTION_MAILS = "mention_mails"
    MEETING_NOTICES = "meeting_notices"
    REPLY_NOTICES = "reply_notices"
    MENTION_NOTICES = "mention_notices"
    NUDGES = "nudges"


def wants(user: User, switch: Switch) -> bool:
    """Whether the user has this on."""
    return user.notifications.get(switch.value, True)


def switched(kept: Mapping[str, bool], wanted: Mapping[str, bool]) -> dict[str, bool]:
    """The switches as they are kept: those that are off."""
    together = {**kept, **wanted}
    return {switch.value: False for switch in Switch if not together.get(switch.value, True)}
