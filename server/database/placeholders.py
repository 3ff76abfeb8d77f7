"""Placeholders for a list of values."""

from __future__ import annotations

from collections.abc import Sized


def placeholders(values: Sized, *, after: int = 0) -> str:
    """A placeholder for each of the values, behind `after` others: `$3, $4`. NULL, which nothing is among, for none."""
    return ", ".join(f"${number}" for number in range(after + 1, after + 1 + len(values))) or "NULL"
