"""Whatever visitors and users write stays what they wrote, in every mail and every invitation."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from email import policy
from email.parser import BytesParser
from typing import Any

import icalendar
import pytest
import vobject
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from tortoise import Tortoise

from server import settings
from server.deliveries.every_kind import content_of, reader_of
from server.deliveries.example import example_facts
from server.deliveries.letters import letter_to_attendee, letter_to_host
from server.deliveries.occasion import Occasion
from server.gateways.mail.messages import mime_bytes
from server.gateways.mail.rendering import as_html
from server.mail_texts.shipped import Words
from server.meetings.facts import MeetingFacts
from server.models import Account, Job, MeetingLink
from server.models.enums import LocationKind, MailKind
from tests.server.deliveries.reading import Page

PUBLIC = "https://meet.example.com"
ADDRESSES = (f"{PUBLIC}/", "https://fernhill.example", "https://call.example/")
PIECES = [
    "\r\n",
    "\n",
    "\r",
    "\u2028",
    "\x00",
    "\x0b",
    "<script>alert(1)</script>",
    "</td></table><img src=x onerror=alert(1)>",
    "<!--",
    "]]>",
    "&lt;b&gt;",
    '" onmouseover="alert(1)',
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "{internal_notes}",
    "\r\nBcc: all@evil.example\r\n\r\n",
    "=?utf-8?q?=0d=0aBcc:_a@evil.example?=",
    "\r\nATTENDEE:mailto:a@evil.example",
    "\nEND:VEVENT\nBEGIN:VEVENT\nUID:x",
    "\\nORGANIZER:mailto:a@evil.example",
    '";CN=x:mailto:a@evil.example',
    "^n^'",
    ",;:\\",
    "\u202e",
    "słowo 會議 كلمة",
]
WRITTEN = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), min_size=1, max_size=5).map("".join)
FIELDS = ("title", "description", "place", "first", "last", "phone", "question", "answer", "reason", "host", "company")


@pytest.fixture(autouse=True)
def _as_set() -> Iterator[None]:
    """Settings, and models that know their relations, without a database."""
    before = settings.current() if settings._in_use else None
    settings.use(settings.read(public_url=PUBLIC, secret_key="for-tests-only-" + "k" * 32))
    Tortoise.init_models(["server.models"], "models")
    yield
    settings._in_use[:] = [before] if before else []


def facts_with(written: dict[str, str]) -> MeetingFacts:
    """The example, with these texts in all that people write."""
    account = Account(id=0, name=written["company"], postal_address=written["place"])
    facts = example_facts(account)
    meeting, contact, host = facts.meeting, facts.contact, facts.host
    assert contact is not None
    meeting.title, meeting.attendee_description = written["title"], written["description"]
    meeting.location_kind, meeting.location_text = LocationKind.ADDRESS, written["place"]
    meeting.location_join_url, meeting.cancel_reason = written["place"], written["reason"]
    meeting.answers = [{"question": written["question"], "value": [written["answer"], written["answer"]]}]
    meeting.tracking = {"campaign": written["answer"]}
    contact.first_name, contact.last_name, contact.phone = written["first"], written["last"], written["phone"]
    host.name = written["host"]
    for attendee, name in zip(facts.attendees, (host.name, f"{contact.first_name} {contact.last_name}"), strict=True):
        attendee.name = name
    link = MeetingLink(id=0, slug="product-walkthrough", name=written["title"], is_active=True)
    return dataclasses.replace(facts, link=link)


def usual() -> dict[str, str]:
    return dict.fromkeys(FIELDS, "Plain words")


@given(st.fixed_dictionaries(dict.fromkeys(FIELDS, WRITTEN)), st.sampled_from(list(MailKind)))
@trying(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_html_has_no_element_attribute_or_address_that_we_did_not_write(
    written: dict[str, str], kind: MailKind
) -> None:
    known, found = (Page(html_of(kind, facts_with(one))) for one in (usual(), written))
    assert set(found.names) <= set(known.names) | {"br"}
    attributes = {name for _, given in known.elements for name in given}
    assert {name for _, given in found.elements for name in given} <= attributes
    assert [one for one in found.values("href") if not one.startswith(ADDRESSES)] == []
    assert found.values("style").count("") == known.values("style").count("")


@given(WRITTEN, WRITTEN)
@trying(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_own_words_of_an_account_are_text_too(said: str, title: str) -> None:
    facts = facts_with(usual() | {"title": title})
    own = {("BOOKED", "en"): Words(said, f"{said}{{title}}", said)}
    reader = reader_of(MailKind.BOOKED, facts)
    page = Page(as_html(content_of(MailKind.BOOKED, facts, reader, own), "booked"))
    assert set(page.names) <= set(Page(html_of(MailKind.BOOKED, facts_with(usual()))).names) | {"br"}
    assert [one for one in page.values("href") if not one.startswith(ADDRESSES)] == []


@given(st.fixed_dictionaries(dict.fromkeys(FIELDS, WRITTEN)), st.booleans())
@trying(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_mail_and_invitation_have_no_line_that_we_did_not_write(written: dict[str, str], is_to_host: bool) -> None:
    known, found = (mail_of(facts_with(one), is_to_host=is_to_host) for one in (usual(), written))
    assert found.keys() == known.keys()
    assert found.get_all("To") is not None
    assert len(found["From"].addresses) == len(found["To"].addresses) == len(found["Reply-To"].addresses) == 1
    assert found["From"].addresses[0].addr_spec == known["From"].addresses[0].addr_spec
    parts = [[one.get_content_type() for one in mail.walk()] for mail in (known, found)]
    assert parts[0] == parts[1]
    calendars = [calendar_of(mail) for mail in (known, found)]
    shapes = [shape_of(icalendar.Calendar.from_ical(one)) for one in calendars]
    assert shapes[0] - {"DESCRIPTION", "LOCATION"} == shapes[1] - {"DESCRIPTION", "LOCATION"}
    event: Any = vobject.readOne(calendars[1].decode()).vevent
    assert [one.value.lower() for one in event.contents["attendee"]] == [
        "mailto:ines@fernhill.example",
        "mailto:marek.nowicki@nowicki.example",
    ]
    assert event.organizer.value == "mailto:ines@fernhill.example"
    assert calendars[1].count(b"\r\nBEGIN:") == calendars[0].count(b"\r\nBEGIN:")
    assert calendars[1].replace(b"\r\n", b"").count(b"\n") == calendars[1].replace(b"\r\n", b"").count(b"\r") == 0


@pytest.mark.parametrize("evil", PIECES)
def test_title_reads_the_same_after_the_journey(evil: str) -> None:
    title = f"A {evil} B"
    (event,) = icalendar.Calendar.from_ical(
        calendar_of(mail_of(facts_with(usual() | {"title": title}), is_to_host=False))
    ).walk("VEVENT")
    unbroken = title.replace("\r\n", "\n").replace("\r", "\n")
    read = "".join(sign for sign in unbroken if sign == "\n" or (ord(sign) >= 32 and ord(sign) != 127))
    assert str(event["SUMMARY"]).replace("\\n", "\n") == read.replace("\\n", "\n")


def test_call_that_no_browser_can_open_is_no_button() -> None:
    facts = facts_with(usual())
    facts.meeting.location_join_url = "javascript:alert(1)"
    content = content_of(MailKind.BOOKED, facts, reader_of(MailKind.BOOKED, facts), {})
    assert content.buttons == ()


def html_of(kind: MailKind, facts: MeetingFacts) -> str:
    return as_html(content_of(kind, facts, reader_of(kind, facts), {}), kind.value.lower())


def mail_of(facts: MeetingFacts, *, is_to_host: bool) -> Any:
    kind = MailKind.HOST_BOOKED if is_to_host else MailKind.BOOKED
    reader = reader_of(kind, facts)
    job = Job(id=1, created_at=facts.meeting.created_at, run_at=facts.meeting.created_at)
    letter_to = letter_to_host if is_to_host else letter_to_attendee
    letter = letter_to(facts, Occasion("booked", 0), reader, content_of(kind, facts, reader, {}), job)
    return BytesParser(policy=policy.default).parsebytes(mime_bytes(letter))


def calendar_of(mail: Any) -> bytes:
    part = next(one for one in mail.walk() if one.get_content_type() == "text/calendar")
    return bytes(part.get_payload(decode=True))


def shape_of(calendar: Any) -> set[str]:
    (event,) = calendar.walk("VEVENT")
    return {*event.keys(), *(f"{len(calendar.walk())} components",), f"{len(event['ATTENDEE'])} attendees"}
