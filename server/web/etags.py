"""Whether a caller has an answer already."""

from __future__ import annotations

from collections.abc import Mapping


def is_known(asked: Mapping[str, str], tag: str) -> bool:
    """Whether the `If-None-Match` among these headers names the tag, or `*` for whatever there is. Compared weakly,
    since what packs an answer on its way weakens its tag (RFC 9110, 13.1.2)."""
    held = [one.strip().removeprefix("W/") for one in asked.get("if-none-match", "").split(",")]
    return tag.removeprefix("W/") in held or held == ["*"]
