"""Settings that are fine one by one and make no sense together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.complaints import Complaints
from server.errors import ErrorCode
from server.links.consent import consent_from
from server.links.settings import check_window
from server.models import MeetingLink

_WINDOW = ("window_kind", "window_starts_on", "window_ends_on")
_SENDING = ("prefills", "auto_submits", "questions", "consent")
_REDIRECT = ("redirect_url", "redirects_with_details")

_NOT_FILLED_IN = "Nothing can be sent by itself that is not filled in: please switch prefilling on as well."
_ASKS = "A page with questions of its own cannot send itself, because their answers are never filled in."
_HAS_BOXES = "A page with a box that has to be ticked cannot send itself, because no box is ticked in advance."
_NOWHERE = "There is no address to take the details to. Please give one, or leave the details out."


def check_contradictions(columns: Mapping[str, Any], link: MeetingLink | None, found: Complaints) -> None:
    """What is said, on top of what `link` has already, holds together; each rule is asked only where something of it is
    touched. `TIME_RANGE_INVALID` for a window, `SETTING_INVALID` for the others."""
    after = _after(columns, link or MeetingLink())
    if columns.keys() & set(_WINDOW):
        check_window(after["window_kind"], after["window_starts_on"], after["window_ends_on"], found)
    if columns.keys() & set(_SENDING) and after["auto_submits"]:
        _check_sending(after, found)
    if columns.keys() & set(_REDIRECT) and after["redirects_with_details"] and after["redirect_url"] == "":
        found.add(ErrorCode.SETTING_INVALID, _NOWHERE, "redirectsWithDetails")


def _check_sending(after: Mapping[str, Any], found: Complaints) -> None:
    """A form that sends itself is filled in and asks nothing that nobody could fill in (S1-30, S1-31)."""
    if not after["prefills"]:
        found.add(ErrorCode.SETTING_INVALID, _NOT_FILLED_IN, "autoSubmits")
    if after["questions"]:
        found.add(ErrorCode.SETTING_INVALID, _ASKS, "autoSubmits")
    if after["consent"] and consent_from(after["consent"]).missing(()):
        found.add(ErrorCode.SETTING_INVALID, _HAS_BOXES, "autoSubmits")


def _after(columns: Mapping[str, Any], link: MeetingLink) -> dict[str, Any]:
    before = {name: getattr(link, name) for name in (*_WINDOW, *_SENDING, *_REDIRECT)}
    return {name: columns.get(name, value) for name, value in before.items()}
