"""What a browser is remembered by, and the booking that needs no form."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server import clock, database
from server.models import Meeting, MeetingLink, VisitorDevice
from tests.server.web.pages.scene import a_page, details, sent
from tests.server.web.pages.visiting import MONDAY, Form, Seen, Visitor, visitor

AUTO = {"prefills": True, "auto_submits": True}
CONSENT = {"kind": "NOTICE", "text": "", "boxes": [{"key": "news", "label": "Newsletter", "required": False}]}
QUESTION = {"key": "look", "label": "What?", "kind": "TEXT", "required": False}


async def picker(visiting: Visitor, query: str = "?date=2026-11-25") -> Form:
    return (await visiting.get(f"/m/ines{query}")).form("times")


async def tapped(visiting: Visitor, form: Form, seconds: int = 5) -> Seen:
    """The first time of the list, and its button."""
    with clock.travel(clock.now() + timedelta(seconds=seconds)):
        return await visiting.send(form, start=form.radios["start"][0], do="auto")


@pytest.mark.capability("S1-28", "S1-44")
async def test_no_cookie_is_set_and_nothing_remembered_unless_the_link_prefills(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            await sent(visiting, await details(visiting))
            assert dict(visiting.client.cookies) == {}
    assert not await VisitorDevice.exists()


async def test_a_browser_that_cannot_be_remembered_has_its_booking_all_the_same(db: str) -> None:
    await a_page(prefills=True)
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            form = await details(visiting)
            await database.execute("ALTER TABLE visitor_device RENAME TO put_away")
            try:
                booked = await sent(visiting, form)
            finally:
                await database.execute("ALTER TABLE put_away RENAME TO visitor_device")
    assert (booked.status, booked.title) == (200, "You are booked - Product walkthrough")
    assert await Meeting.all().count() == 1


@pytest.mark.capability("S1-28", "S1-31")
async def test_the_cookie_is_a_secret_of_this_browser_for_the_pages_alone(db: str) -> None:
    link = await a_page(prefills=True, questions=[QUESTION])
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            booked = await sent(visiting, await details(visiting), **{"answer-look": "Something secret"})
            (set_cookie,) = [one.headers["set-cookie"] for one in booked.answer.history if "set-cookie" in one.headers]
            again = await details(visiting, "2026-11-25T09:30Z", "&x=1")
    name, _, rest = set_cookie.partition("=")
    assert name == f"visitor_{link.account_id}"
    assert {"HttpOnly", "SameSite=lax", "Path=/m", "Secure"} <= set(rest.replace("; ", ";").split(";"))
    assert (again.fields["email"], again.fields["first_name"]) == (["marek@client.example"], ["Marek"])
    assert again.fields["answer-look"] == [""]
    assert "Something secret" not in str(await VisitorDevice.all().values())


@pytest.mark.capability("S1-28")
async def test_not_you_forgets_and_gives_an_empty_form_back(db: str) -> None:
    await a_page(prefills=True)
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            await sent(visiting, await details(visiting))
            form = await details(visiting, "2026-11-25T09:30Z")
            seen = await visiting.send(form, do="forget")
            assert dict(visiting.client.cookies) == {}
    empty = seen.form("details").fields
    assert (empty["email"], empty["first_name"], empty["start"]) == ([""], [""], ["2026-11-25T09:30Z"])
    assert "Filled in from" not in seen.text
    assert not await VisitorDevice.exists()


@pytest.mark.capability("S1-30")
async def test_a_known_browser_books_with_one_tap(db: str) -> None:
    await a_page(**AUTO)
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            await sent(visiting, await details(visiting))
            seen = await tapped(visiting, await picker(visiting))
    assert seen.title == "You are booked - Product walkthrough"
    assert "We used the details from your last booking on this device." in seen.text
    assert sorted([one.starts_at.isoformat() for one in await Meeting.all()]) == [
        "2026-11-24T09:30:00+00:00",
        "2026-11-25T08:00:00+00:00",
    ]


@pytest.mark.capability("S1-30", "S1-44")
async def test_a_known_browser_reads_before_the_tap_what_its_meeting_keeps(db: str) -> None:
    interest = {"kind": "LEGITIMATE_INTEREST", "text": "We keep your plans.", "boxes": []}
    await a_page(**AUTO, consent=interest)
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            before = await visiting.get("/m/ines?date=2026-11-25")
            await sent(visiting, await details(visiting))
            after = await visiting.get("/m/ines?date=2026-11-25")
            await tapped(visiting, await picker(visiting))
    first, second = [one.consents[0]["label"] for one in await Meeting.all().order_by("id")]
    assert first.startswith("We keep your plans. ")
    assert (first in before.text, first in after.text, second) == (False, True, first)


@pytest.mark.capability("S1-30", "S1-31", "S1-44")
@pytest.mark.parametrize(
    "asks",
    [
        {"questions": [QUESTION]},
        {"auto_submits": False},
        {"prefills": False},
        {"price_amount": 8000, "price_currency": "EUR"},
        {"consent": CONSENT},
        {"form_fields": [{"property": "first_name", "required": True}, {"property": "company", "required": True}]},
    ],
)
async def test_whatever_is_new_is_asked_first(db: str, asks: dict[str, object]) -> None:
    link = await a_page(**AUTO)
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            await sent(visiting, await details(visiting))
            await MeetingLink.filter(id=link.id).update(**asks)
            form = await picker(visiting)
    assert (form.method, "seen" in form.fields) == ("get", False)


async def test_a_stranger_who_asks_to_be_booked_at_once_gets_the_form(db: str) -> None:
    await a_page(**AUTO)
    with clock.travel(MONDAY):
        async with visitor() as known, visitor() as stranger:
            await sent(known, await details(known))
            form = await picker(known)
            seen = await tapped(stranger, form)
            hasty = await tapped(known, form, seconds=0)
    assert seen.form("details").fields["email"] == [""]
    assert hasty.form("details").fields["email"] == ["marek@client.example"]
    assert (seen.status, hasty.status, await Meeting.all().count()) == (422, 422, 1)


async def test_another_site_cannot_book_for_a_known_browser(db: str) -> None:
    await a_page(**AUTO)
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            await sent(visiting, await details(visiting))
            visiting.client.headers["sec-fetch-site"] = "cross-site"
            seen = await tapped(visiting, await picker(visiting))
    assert (seen.status, await Meeting.all().count()) == (403, 1)
