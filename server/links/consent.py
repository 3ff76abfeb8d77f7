"""What a visitor agrees to by booking, and what to besides."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from server.checks import long_text, required_text
from server.complaints import Complaints
from server.errors import ErrorCode
from server.models import Account, MeetingLink

PROCESSING = "processing"
"""The key of the box that a CHECKBOX consent puts before its text."""

NOTICE = "notice"
"""What a NOTICE is kept under, to which whoever books agrees by booking."""

INTEREST = "interest"
"""What a LEGITIMATE_INTEREST is kept under, which tells and does not ask."""

MOST_BOXES = 10
LONGEST_TEXT = 2000
LONGEST_LABEL = 500

_TAKEN = (PROCESSING, NOTICE, INTEREST)
_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")


class ConsentKind(StrEnum):
    """How the text is put to a visitor."""

    NOTICE = "NOTICE"
    CHECKBOX = "CHECKBOX"
    LEGITIMATE_INTEREST = "LEGITIMATE_INTEREST"


_TOLD = {ConsentKind.NOTICE: (NOTICE, True), ConsentKind.LEGITIMATE_INTEREST: (INTEREST, False)}


@dataclass(frozen=True, slots=True)
class ConsentBox:
    """A box to be ticked, never in advance. Its key is what a booking names in `consents`."""

    key: str
    label: str
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Consent:
    """The text beside the button, empty for what the page says of itself; its kind; and boxes for anything further."""

    kind: ConsentKind = ConsentKind.NOTICE
    text: str = ""
    boxes: tuple[ConsentBox, ...] = ()

    @property
    def all_boxes(self) -> tuple[ConsentBox, ...]:
        """Every box in the order shown; for CHECKBOX the first one, `processing`, has the text for its label."""
        if self.kind is not ConsentKind.CHECKBOX:
            return self.boxes
        return (ConsentBox(PROCESSING, self.text, is_required=True), *self.boxes)

    def missing(self, given: Collection[str]) -> tuple[ConsentBox, ...]:
        """The boxes without which nobody books and which are not among the keys `given`."""
        return tuple(box for box in self.all_boxes if box.is_required and box.key not in given)

    def kept(self, given: Collection[str], *, locale: str, at: datetime) -> list[dict[str, Any]]:
        """What a meeting keeps: the text and every box as the visitor saw them, in which language and when, and whether
        they agreed: to a NOTICE by booking, to a box by ticking it, to a LEGITIMATE_INTEREST nobody is asked to."""
        seen = [(box.key, box.label, box.key in given) for box in self.all_boxes]
        if self.kind in _TOLD:
            key, is_agreed_to = _TOLD[self.kind]
            seen.insert(0, (key, self.text, is_agreed_to))
        shown = {"locale": locale, "at": int(at.timestamp())}
        return [{"key": key, "label": label, "given": is_given, **shown} for key, label, is_given in seen]


def consent_of(link: MeetingLink, account: Account) -> Consent:
    """What the link's page asks to be agreed to; the account's text where the link has none of its own."""
    own = consent_from(link.consent)
    return Consent(own.kind, own.text or account.consent_text, own.boxes)


def consent_from(kept: Mapping[str, Any] | None) -> Consent:
    """The consent as a link keeps it, `{"kind", "text", "boxes"}`, read back; a mere notice where it keeps none."""
    if kept is None:
        return Consent()
    boxes = tuple(ConsentBox(one["key"], one["label"], bool(one["required"])) for one in kept["boxes"])
    return Consent(ConsentKind(kept["kind"]), kept["text"], boxes)


def checked_consent(consent: Consent, found: Complaints) -> dict[str, Any]:
    """The consent as a link keeps it. `TEXT_TOO_LONG`, `NAME_REQUIRED` for a box without words, `SETTING_INVALID` for
    its key."""
    if len(consent.boxes) > MOST_BOXES:
        found.add(ErrorCode.SETTING_INVALID, f"A page has at most {MOST_BOXES} boxes to tick.", "consent", "boxes")
        return {}
    keys = [box.key for box in consent.boxes]
    return {
        "kind": consent.kind.value,
        "text": found.ask(long_text, consent.text, LONGEST_TEXT, "consent", "text") or "",
        "boxes": [_checked_box(index, box, keys, found) for index, box in enumerate(consent.boxes)],
    }


def _checked_box(index: int, box: ConsentBox, keys: Sequence[str], found: Complaints) -> dict[str, Any]:
    path = ("consent", "boxes", str(index))
    if not _KEY.fullmatch(box.key) or box.key in _TAKEN or keys.count(box.key) > 1:
        message = "Every box needs a key of its own, such as newsletter: small letters, digits; "
        message += f"not {', '.join(_TAKEN[:-1])} or {_TAKEN[-1]}."
        found.add(ErrorCode.SETTING_INVALID, message, *path, "key")
    label = found.ask(required_text, box.label, LONGEST_LABEL, *path, "label") or ""
    return {"key": box.key, "label": label, "required": box.is_required}
