"""The properties that a page asks for, and the boxes that it wants ticked."""

from __future__ import annotations

import pytest

from server.booking.book import book
from server.errors import ErrorCode, Refused
from server.models import Contact, Meeting
from tests.factories import a_contact
from tests.server.booking.scene import NOW, a_booking, a_host_with_a_link, at

FIELDS = [
    {"property": "first_name", "required": True},
    {"property": "last_name", "required": True},
    {"property": "company", "required": True},
    {"property": "phone", "required": True},
    {"property": "website", "required": False},
]
CONSENT = {
    "kind": "CHECKBOX",
    "text": "We may use these details.",
    "boxes": [
        {"key": "terms", "label": "The terms", "required": True},
        {"key": "news", "label": "The newsletter", "required": False},
    ],
}


async def _codes(link: object, **fields: object) -> list[tuple[ErrorCode, tuple[str, ...]]]:
    with at(), pytest.raises(Refused) as caught:
        await book(a_booking(link, **fields))  # type: ignore[arg-type]  # a link of the scene
    return [(one.code, one.path) for one in caught.value.complaints]


@pytest.mark.capability("S1-24", "S1-44")
async def test_person_is_asked_for_what_the_link_requires(db: str) -> None:
    _, _, link = await a_host_with_a_link(form_fields=FIELDS)
    wrong = {"company": " ", "website": "no address", "city": "Leeds"}
    assert await _codes(link, first_name="Tomasz", last_name="", phone="call me", properties=wrong) == [
        (ErrorCode.ANSWER_INVALID, ("phone",)),
        (ErrorCode.ANSWER_INVALID, ("properties", "website")),
        (ErrorCode.ANSWER_INVALID, ("properties", "city")),
        (ErrorCode.NAME_REQUIRED, ("lastName",)),
        (ErrorCode.ANSWER_MISSING, ("properties", "company")),
    ]
    assert (ErrorCode.ANSWER_MISSING, ("phone",)) in await _codes(link)


@pytest.mark.capability("S1-16", "S1-24")
async def test_person_fills_in_what_the_contact_lacks_and_changes_nothing_else(db: str) -> None:
    account, _, link = await a_host_with_a_link(form_fields=FIELDS)
    await a_contact(account, email="tomasz@client.example", properties={"company": "Known Ltd"})
    said = {"company": "Another Ltd", "website": "www.client.example"}
    with at():
        await book(a_booking(link, phone="+48 600 100 200", properties=said))
    contact = await Contact.get()
    assert contact.properties == {"company": "Known Ltd", "website": "www.client.example"}
    assert contact.phone == "+48 600 100 200"


async def test_person_without_settings_of_the_link_needs_one_name(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    assert await _codes(link, first_name=" ", last_name="") == [(ErrorCode.NAME_REQUIRED, ("firstName",))]
    with at():
        await book(a_booking(link, first_name="", last_name="Lis"))


@pytest.mark.capability("S1-24", "S1-44")
async def test_consents_are_required_and_kept_as_they_were_seen(db: str) -> None:
    _, _, link = await a_host_with_a_link(consent=CONSENT)
    assert await _codes(link, consents=("news",)) == [
        (ErrorCode.CONSENT_REQUIRED, ("consents", "processing")),
        (ErrorCode.CONSENT_REQUIRED, ("consents", "terms")),
    ]
    with at():
        await book(a_booking(link, consents=("processing", "terms")))
    kept = (await Meeting.get()).consents
    shown = {"locale": "en", "at": kept[0]["at"]}
    assert kept == [
        {"key": "processing", "label": "We may use these details.", "given": True, **shown},
        {"key": "terms", "label": "The terms", "given": True, **shown},
        {"key": "news", "label": "The newsletter", "given": False, **shown},
    ]
    assert 0 <= shown["at"] - NOW.timestamp() < 60


@pytest.mark.capability("S1-44")
@pytest.mark.parametrize(
    ("locale", "words"),
    [
        (
            "en",
            "Linden & Co may also write to you about similar offers; you can object at any time.",
        ),
        (
            "ja",
            "Linden & Coから類似のご案内をお送りすることがあります。いつでもお断りいただけます。",
        ),
    ],
)
async def test_a_legitimate_interest_is_kept_in_all_the_words_that_were_shown(db: str, locale: str, words: str) -> None:
    consent = {"kind": "LEGITIMATE_INTEREST", "text": "We keep your plans.", "boxes": []}
    _, _, link = await a_host_with_a_link(consent=consent)
    with at():
        await book(a_booking(link, locale=locale))
    (kept,) = (await Meeting.get()).consents
    assert kept == {
        "key": "interest",
        "label": f"We keep your plans. {words}",
        "given": False,
        "locale": locale,
        "at": kept["at"],
    }
    assert 0 <= kept["at"] - NOW.timestamp() < 60


async def test_consent_without_a_text_has_the_pages_own_in_the_visitors_language(db: str) -> None:
    _, _, link = await a_host_with_a_link(consent={"kind": "CHECKBOX", "text": "", "boxes": []})
    with at():
        await book(a_booking(link, consents=("processing",), locale="pl"))
    (kept,) = (await Meeting.get()).consents
    assert kept["label"] == "Rezerwując, przekazujesz te dane firmie Linden & Co."
