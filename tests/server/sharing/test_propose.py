"""Free times, put into a mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.requests import Request

from server import clock
from server.booking.book import book
from server.booking.tracking import Tracking
from server.errors import ErrorCode, Refused
from server.links.pages import scheduling_page_of
from server.models import MeetingLink, User
from server.sharing.proposal_mail import ProposedTimes
from server.sharing.propose import Proposal, propose_times
from server.web.pages.visit import visit_of
from tests.factories import a_link, a_user, an_account
from tests.resolvers.asking import statements
from tests.server.booking.scene import NOW, a_booking, monday
from tests.server.meetings.scene import viewer_of
from tests.server.sharing.test_share import HOSTILE, Seen


@pytest.fixture(autouse=True)
def _on_friday() -> Iterator[None]:
    with clock.travel(NOW):
        yield


async def a_page(**fields: Any) -> tuple[User, MeetingLink]:
    """A link of Ines's in Warsaw, where Monday's hours are 8:00 to 16:00 UTC."""
    ines = await a_user(await an_account(), "Ines Marek")
    given = {"slug": "ines-intro", "durations_minutes": [30, 60]} | fields
    return ines, await a_link(ines, "Intro call", **given)


async def proposed(user: User, link: MeetingLink, *starts: datetime, **fields: Any) -> ProposedTimes:
    return await propose_times(viewer_of(user), link.id, Proposal(starts, **fields))


async def refused(user: User, link: MeetingLink, *starts: datetime, **fields: Any) -> list[tuple[str, tuple[str, ...]]]:
    with pytest.raises(Refused) as caught:
        await proposed(user, link, *starts, **fields)
    return [(one.code.value, one.path) for one in caught.value.complaints]


@pytest.mark.capability("S1-06")
async def test_times_are_put_into_a_mail_in_the_zone_of_whoever_chooses(db: str) -> None:
    ines, link = await a_page()
    found = await proposed(ines, link, monday(10), monday(9), monday(9), time_zone="Asia/Taipei")
    query = "tz=Asia%2FTaipei&utm_medium=email"
    first = f"https://meet.example.com/m/ines-intro?start=2026-11-23T09%3A00Z&duration=30&{query}"
    second = f"https://meet.example.com/m/ines-intro?start=2026-11-23T10%3A00Z&duration=30&{query}"
    every = f"https://meet.example.com/m/ines-intro?duration=30&{query}"
    assert [(one.starts_at, one.ends_at, one.url) for one in found.times] == [
        (monday(9), monday(9, 30), first),
        (monday(10), monday(10, 30), second),
    ]
    assert found.text.splitlines() == [
        "Intro call, 30 min: please choose a time to meet Ines Marek.",
        "",
        f"- Monday 23 November, 17:00 - 17:30: {first}",
        f"- Monday 23 November, 18:00 - 18:30: {second}",
        "",
        "Taipei time (CST, UTC+8)",
        f"Other times: {every}",
    ]
    mail = Seen(found.html)
    assert [attributes["href"] for tag, attributes in mail.elements if tag == "a"] == [first, second, every]
    assert "Monday 23 November, 17:00 - 17:30" in mail.words


@pytest.mark.capability("S1-06")
async def test_the_address_of_a_time_opens_the_page_at_that_time(db: str) -> None:
    ines, link = await a_page()
    tracking = Tracking("autumn", "letter", "post")
    found = await proposed(
        ines, link, monday(9), duration_minutes=60, time_zone="Asia/Taipei", locale="pl", tracking=tracking
    )
    address = urlsplit(found.times[0].url)
    scope = {"type": "http", "method": "GET", "headers": [], "path": address.path, "query_string": address.query}
    page = await scheduling_page_of("ines-intro")
    assert page is not None
    visit = visit_of(
        Request({**scope, "query_string": address.query.encode(), "server": ("meet.example.com", 443)}), page
    )
    assert (visit.starts_at, visit.duration_minutes, visit.tz, visit.locale) == (monday(9), 60, "Asia/Taipei", "pl")
    assert visit.tracking == {"campaign": "autumn", "source": "letter", "medium": "post"}


@pytest.mark.capability("S1-06")
@pytest.mark.parametrize(
    ("locale", "first_line"),
    [
        ("pl", "Intro call, 30 min: proszę wybrać termin spotkania (Ines Marek)."),
        ("zh-Hant", "Intro call，30 分鐘：請選擇與Ines Marek會面的時間。"),
    ],
)
async def test_the_mail_is_in_the_language_asked_for(db: str, locale: str, first_line: str) -> None:
    ines, link = await a_page()
    found = await proposed(ines, link, monday(9), locale=locale)
    assert found.text.splitlines()[0] == first_line
    assert parse_qs(urlsplit(found.times[0].url).query)["lang"] == [locale]
    assert Seen(found.html).of("div") == {"lang": locale, "dir": "ltr"}


@pytest.mark.capability("S1-06")
async def test_each_time_that_is_not_offered_is_named(db: str) -> None:
    ines, link = await a_page()
    await book(a_booking(link, monday(9)))
    starts = (monday(10), monday(9), monday(9, 7), monday(3), NOW - timedelta(days=1), datetime(2199, 1, 1, tzinfo=UTC))
    assert await refused(ines, link, *starts) == [
        ("SLOT_NOT_OFFERED", ("startsAt", "1")),
        ("SLOT_NOT_OFFERED", ("startsAt", "2")),
        ("SLOT_NOT_OFFERED", ("startsAt", "3")),
        ("TIME_IN_PAST", ("startsAt", "4")),
        ("SLOT_NOT_OFFERED", ("startsAt", "5")),
    ]


@pytest.mark.capability("S1-06")
async def test_what_else_is_wrong_is_told_too(db: str) -> None:
    ines, link = await a_page()
    stranger = await a_user(await an_account("Others"))
    assert await refused(ines, link, monday(9), duration_minutes=45) == [("SLOT_NOT_OFFERED", ("durationMinutes",))]
    assert await refused(ines, link, time_zone="Mars/Base", locale="xx-Nowhere") == [
        ("TIME_ZONE_INVALID", ("timeZone",)),
        ("SETTING_INVALID", ("locale",)),
        ("TIME_RANGE_INVALID", ("startsAt",)),
    ]
    assert await refused(ines, link, *[monday(9)] * 21) == [("TIME_RANGE_INVALID", ("startsAt",))]
    assert await refused(stranger, link, monday(9)) == [("NOT_FOUND", ("meetingLink",))]
    link.is_active = False
    await link.save()
    assert await refused(ines, link, monday(9)) == [(ErrorCode.LINK_INACTIVE.value, ("meetingLink",))]


@pytest.mark.capability("S1-06")
async def test_a_page_that_shows_no_other_zone_is_written_about_in_its_own(db: str) -> None:
    ines, link = await a_page(locks_time_zone=True)
    found = await proposed(ines, link, monday(9), time_zone="Asia/Taipei")
    assert [one.label for one in found.times] == ["Monday 23 November, 10:00 - 10:30"]
    assert "Warsaw time (CET, UTC+1)" in found.text


@pytest.mark.capability("S1-06", "S1-08")
async def test_a_colleagues_times_are_proposed_as_ones_own(db: str) -> None:
    _, link = await a_page()
    karol = await a_user(await link.account, "Karol Lis")
    found = await proposed(karol, link, monday(9))
    assert found.text.startswith("Intro call, 30 min: please choose a time to meet Ines Marek.")


@pytest.mark.capability("S1-06")
async def test_nothing_that_anybody_wrote_becomes_markup(db: str) -> None:
    account = await an_account(HOSTILE)
    ines = await a_user(account, HOSTILE)
    link = await a_link(ines, HOSTILE[:60], title=HOSTILE)
    found = await proposed(ines, link, monday(9), tracking=Tracking(HOSTILE, HOSTILE, HOSTILE))
    mail = Seen(found.html)
    assert set(mail.tags) == {"div", "p", "bdi", "ul", "li", "a"}
    assert {key for _, attributes in mail.elements for key in attributes} == {"lang", "dir", "href"}


@pytest.mark.parametrize("count", [1, 20])
async def test_many_times_cost_as_many_statements_as_one(db: str, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    ines, link = await a_page(increment_minutes=15)
    starts = [monday(8) + timedelta(minutes=15 * number) for number in range(count)]
    await proposed(ines, link, monday(9))
    with statements(monkeypatch) as sent:
        await proposed(ines, link, *starts)
    assert len(sent) <= 6
