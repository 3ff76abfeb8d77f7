"""What a visitor answered, as people read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.wording import say


def answer_in_words(kept: Mapping[str, Any], locale: str) -> str:
    """An answer as a meeting keeps it, in the reader's language: a box that was ticked or left is Yes or No, options
    stand one after the other."""
    if "ticked" in kept:
        return say(locale, "answer.yes" if kept["ticked"] else "answer.no")
    chosen = kept.get("values")
    return say(locale, "mail.list").join(chosen) if chosen else str(kept["value"])
