"""A booking that cannot be leaves nothing behind, and says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.booking.book import Answer, Booking, SlotTaken, book
from server.booking.slots import Slot
from server.errors import Complaint, ErrorCode, Refused
from server.models import Attendee, BusySpan, Meeting
from server.models.enums import AccountKind
from tests.factories import a_link, a_user, an_account
from tests.server.booking.scene import NOW, QUESTIONS, a_booking, a_host_with_a_link, at, counts, monday


async def refused(booking: Booking) -> list[tuple[ErrorCode, tuple[str, ...]]]:
    """What the booking is refused for; nothing was written."""
    before = await counts()
    with pytest.raises(Refused) as caught:
        await book(booking)
    assert await counts() == before
    return [(one.code, one.path) for one in caught.value.complaints]


async def test_book_complains_of_everything_at_once(db: str) -> None:
    _, _, link = await a_host_with_a_link(questions=QUESTIONS)
    wrong: dict[str, Any] = {
        "email": "tomasz@",
        "first_name": " ",
        "last_name": "",
        "phone": "1" * 65,
        "time_zone": "Europe/Warszawa",
        "guests": ("a@b.example",),
        "answers": (Answer("size", "many"), Answer("colour", "red")),
    }
    with at():
        assert await refused(a_booking(link, **wrong)) == [
            (ErrorCode.EMAIL_INVALID, ("email",)),
            (ErrorCode.TEXT_TOO_LONG, ("phone",)),
            (ErrorCode.NAME_REQUIRED, ("firstName",)),
            (ErrorCode.TIME_ZONE_INVALID, ("timeZone",)),
            (ErrorCode.ANSWER_INVALID, ("answers", "colour")),
            (ErrorCode.ANSWER_MISSING, ("answers", "topic")),
            (ErrorCode.ANSWER_INVALID, ("answers", "size")),
            (ErrorCode.GUEST_LIMIT, ("guests",)),
        ]


async def test_book_refuses_a_name_of_ten_kilobytes(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    with at():
        assert await refused(a_booking(link, first_name="x" * 10_240)) == [(ErrorCode.TEXT_TOO_LONG, ("firstName",))]


@pytest.mark.parametrize(
    ("starts_at", "duration", "code", "path"),
    [
        (monday(9, 7), None, ErrorCode.SLOT_NOT_OFFERED, ("startsAt",)),
        (monday(9).replace(second=1), None, ErrorCode.SLOT_NOT_OFFERED, ("startsAt",)),
        (monday(9).replace(microsecond=1), None, ErrorCode.SLOT_NOT_OFFERED, ("startsAt",)),
        (monday(3), None, ErrorCode.SLOT_NOT_OFFERED, ("startsAt",)),
        (monday(15, 45), None, ErrorCode.SLOT_NOT_OFFERED, ("startsAt",)),
        (monday(9), 45, ErrorCode.SLOT_NOT_OFFERED, ("durationMinutes",)),
        (monday(9), 0, ErrorCode.SLOT_NOT_OFFERED, ("durationMinutes",)),
        (NOW + timedelta(days=90), None, ErrorCode.SLOT_NOT_OFFERED, ("startsAt",)),
        (NOW - timedelta(days=1), None, ErrorCode.TIME_IN_PAST, ("startsAt",)),
        (datetime(9999, 12, 31, 23, tzinfo=UTC), None, ErrorCode.SLOT_NOT_OFFERED, ("startsAt",)),
        (datetime(1, 1, 2, tzinfo=UTC), None, ErrorCode.TIME_IN_PAST, ("startsAt",)),
    ],
)
async def test_book_refuses_a_time_that_was_never_offered(
    db: str, starts_at: datetime, duration: int | None, code: ErrorCode, path: tuple[str, ...]
) -> None:
    _, _, link = await a_host_with_a_link()
    with at():
        assert await refused(a_booking(link, starts_at, duration_minutes=duration)) == [(code, path)]


async def test_book_says_why_a_time_is_not_offered(db: str) -> None:
    _, _, link = await a_host_with_a_link(notice_minutes=10_000)
    with at(), pytest.raises(Refused) as caught:
        await book(a_booking(link, monday(3, 7)))
    assert caught.value.complaints == (
        Complaint(
            ErrorCode.SLOT_NOT_OFFERED,
            "This time cannot be booked: meetings on this page do not start at this minute; it is too soon; "
            "it is outside the host's hours. Please choose one of the times that the page offers.",
            ("startsAt",),
        ),
    )


async def test_book_refuses_an_unknown_slug_and_a_closed_page(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    closed = await a_link(await a_user(await an_account()), is_active=False)
    with at():
        assert await refused(a_booking(link, slug="nobody-here")) == [(ErrorCode.LINK_NOT_FOUND, ("slug",))]
        assert await refused(a_booking(closed)) == [(ErrorCode.LINK_INACTIVE, ("slug",))]


async def test_book_a_taken_slot_offers_the_three_nearest(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    with at():
        await book(a_booking(link))
        before = await counts()
        with pytest.raises(SlotTaken) as caught:
            await book(a_booking(link, email="second@client.example"))
        assert await counts() == before
    assert [one.code for one in caught.value.complaints] == [ErrorCode.SLOT_TAKEN]
    assert caught.value.alternatives == (
        Slot(monday(8, 15), monday(8, 45)),
        Slot(monday(8, 30), monday(9)),
        Slot(monday(9, 30), monday(10)),
    )


async def test_book_respects_the_buffers_that_were_promised_elsewhere(db: str) -> None:
    _, host, link = await a_host_with_a_link()
    roomy = await a_link(host, buffer_after_minutes=30)
    with at():
        await book(a_booking(roomy))
        with pytest.raises(SlotTaken):
            await book(a_booking(link, monday(9, 45)))
        await book(a_booking(link, monday(10)))
    assert await Meeting.all().count() == 2


async def test_book_a_day_that_is_full_offers_another_day(db: str) -> None:
    _, _, link = await a_host_with_a_link(daily_limit=1)
    with at():
        await book(a_booking(link))
        with pytest.raises(SlotTaken) as caught:
            await book(a_booking(link, monday(12)))
    assert [slot.starts_at - monday(0) for slot in caught.value.alternatives] == [
        timedelta(days=1, hours=8),
        timedelta(days=1, hours=8, minutes=15),
        timedelta(days=1, hours=8, minutes=30),
    ]


async def test_book_again_with_the_same_key_gives_the_first_result(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    booking = a_booking(link, idempotency_key="once")
    with at():
        first = await book(booking)
        after_first = await counts()
        assert await book(booking) == first
        assert await counts() == after_first
        other = replace(booking, starts_at=monday(11))
        assert await refused(other) == [(ErrorCode.IDEMPOTENCY_KEY_REUSED, ("idempotencyKey",))]
        await book(replace(booking, email="other@client.example", starts_at=monday(11)))


async def test_book_again_after_a_refusal_runs_anew(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    booking = a_booking(link, idempotency_key="twice")
    with at():
        first = await book(a_booking(link))
        assert await refused(booking) == [(ErrorCode.SLOT_TAKEN, ("startsAt",))]
        await Meeting.filter(id=first.meeting_id).update(canceled_at=NOW)
        await BusySpan.all().delete()
        await book(booking)
    assert await Meeting.filter(canceled_at__isnull=True).count() == 1


@pytest.mark.capability("S1-07")
async def test_book_in_a_sandbox_takes_its_own_users_only(db: str) -> None:
    account = await an_account(kind=AccountKind.SANDBOX)
    host, colleague = await a_user(account), await a_user(account, "Piotr Zima")
    link = await a_link(host, guests_max=2)
    stranger = await a_user(await an_account(), "Somebody Else")
    with at():
        assert await refused(a_booking(link)) == [(ErrorCode.SANDBOX_ONLY, ("email",))]
        guests = (stranger.email,)
        assert await refused(a_booking(link, email=colleague.email, guests=guests)) == [
            (ErrorCode.SANDBOX_ONLY, ("guests",))
        ]
        booked = await book(a_booking(link, email=colleague.email.upper()))
    assert await Attendee.filter(meeting_id=booked.meeting_id).count() == 2


async def test_book_refuses_more_consents_than_a_page_can_ask_for(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    with at():
        for consents in (tuple(map(str, range(21))), ("x" * 65,)):
            assert await refused(a_booking(link, consents=consents)) == [(ErrorCode.TEXT_TOO_LONG, ("consents",))]


async def test_book_refuses_a_length_beyond_the_calendar_also_with_a_hold(db: str) -> None:
    _, _, link = await a_host_with_a_link()
    with at():
        booking = a_booking(link, hold_token="nobody's", duration_minutes=2**31 - 1)
        assert await refused(booking) == [(ErrorCode.SLOT_NOT_OFFERED, ("startsAt",))]
