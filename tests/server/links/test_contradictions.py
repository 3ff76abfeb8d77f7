"""Settings that are fine one by one and make no sense together."""

from __future__ import annotations

from typing import Any

import pytest

from server.complaints import Complaints
from server.errors import ErrorCode, Refused
from server.links.consent import Consent, ConsentBox, ConsentKind
from server.links.contradictions import check_contradictions
from server.links.questions import Question
from server.links.settings import LinkSettings, checked_columns
from server.models import MeetingLink

QUESTION = (Question("size", "How large?"),)
TICKED = Consent(ConsentKind.CHECKBOX, "Agreed")
OPTIONAL = Consent(ConsentKind.NOTICE, "", (ConsentBox("news", "Write to me"),))
REQUIRED = Consent(ConsentKind.NOTICE, "", (ConsentBox("news", "Write to me", True),))
SENDS = {"prefills": True, "auto_submits": True}


def told(settings: LinkSettings, **link: Any) -> list[tuple[ErrorCode, tuple[str, ...]]]:
    """What is wrong with these settings on a link that is like that."""
    found = Complaints()
    check_contradictions(checked_columns(settings, found), MeetingLink(**link), found)
    try:
        found.refuse_if_any()
    except Refused as refused:
        return [(one.code, one.path) for one in refused.complaints]
    return []


@pytest.mark.capability("S1-30", "S1-44")
@pytest.mark.parametrize(
    ("settings", "link", "mistakes"),
    [
        (LinkSettings(auto_submits=True), {}, 1),
        (LinkSettings(auto_submits=True), {"prefills": True}, 0),
        (LinkSettings(prefills=False), SENDS, 1),
        (LinkSettings(prefills=False, auto_submits=False), SENDS, 0),
        (LinkSettings(questions=QUESTION), SENDS, 1),
        (LinkSettings(questions=()), SENDS, 0),
        (LinkSettings(consent=TICKED), SENDS, 1),
        (LinkSettings(consent=REQUIRED), SENDS, 1),
        (LinkSettings(consent=OPTIONAL), SENDS, 0),
        (LinkSettings(consent=TICKED, questions=QUESTION, prefills=False), {"auto_submits": True}, 3),
        (LinkSettings(name="Other"), {"auto_submits": True}, 0),
    ],
)
def test_a_form_sends_itself_only_if_all_of_it_can_be_filled_in(
    settings: LinkSettings, link: dict[str, Any], mistakes: int
) -> None:
    assert told(settings, **link) == [(ErrorCode.SETTING_INVALID, ("autoSubmits",))] * mistakes


@pytest.mark.capability("S1-44")
@pytest.mark.parametrize(
    ("settings", "link", "mistakes"),
    [
        (LinkSettings(redirects_with_details=True), {}, 1),
        (LinkSettings(redirects_with_details=True, redirect_url="https://a.example"), {}, 0),
        (LinkSettings(redirects_with_details=True), {"redirect_url": "https://a.example"}, 0),
        (LinkSettings(redirect_url=""), {"redirect_url": "https://a.example", "redirects_with_details": True}, 1),
        (LinkSettings(redirect_url=""), {"redirect_url": "https://a.example"}, 0),
    ],
)
def test_details_go_with_an_address(settings: LinkSettings, link: dict[str, Any], mistakes: int) -> None:
    assert told(settings, **link) == [(ErrorCode.SETTING_INVALID, ("redirectsWithDetails",))] * mistakes
