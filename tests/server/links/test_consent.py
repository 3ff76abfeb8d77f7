"""What visitors agree to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.complaints import Complaints
from server.errors import Refused
from server.links.consent import Consent, ConsentBox, ConsentKind, checked_consent, consent_from, consent_of
from server.models import Account, MeetingLink

NEWS = ConsentBox("news", "Write to me")
NOW = datetime(2026, 11, 16, 8, 15, tzinfo=UTC)
SHOWN = {"locale": "pl", "at": 1794816900}
UNTICKED = {"key": "news", "label": "Write to me", "given": False, **SHOWN}
TERMS = ConsentBox("terms", "I know the terms", is_required=True)


@pytest.mark.capability("S1-44")
def test_a_box_for_the_text_comes_first_and_has_to_be_ticked() -> None:
    consent = Consent(ConsentKind.CHECKBOX, "We keep your plans.", (NEWS, TERMS))
    processing = ConsentBox("processing", "We keep your plans.", is_required=True)
    assert consent.all_boxes == (processing, NEWS, TERMS)
    assert consent.missing(["news"]) == (processing, TERMS)
    assert consent.missing(["processing", "terms"]) == ()
    assert consent.kept(["terms", "processing", "unknown"], locale="pl", at=NOW) == [
        {"key": "processing", "label": "We keep your plans.", "given": True, **SHOWN},
        {"key": "news", "label": "Write to me", "given": False, **SHOWN},
        {"key": "terms", "label": "I know the terms", "given": True, **SHOWN},
    ]


@pytest.mark.capability("S1-44")
def test_a_notice_is_agreed_to_by_booking_and_kept_in_its_words() -> None:
    seen = {"key": "notice", "label": "By booking you agree.", "given": True, **SHOWN}
    consent = Consent(ConsentKind.NOTICE, "By booking you agree.", (NEWS,))
    assert consent.kept((), locale="pl", at=NOW) == [seen, UNTICKED]


@pytest.mark.capability("S1-44")
def test_a_legitimate_interest_is_kept_in_its_words_and_agreed_to_by_nobody() -> None:
    seen = {"key": "interest", "label": "We keep your plans.", "given": False, **SHOWN}
    consent = Consent(ConsentKind.LEGITIMATE_INTEREST, "We keep your plans.", (NEWS,))
    assert consent.kept(("interest",), locale="pl", at=NOW) == [seen, UNTICKED]


@pytest.mark.parametrize("key", ["notice", "processing", "interest"])
def test_no_box_takes_the_place_of_the_text(key: str) -> None:
    found = Complaints()
    checked_consent(Consent(boxes=(ConsentBox(key, "Write to me"),)), found)
    with pytest.raises(Refused) as refused:
        found.refuse_if_any()
    assert [one.path for one in refused.value.complaints] == [("consent", "boxes", "0", "key")]


@pytest.mark.parametrize("kind", [ConsentKind.NOTICE, ConsentKind.LEGITIMATE_INTEREST])
def test_other_kinds_have_their_further_boxes_only(kind: ConsentKind) -> None:
    assert Consent(kind, "We keep your plans.", (NEWS,)).all_boxes == (NEWS,)


def test_the_text_of_the_account_holds_where_a_link_has_none() -> None:
    account = Account(consent_text="By booking you agree.")
    kept = {"kind": "CHECKBOX", "text": "", "boxes": []}
    assert consent_of(MeetingLink(), account) == Consent(ConsentKind.NOTICE, "By booking you agree.")
    assert consent_of(MeetingLink(consent=kept), account) == Consent(ConsentKind.CHECKBOX, "By booking you agree.")
    assert consent_of(MeetingLink(consent={**kept, "text": "Ours."}), account).text == "Ours."


words = st.text("abc def", min_size=1).filter(str.strip).map(lambda text: " ".join(text.split()))
boxes = st.lists(
    st.builds(ConsentBox, st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True), words, st.booleans()),
    max_size=10,
    unique_by=lambda box: box.key,
)


@given(st.builds(Consent, st.sampled_from(ConsentKind), words | st.just(""), boxes.map(tuple)))
def test_what_is_kept_is_read_back_as_it_was(consent: Consent) -> None:
    found = Complaints()
    kept = checked_consent(consent, found)
    found.refuse_if_any()
    assert consent_from(kept) == consent
