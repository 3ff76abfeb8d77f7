"""A visitor pays without any script: the checkout of the built-in provider, and what is said after it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server import clock, settings
from server.booking.cancel import cancel
from server.booking.manage_link import manage_token_of
from server.models import Hold, Meeting, MeetingLink, Payment
from server.models.enums import PaymentState
from server.payments.ending import end_checkout
from tests.server.payments.scene import PRICE, begun, told
from tests.server.web.pages import scene
from tests.server.web.pages.scene import details, sent
from tests.server.web.pages.visiting import MONDAY, Form, Seen, Visitor, visitor

pytestmark = [pytest.mark.capability("S1-25"), pytest.mark.capability("S1-26"), pytest.mark.capability("S1-27")]


@pytest.fixture(autouse=True)
def demo(in_use: settings.Settings) -> None:
    settings.use(in_use.model_copy(update={"demo": True}))


async def a_page(**fields: object) -> MeetingLink:
    """Ines's page, at eighty euros."""
    return await scene.a_page(**(PRICE | fields))


async def the_form(visiting: Visitor) -> Form:
    """The form of the second step, for half past ten in Warsaw."""
    return await details(visiting, query="&tz=Europe/Warsaw")


async def at_the_checkout(visiting: Visitor) -> Seen:
    """The page of the payment, right after the form was sent."""
    return await sent(visiting, await the_form(visiting))


async def pressed(visiting: Visitor, seen: Seen, act: str) -> Seen:
    """What the visitor sees after playing the bank."""
    checkout = await visiting.get(seen.href("Pay"))
    return await visiting.send(checkout.form(), do=act)


async def test_the_price_stands_above_the_times(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            seen = await visiting.get("/m/ines")
    assert seen.answer.text.index("€80") < seen.answer.text.index('name="start"')


async def test_a_visitor_pays_and_is_booked_without_script(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            before = await at_the_checkout(visiting)
            paid = await pressed(visiting, before, "pay")
            again = await visiting.get(str(paid.answer.url))
            booking = await visiting.get(paid.href("Show the booking"))
    assert "One step left: the payment" in before.text
    assert "10:30 is kept for you until 7:31." in before.text
    assert before.answer.headers["refresh"].startswith("0;url=https://meet.example.com/pay/test/")
    assert before.links(target="_top") == ["Pay €80"]
    assert "Paid and booked" in paid.text
    assert "We have received your payment of €80, and the meeting is booked." in paid.text
    assert "Tuesday 24 November 2026 10:30 - 11:00 Warsaw time" in paid.text
    assert "refresh" not in paid.answer.headers
    assert again.text == paid.text
    assert booking.status == 200
    assert await Meeting.all().count() == 1


async def test_the_same_form_sent_again_leads_to_the_same_payment_and_then_to_the_booking(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            form = await the_form(visiting)
            first, second = [await sent(visiting, form) for _ in range(2)]
            await pressed(visiting, first, "pay")
            third = await sent(visiting, form)
    assert second.href("Pay") == first.href("Pay")
    assert "You already booked this. Here it is." in third.text
    assert await Payment.all().count() == 1


@pytest.mark.parametrize(
    ("act", "heading"), [("decline", "The payment did not go through"), ("expire", "The time to pay is over")]
)
async def test_a_payment_that_comes_to_nothing_says_so_and_leads_back(db: str, act: str, heading: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            after = await pressed(visiting, await at_the_checkout(visiting), act)
            times = await visiting.get(after.href("See free times"))
    assert heading in after.text
    assert "Nothing was charged, and nothing is booked." in after.text
    assert "2026-11-24T09:30Z" in times.form("times").radios["start"]
    assert await Meeting.all().count() == 0


async def test_who_comes_back_before_the_notice_is_asked_to_wait_and_not_told_more(db: str) -> None:
    link = await a_page()
    with clock.travel(MONDAY):
        checkout, payment = await begun(link)
        async with visitor() as visiting:
            waiting = await visiting.get(f"{checkout.path}?paid=1")
            await told(payment, "PAID")
            booked = await visiting.get(f"{checkout.path}?paid=1")
    assert "Your payment is being confirmed" in waiting.text
    assert waiting.answer.headers["refresh"] == "3"
    assert "Paid and booked" in booked.text


async def test_money_that_takes_its_days_is_said_to(db: str) -> None:
    link = await a_page()
    with clock.travel(MONDAY):
        checkout, payment = await begun(link)
        await told(payment, "UNDER_WAY")
        async with visitor() as visiting:
            seen = await visiting.get(f"{checkout.path}?paid=1")
    assert "Your payment is on its way" in seen.text


async def test_a_time_that_is_given_back_is_free_at_once(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            before = await at_the_checkout(visiting)
            after = await visiting.send(before.form())
    assert after.answer.url.path == "/m/ines"
    assert "2026-11-24T09:30Z" in after.form("times").radios["start"]
    (payment,) = await Payment.all()
    assert payment.state is PaymentState.EXPIRED


async def test_who_paid_after_all_does_not_lose_the_time_by_going_back(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            before = await at_the_checkout(visiting)
            await pressed(visiting, before, "pay")
            after = await visiting.send(before.form())
    assert "Paid and booked" in after.text
    assert await Meeting.filter(canceled_at__isnull=True).count() == 1


async def test_a_lost_slot_says_that_the_money_goes_back_and_when_it_has(db: str) -> None:
    link = await a_page()
    with clock.travel(MONDAY):
        checkout, payment = await begun(link)
        await told(payment, "EXPIRED")
        _, other = await begun(link, email="other@client.example")
        await told(other, "PAID")
        await told(payment, "PAID")
        async with visitor() as visiting:
            lost = await visiting.get(checkout.path)
            await told(payment, "REFUNDED")
            back = await visiting.get(checkout.path)
    assert "The time was taken before your payment came through" in lost.text
    assert "Your €80 go back to you." in lost.text
    assert "We have sent €80 back to you." in back.text


async def test_a_canceled_meeting_says_where_the_money_is(db: str) -> None:
    link = await a_page()
    with clock.travel(MONDAY):
        checkout, payment = await begun(link)
        await told(payment, "PAID")
        await cancel(manage_token_of(await Meeting.get(payment_id=payment.id)))
        async with visitor("pl") as visiting:
            seen = await visiting.get(f"{checkout.path}?lang=pl")
    assert "Spotkanie zostało odwołane." in seen.text


async def test_inside_a_frame_the_visitor_is_not_led_away_without_a_tap(db: str) -> None:
    link = await a_page()
    with clock.travel(MONDAY):
        checkout, _ = await begun(link)
        async with visitor() as visiting:
            seen = await visiting.get(f"{checkout.path}?go=1&embed=1")
    assert not seen.answer.headers["refresh"].startswith("0")


async def test_another_site_presses_no_button(db: str) -> None:
    link = await a_page()
    with clock.travel(MONDAY):
        checkout, payment = await begun(link)
        async with visitor() as visiting:
            elsewhere = {"sec-fetch-site": "cross-site"}
            left = await visiting.client.post(checkout.path, headers=elsewhere)
            paid = await visiting.client.post(checkout.checkout_url, data={"do": "pay"}, headers=elsewhere)
    assert (left.status_code, paid.status_code) == (404, 404)
    assert (await Payment.get(id=payment.id)).state is PaymentState.OPEN


async def test_an_unknown_token_opens_nothing(db: str) -> None:
    await a_page()
    async with visitor() as visiting:
        assert (await visiting.get("/m/ines/payment/nothing")).status == 404
        assert (await visiting.get("/pay/test/nothing")).status == 404


async def test_a_checkout_that_is_over_leads_to_what_became_of_it(db: str) -> None:
    link = await a_page()
    with clock.travel(MONDAY):
        checkout, payment = await begun(link)
    with clock.travel(MONDAY + timedelta(minutes=40)):
        await end_checkout(payment.id)
        async with visitor() as visiting:
            seen = await visiting.get(checkout.checkout_url)
    assert "The time to pay is over" in seen.text


async def test_who_goes_back_from_the_checkout_finds_the_time_still_theirs(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            before = await at_the_checkout(visiting)
            form = await the_form(visiting)
            times = await visiting.get("/m/ines?date=2026-11-24&key=one-key&tz=Europe/Warsaw")
            others = await visiting.get("/m/ines?date=2026-11-24&key=another&tz=Europe/Warsaw")
            after = await sent(visiting, form)
    assert form.fields["start"] == ["2026-11-24T09:30Z"]
    assert "2026-11-24T09:30Z" in times.form("times").radios["start"]
    assert "2026-11-24T09:30Z" not in others.form("times").radios["start"]
    assert after.href("Pay") == before.href("Pay")


async def seen_by(visiting: Visitor, start: str) -> tuple[bool, bool]:
    """Whether that time is offered: by the form that went back to it, and to somebody else."""
    own = await visiting.get(f"/m/ines?date=2026-11-24&start={start}&key=one-key&tz=Europe/Warsaw")
    times = await visiting.get("/m/ines?date=2026-11-24&key=one-key&tz=Europe/Warsaw")
    others = await visiting.get("/m/ines?date=2026-11-24&key=another&tz=Europe/Warsaw")
    assert ("taken" not in own.text) == (start in times.form("times").radios["start"])
    return "taken" not in own.text, start in others.form("times").radios["start"]


@pytest.mark.parametrize("changed", [{"start": "2026-11-24T13:00Z"}, {"email": "ola@client.example"}])
async def test_who_goes_back_from_a_second_checkout_finds_the_time_still_theirs(
    db: str, changed: dict[str, str]
) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            await at_the_checkout(visiting)
            form = await the_form(visiting)
            before = await sent(visiting, form, **changed)
            start = changed.get("start", "2026-11-24T09:30Z")
            assert await seen_by(visiting, start) == (True, False)
            held = await visiting.client.post("/m/ines/hold", data={"start": start, "key": "one-key"})
            await visiting.send(before.form())
            assert await seen_by(visiting, start) == (True, True)
    assert held.status_code == 200


async def test_who_goes_back_from_another_try_to_pay_finds_the_time_still_theirs(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            form = await the_form(visiting)
            await pressed(visiting, await sent(visiting, form), "decline")
            await sent(visiting, form)
            assert await seen_by(visiting, "2026-11-24T09:30Z") == (True, False)


async def test_a_form_keeps_one_time_however_often_it_is_sent_changed(db: str) -> None:
    await a_page()
    later = {"start": "2026-11-24T13:00Z"}
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            form = await the_form(visiting)
            for changed in ({}, later, {}):
                await sent(visiting, form, **changed)
    states = [one.state for one in await Payment.all().order_by("id")]
    assert states == [PaymentState.EXPIRED, PaymentState.EXPIRED, PaymentState.OPEN]
    (hold,) = await Hold.filter(released_at__isnull=True)
    assert f"{hold.starts_at:%H:%M}" == "09:30"


@pytest.mark.parametrize("tries", [["pay"], ["decline", "pay"]])
async def test_who_goes_back_after_paying_is_not_told_that_somebody_was_quicker(db: str, tries: list[str]) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            form = await the_form(visiting)
            for act in tries:
                await pressed(visiting, await sent(visiting, form), act)
            own = await visiting.get("/m/ines?start=2026-11-24T09:30Z&key=one-key&tz=Europe/Warsaw")
            other = await visiting.get("/m/ines?start=2026-11-24T09:30Z&key=another&tz=Europe/Warsaw")
            times = await visiting.get("/m/ines?date=2026-11-24&key=one-key&tz=Europe/Warsaw")
    assert "10:30 is booked already. Did you book this time yourself a moment ago?" in own.text
    assert "10:30 has just been taken." in other.text
    assert "yourself" not in other.text
    assert times.form("times").fields["key"] != ["one-key"]


@pytest.mark.parametrize("changed", [{"start": "2026-11-24T13:00Z"}, {"email": "ola@client.example"}])
async def test_a_form_that_is_sent_changed_after_the_checkout_leaves_that_behind(
    db: str, changed: dict[str, str]
) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            await at_the_checkout(visiting)
            form = await the_form(visiting)
            after, again = [await sent(visiting, form, **changed) for _ in range(2)]
            paid = await pressed(visiting, after, "pay")
    assert again.href("Pay") == after.href("Pay")
    assert "Paid and booked" in paid.text
    assert [one.state for one in await Payment.all().order_by("id")] == [PaymentState.EXPIRED, PaymentState.PAID]
    assert await Hold.filter(released_at__isnull=True).count() == 0


async def test_a_payment_that_did_not_go_through_is_tried_again_with_the_same_form(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            form = await the_form(visiting)
            await pressed(visiting, await sent(visiting, form), "decline")
            paid = await pressed(visiting, await sent(visiting, form), "pay")
    assert "Paid and booked" in paid.text
    assert [one.state for one in await Payment.all().order_by("id")] == [PaymentState.FAILED, PaymentState.PAID]


@pytest.mark.capability("S1-44")
async def test_who_has_paid_is_led_to_where_the_link_sends_people(db: str) -> None:
    await a_page(redirect_url="https://example.com/thanks", redirects_with_details=True)
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            before = await at_the_checkout(visiting)
            checkout = await visiting.get(before.href("Pay"))
            after = await visiting.send(checkout.form(), do="pay")
            looked = await visiting.get(before.answer.url.path)
    assert str(after.answer.url) == (
        "https://example.com/thanks?firstName=Marek&lastName=Nowicki&email=marek%40client.example"
        "&startsAt=2026-11-24T09%3A30Z&endsAt=2026-11-24T10%3A00Z&timeZone=Europe%2FWarsaw"
    )
    assert "form-action 'self' https://example.com;" in checkout.answer.headers["content-security-policy"]
    assert "Paid and booked" in looked.text


async def test_the_frame_around_a_payment_outlasts_another_language_and_a_change_of_mind(db: str) -> None:
    await a_page()
    with clock.travel(MONDAY):
        async with visitor() as visiting:
            form = await details(visiting, query="&tz=Europe/Warsaw&embed=1&theme=auto")
            before = await sent(visiting, form)
            polish = await visiting.get(before.href("Polski"))
            after = await visiting.send(polish.form())
    assert polish.answer.url.params["embed"] == after.answer.url.params["embed"] == "1"
    assert after.answer.url.params["theme"] == "auto"
    assert after.answer.url.params["lang"] == "pl"
