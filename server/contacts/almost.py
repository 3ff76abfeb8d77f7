"""When a word is spelt almost like another: one letter more, less, other, or two that changed places. Pure."""

from __future__ import annotations

from collections.abc import Sequence

SHORTEST = 5
"""Shorter words have too many neighbours to guess."""


def halves(word: str) -> tuple[str, str]:
    """The beginning of the word, with the blank before it, and its end: one slip leaves one of them as it was."""
    length = max(3, len(word) // 2)
    return f" {word[: length - 1]}", word[-length:]


def corrections(asked: Sequence[str], text: str) -> int | None:
    """How many of the asked words need a slip mended to stand in the text, a list of words with blanks around each;
    None where mending is not enough."""
    there = text.split()
    needed = 0
    for word in asked:
        if word in text:
            continue
        if len(word) < SHORTEST or not any(half in text for half in halves(word)):
            return None
        if not any(begins_almost(word, other) for other in there):
            return None
        needed += 1
    return needed


def begins_almost(word: str, other: str) -> bool:
    """Whether `other`, or a beginning of it, is one slip away from `word`."""
    length = len(word)
    return any(is_one_slip(word, other[:end]) for end in (length - 1, length, length + 1) if end <= len(other))


def is_one_slip(one: str, two: str) -> bool:
    """Whether the two differ, and by one letter or by two neighbours in the other order."""
    if one == two or abs(len(one) - len(two)) > 1:
        return False
    start = 0
    while start < min(len(one), len(two)) and one[start] == two[start]:
        start += 1
    left, right = one[start:], two[start:]
    if len(left) == len(right):
        swapped = len(left) > 1 and left[:2] == right[1::-1] and left[2:] == right[2:]
        return left[1:] == right[1:] or swapped
    return left[1:] == right if len(left) > len(right) else left == right[1:]
