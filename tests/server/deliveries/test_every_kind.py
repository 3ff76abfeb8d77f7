"""Each kind of mail in each language, with 12 and 24 hours, from left to right and from right to left, against the
rules that every mail keeps."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
from babel import UnknownLocaleError
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from tortoise import Tortoise

from server import clock, settings
from server.deliveries.every_kind import KINDS, content_of, reader_of
from server.deliveries.example import example_facts
from server.deliveries.letters import letter_to_attendee
from server.deliveries.occasion import Occasion
from server.deliveries.readers import Reader, host_reader
from server.deliveries.unworded_kinds import UNWORDED
from server.gateways.mail.messages import mime_bytes
from server.gateways.mail.rendering import Content, as_html, as_text
from server.meetings.facts import MeetingFacts
from server.models import Account, Job
from server.models.enums import MailKind
from server.wording import LOCALES, direction, say, when
from server.wording.catalogue import catalogue
from tests.server.deliveries.reading import Page, contrast, inversions

PUBLIC = "https://meet.example.com"
OF_OTHERS = ("https://call.example/", "https://fernhill.example")
ZONE_AND_OFFSET = re.compile(r"UTC[+-]\d{1,2}(?::\d\d)?")
_REGIONS = ("US", "GB", "MX", "CA", "AU", "HK", "EG", "MA")
_UNSPOKEN = ("ar", "he")


def _has_twelve_hours(locale: str) -> bool:
    return any(mark in when.clock_form(locale) for mark in "aB")


def _forms(language: str) -> list[str]:
    """The language as its own region writes it, and one of a region that writes the other hours, if there is one."""
    found = {_has_twelve_hours(language): language}
    for region in _REGIONS:
        try:
            found.setdefault(_has_twelve_hours(f"{language}-{region}"), f"{language}-{region}")
        except UnknownLocaleError:
            continue
    return [*found.values()]


READ = [form for language in LOCALES for form in _forms(language)] + [one for one in _UNSPOKEN if one not in LOCALES]
CASES = [(kind, locale) for kind in KINDS for locale in READ]
ABOUT_A_TIME = [(kind, locale) for kind in MailKind for locale in READ]


@pytest.fixture(autouse=True)
def _as_set() -> Iterator[None]:
    """Settings, and models that know their relations, without a database."""
    before = settings.current() if settings._in_use else None
    settings.use(settings.read(public_url=PUBLIC, secret_key="for-tests-only-" + "k" * 32))
    Tortoise.init_models(["server.models"], "models")
    yield
    settings._in_use[:] = [before] if before else []


def _reader(kind: MailKind, facts: MeetingFacts, locale: str) -> Reader:
    return dataclasses.replace(reader_of(kind, facts), locale=locale)


def _content(kind: MailKind, locale: str) -> tuple[Content, Reader, MeetingFacts]:
    facts = example_facts()
    with clock.travel(facts.meeting.created_at):
        reader = _reader(kind, facts, locale)
        return content_of(kind, facts, reader, {}), reader, facts


def test_both_ways_to_write_hours_and_to_read_are_among_them() -> None:
    assert {_has_twelve_hours(one) for one in READ} == {True, False}
    assert {direction(one) for one in READ} == {"ltr", "rtl"}


def _any_content(kind: str, locale: str) -> Content:
    if kind not in UNWORDED:
        return _content(MailKind(kind.upper()), locale)[0]
    facts = example_facts()
    return UNWORDED[kind](facts, dataclasses.replace(host_reader(facts), locale=locale))


@pytest.mark.parametrize(("kind", "locale"), CASES)
def test_html_keeps_the_rules_of_mails(kind: str, locale: str) -> None:
    content = _any_content(kind, locale)
    html = as_html(content, kind)
    page = Page(html)
    assert len(html.encode()) < 30_000
    assert f'<html lang="{locale}" dir="{direction(locale)}">' in html
    tables = [attributes for name, attributes in page.elements if name == "table"]
    assert {one.get("role") for one in tables} == {"presentation"}
    assert (tables[0]["lang"], tables[0]["dir"]) == (locale, direction(locale))
    assert page.names.count("style") == page.names.count("h1") == 1
    assert {"script", "form", "input", "img", "link", "iframe", "object", "svg", "button"} & set(page.names) == set()
    assert [one for one in page.values("style") if "background-image" in one or "url(" in one] == []
    assert [one for one in page.values("href") if not one.startswith((f"{PUBLIC}/", *OF_OTHERS))] == []
    assert len(content.buttons) <= 2
    assert page.values("class") == [one for one in page.values("class") if one]


@pytest.mark.parametrize(("kind", "locale"), CASES)
def test_text_says_the_same_in_the_order_of_every_mail(kind: str, locale: str) -> None:
    content = _any_content(kind, locale)
    text, page = as_text(content), Page(as_html(content, kind))
    order = [content.opening, *(fact.label for fact in content.facts), *content.notes]
    order += [one.words for one in content.buttons] + content.description.splitlines()
    order += [one.words for one in content.ways_out] + ["-- ", content.why, content.company.name]
    places = [-1]
    for one in order:
        places.append(text.index(one, places[-1] + 1))
    assert places == sorted(places)
    lines = [line.strip() for line in text.splitlines()]
    links = [one.url for one in (*content.buttons, *content.ways_out)]
    assert [one for one in links if lines.count(one) != 1] == []
    said = [" ".join(line.split()).rstrip(":") for line in lines if line not in ("", "--") and "://" not in line]
    assert [one for one in said if one not in page.words] == []
    assert re.search(r"[{}<>]", text) is None


@pytest.mark.parametrize(("kind", "locale"), ABOUT_A_TIME)
def test_when_is_written_out_with_zone_and_offset_for_both_sides(kind: MailKind, locale: str) -> None:
    content, reader, facts = _content(kind, locale)
    if kind is MailKind.HOST_CALENDAR:
        assert ZONE_AND_OFFSET.search(content.facts[1].lines[0]) is not None
        return
    starts_at, ends_at = facts.meeting.starts_at, facts.meeting.ends_at
    if kind.value.startswith("PAYMENT_"):
        told = next(fact for fact in content.facts if fact.label == say(locale, "mail.when"))
        assert told.lines == (when.spell(starts_at, ends_at, reader.tz, locale),)
        return
    own, theirs = content.facts[1].lines
    other = "Europe/Warsaw" if reader.tz == "Europe/Lisbon" else "Europe/Lisbon"
    assert own == when.spell(starts_at, ends_at, reader.tz, locale)
    assert when.spell(starts_at, ends_at, other, locale) in theirs
    assert [one for one in (own, theirs) if ZONE_AND_OFFSET.search(one) is None] == []
    assert content.preheader == own
    assert when.clock(starts_at, reader.tz, locale) in content.subject
    assert facts.meeting.title in content.subject
    assert not re.search(r"[\[\]\r\n]", content.subject)
    assert (content.facts[1].was != "") is (kind in (MailKind.MOVED, MailKind.HOST_MOVED))


@pytest.mark.parametrize("locale", READ)
def test_old_time_is_struck_through_and_said_in_words(locale: str) -> None:
    content, reader, facts = _content(MailKind.MOVED, locale)
    was_at = facts.meeting.starts_at - timedelta(days=1), facts.meeting.ends_at - timedelta(days=1)
    was = content.facts[1].was
    assert was == say(locale, "mail.was", when=when.spell(*was_at, reader.tz, locale))
    html = as_html(content, "moved")
    assert f"<s>{was}</s>" in html
    assert f"  {was}\n" in as_text(content)


@pytest.mark.parametrize("kind", [MailKind.MOVED, MailKind.HOST_BOOKED, MailKind.CANCELED])
def test_words_can_be_read_as_sent_and_after_inversion(kind: MailKind) -> None:
    content, _, _ = _content(kind, "en")
    for text in Page(as_html(content, kind.value.lower())).texts:
        for inverted in inversions():
            assert contrast(inverted(text.ink), inverted(text.ground)) >= 4.5, text


@given(st.integers(min_value=0, max_value=0xFFFFFF))
@trying(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_words_can_be_read_in_every_colour_of_a_company(number: int) -> None:
    content, _, _ = _content(MailKind.BOOKED, "en")
    company = dataclasses.replace(content.company, accent=f"#{number:06x}")
    for text in Page(as_html(dataclasses.replace(content, company=company), "booked")).texts:
        assert contrast(text.ink, text.ground) >= 4.5, text


def test_dark_rules_give_ground_and_text_together() -> None:
    html = as_html(_content(MailKind.BOOKED, "en")[0], "booked")
    rules = html.split("prefers-color-scheme: dark")[1].split("</style>")[0]
    assert 'name="color-scheme" content="light dark"' in html
    assert {one for one in ("#0d1412", "#151d1a", "#e9efec", "#abb9b2") if one in rules} == {
        "#0d1412",
        "#151d1a",
        "#e9efec",
        "#abb9b2",
    }


def test_logo_stands_on_a_plate_of_its_own_and_says_whose_it_is() -> None:
    content, _, _ = _content(MailKind.BOOKED, "en")
    company = dataclasses.replace(content.company, logo_url="https://fernhill.example/logo.png")
    page = Page(as_html(dataclasses.replace(content, company=company), "booked"))
    image = next(attributes for name, attributes in page.elements if name == "img")
    assert (image["alt"], image["src"]) == ("Fernhill Robotics", "https://fernhill.example/logo.png")
    plate = page.elements[[name for name, _ in page.elements].index("img") - 2]
    assert "background-color: #ffffff" in plate[1]["style"]


@pytest.mark.parametrize("locale", READ)
def test_a_mime_reader_finds_text_then_html_then_the_invitation_and_the_same_file(locale: str) -> None:
    content, reader, facts = _content(MailKind.BOOKED, locale)
    job = Job(id=1, created_at=facts.meeting.created_at, run_at=facts.meeting.created_at)
    letter = letter_to_attendee(facts, Occasion("booked", 0), reader, content, job)
    mail: Any = BytesParser(policy=policy.default).parsebytes(mime_bytes(letter))
    assert isinstance(mail, EmailMessage)
    leaves = [part for part in mail.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in leaves] == [
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    assert leaves[2].get_payload(decode=True) == leaves[3].get_payload(decode=True)
    assert [part.defects for part in leaves] == [[], [], [], []]
    assert (mail["Subject"], mail["Content-Language"]) == (content.subject, locale)
    company, host = "Fernhill Robotics", "Ines Almeida"
    (sender,) = mail["From"].addresses
    assert sender.display_name == say(locale, "mail.sender", host=host, company=company)
    assert str(mail["Reply-To"]) == "Ines Almeida <ines@fernhill.example>"
    assert "reply" not in sender.addr_spec


def test_colour_and_name_of_the_company_are_its_own() -> None:
    account = Account(id=0, name="Linden & Co", accent_color="#7a1fa2", sender_name="Linden")
    facts = example_facts(account)
    reader = _reader(MailKind.BOOKED, facts, "en")
    html = as_html(content_of(MailKind.BOOKED, facts, reader, {}), "booked")
    assert html.count("#7a1fa2") >= 3
    assert "Fernhill" not in html.replace("fernhill.example", "").replace("call.example/fernhill", "")


ALONE = [kind for kind in MailKind if f"mail.{kind.value.lower()}.opening.alone" in catalogue("en")]


@pytest.mark.parametrize("locale", READ)
@pytest.mark.parametrize("kind", ALONE)
def test_a_mail_about_a_meeting_with_nobody_else_names_nobody(kind: MailKind, locale: str) -> None:
    facts = dataclasses.replace(example_facts(), contact=None, attendees=example_facts().attendees[:1])
    content = content_of(kind, facts, _reader(kind, facts, locale), {})
    text = f"{content.subject}\n{as_text(content)}"
    assert (facts.meeting.title in content.subject, content.opening != "") == (True, True)
    assert [one for one in ("Marek", "{contact}", "()", " ,", "\u2068\u2069") if one in text] == []
    assert [fact.label for fact in content.facts if fact.label == say(locale, "mail.with")] == []
    assert len(content.facts[1].lines) == 1
    assert [one for one in content.buttons if one.words == say(locale, "mail.open_contact", contact="")] == []


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", ["mention", "video_warning"])
def test_colleagues_are_led_to_a_meeting_with_nobody_else(kind: str, locale: str) -> None:
    facts = dataclasses.replace(example_facts(), contact=None, attendees=())
    content = UNWORDED[kind](facts, dataclasses.replace(host_reader(facts), locale=locale))
    assert [one for one in ("Marek", "\u2068\u2069") if one in as_text(content)] == []
    assert len(content.buttons) == 1
    assert content.buttons[0].words in (say(locale, "mail.manage"), say(locale, "mail.open_event"))


def test_every_mail_that_names_the_contact_can_do_without() -> None:
    named = {kind for kind in MailKind if "{contact}" in catalogue("en").get(f"mail.{kind.value.lower()}.opening", "")}
    replies = {MailKind.HOST_ACCEPTED, MailKind.HOST_DECLINED, MailKind.HOST_TENTATIVE, MailKind.HOST_PROPOSED}
    assert named - replies == {*ALONE}
