"""Where a link is put for others to find."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from server.booking.tracking import Tracking, kept


class ShareChannel(StrEnum):
    """A way to share a page (S1-09). The value is what a booking that came this way has for its medium, unless the one
    who shares it says otherwise."""

    EMAIL = "email"
    CHAT = "chat"
    CTA = "cta"
    WEBSITE = "website"
    PRINT = "print"


def with_channel(tracking: Tracking, channel: ShareChannel | None) -> Tracking:
    """The tracking as it is stored, with the channel for its medium where it names none."""
    cleaned = kept(tracking)
    return cleaned if cleaned.medium or channel is None else replace(cleaned, medium=channel.value)
