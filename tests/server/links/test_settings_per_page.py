"""Two pages of one host: what is set on one is no matter to the other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from server import clock
from server.accounts.viewer import Viewer
from server.booking.book import Answer, book
from server.errors import Refused
from server.links.consent import Consent, ConsentBox, ConsentKind
from server.links.edit import NewLink, create_link
from server.links.form_fields import ContactProperty, FormField
from server.links.questions import Question
from server.links.settings import LinkSettings
from server.models import Change, Contact, Meeting, MeetingLink
from server.reminders.plan import LeadTime
from tests.factories import a_user, an_account
from tests.resolvers.asking import answer
from tests.server.booking.scene import NOW, a_booking, monday
from tests.server.meetings.scene import viewer_of

PAGE = """query ($slug: String!) { schedulingPage(slug: $slug) { durationsMinutes guestsMax formFields { property }
  questions { key } consent { kind boxes { key } } price { amount } confirmationMessage redirectUrl accentColor } }"""


@pytest.fixture(autouse=True)
def _on_friday() -> Iterator[None]:
    with clock.travel(NOW):
        yield


async def two_pages() -> tuple[Viewer, MeetingLink, MeetingLink]:
    """One link of Ines's on which everything is set, and one on which nothing is."""
    viewer = viewer_of(await a_user(await an_account()))
    strict = LinkSettings(
        name="Roof plans",
        slug="strict",
        title="{contact} and {host}",
        attendee_description="Bring the plans.",
        durations_minutes=(60,),
        form_fields=(FormField(ContactProperty.LAST_NAME, True), FormField(ContactProperty.COMPANY, True)),
        questions=(Question("size", "How large?", "NUMBER", True),),
        consent=Consent(ConsentKind.CHECKBOX, "We keep your plans.", (ConsentBox("terms", "Terms", True),)),
        guests_max=1,
        confirmation_message="See you.",
        redirect_url="https://roofs.example",
        accent_color="#112233",
        reminders=(LeadTime(1, "DAYS"),),
        notice_minutes=0,
    )
    links = [await create_link(viewer, NewLink(one)) for one in (strict, LinkSettings(name="Chat", slug="plain"))]
    return viewer, await MeetingLink.get(id=links[0]), await MeetingLink.get(id=links[1])


@pytest.mark.capability("S1-44")
async def test_each_page_shows_its_own_settings(db: str) -> None:
    await two_pages()
    pages = [(await answer(PAGE, slug=slug))["schedulingPage"] for slug in ("strict", "plain")]
    assert pages == [
        {
            "durationsMinutes": [60],
            "guestsMax": 1,
            "formFields": [{"property": "LAST_NAME"}, {"property": "COMPANY"}],
            "questions": [{"key": "size"}],
            "consent": {"kind": "CHECKBOX", "boxes": [{"key": "processing"}, {"key": "terms"}]},
            "price": None,
            "confirmationMessage": "See you.",
            "redirectUrl": "https://roofs.example",
            "accentColor": "#112233",
        },
        {
            "durationsMinutes": [30],
            "guestsMax": 0,
            "formFields": [{"property": "FIRST_NAME"}, {"property": "LAST_NAME"}],
            "questions": [],
            "consent": {"kind": "NOTICE", "boxes": []},
            "price": None,
            "confirmationMessage": "",
            "redirectUrl": None,
            "accentColor": "#0a6a58",
        },
    ]


@pytest.mark.capability("S1-24", "S1-44")
async def test_each_page_asks_for_what_it_is_set_to_and_for_no_more(db: str) -> None:
    _, strict, plain = await two_pages()
    await book(a_booking(plain, monday(9), last_name=""))
    with pytest.raises(Refused) as caught:
        await book(a_booking(strict, monday(11), last_name="", guests=("a@client.example", "b@client.example")))
    assert sorted((one.code.value, one.path) for one in caught.value.complaints) == [
        ("ANSWER_MISSING", ("answers", "size")),
        ("ANSWER_MISSING", ("properties", "company")),
        ("CONSENT_REQUIRED", ("consents", "processing")),
        ("CONSENT_REQUIRED", ("consents", "terms")),
        ("GUEST_LIMIT", ("guests",)),
        ("NAME_REQUIRED", ("lastName",)),
    ]
    begun = clock.now_epoch()
    booked = await book(
        a_booking(
            strict,
            monday(11),
            properties={"company": "Harbour Ltd"},
            answers=(Answer("size", "12"),),
            consents=("processing", "terms"),
        )
    )
    meeting = await Meeting.get(id=booked.meeting_id)
    assert (meeting.title, meeting.attendee_description, meeting.ends_at) == (
        "Tomasz Lis and Ines Marek",
        "Bring the plans.",
        monday(12),
    )
    given_at = meeting.consents[0]["at"]
    assert begun <= given_at <= int(meeting.created_at.timestamp())
    kept = {"given": True, "locale": "en", "at": given_at}
    assert meeting.consents == [
        {"key": "processing", "label": "We keep your plans."} | kept,
        {"key": "terms", "label": "Terms"} | kept,
    ]
    change = await Change.get(meeting_id=meeting.id)
    assert change.data["consents"] == ["processing", "terms"]
    contact = await Contact.get()
    assert contact.properties["company"] == "Harbour Ltd"
