"""A host hears of a calendar that does not answer (E-31)."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

from server import clock
from server.deliveries.calendar_warning import warn_of_silence
from server.models import CalendarAccount, Job
from server.models.enums import CalendarProvider
from server.worker import tidy, work_once
from tests import factories
from tests.server.gateways.mail.receiving import Receiver, words

SINCE = datetime(2027, 2, 16, 8, 14, tzinfo=UTC)


async def a_silent_calendar() -> CalendarAccount:
    host = await factories.a_user(await factories.an_account(), "Ines Marek", time_zone="Europe/Warsaw")
    calendar = await CalendarAccount.get(user_id=host.id)
    calendar.name, calendar.provider, calendar.unreachable_since = "Team calendar", CalendarProvider.CALDAV, SINCE
    await calendar.save()
    return calendar


def after(**silence: float) -> AbstractContextManager[None]:
    return clock.travel(SINCE + timedelta(**silence))


async def test_host_is_told_since_when_and_what_to_do(receiver: Receiver) -> None:
    await a_silent_calendar()
    with after(hours=2):
        assert await warn_of_silence() == 1
        await work_once()
    (mail,) = receiver.mails
    assert (str(mail["Subject"]), str(mail["X-Parley-Kind"])) == ("Team calendar needs you", "host_calendar")
    assert words(mail).startswith(
        "Team calendar stopped answering at Tue 16 Feb, 9:14. Your pages use the last known times.\n\n"
        "Calendar:\n  Team calendar\n"
        "No answer since:\n  Tue 16 Feb, 9:14, Warsaw time (CET, UTC+1)\n\n"
        "Sign in to it again, so that your free times are right.\n\n"
        "After 24 hours without an answer your pages offer no times.\n"
    )


async def test_each_silence_is_told_once_and_by_the_worker(receiver: Receiver) -> None:
    calendar = await a_silent_calendar()
    own = CalendarAccount.filter(id=calendar.id)
    told = []
    for hours in (0.5, 2, 3):
        with after(hours=hours):
            await tidy()
            await work_once()
            told.append(len(receiver.mails))
    with after(days=2):
        await own.update(unreachable_since=SINCE + timedelta(days=1))
        await tidy()
        await work_once()
        told.append(len(receiver.mails))
    with after(days=4):
        await own.update(unreachable_since=SINCE + timedelta(days=3), syncs=False)
        assert await warn_of_silence() == 0
    assert told == [0, 1, 1, 2]


async def test_calendar_that_answers_again_is_no_news(receiver: Receiver) -> None:
    calendar = await a_silent_calendar()
    with after(hours=2):
        await warn_of_silence()
        await CalendarAccount.filter(id=calendar.id).update(unreachable_since=None)
        await work_once()
    assert receiver.mails == []
    assert await Job.all().values_list("last_error", flat=True) == ["no longer wanted"]
