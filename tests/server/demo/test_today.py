from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from server import clock, database
from server.accounts.viewer import viewer_of_user
from server.demo.today import Span, keep_today_lively, span_after, span_before
from server.meetings.queries import today
from server.models import Account, Attendee, BusySpan, Change, Meeting, User
from server.models.enums import ChangeKind
from tests.factories import a_contact, a_meeting, a_user, an_account

WARSAW = ZoneInfo("Europe/Warsaw")
MIDNIGHT = datetime(2026, 11, 24, tzinfo=WARSAW).astimezone(UTC)
TOMORROW = MIDNIGHT + timedelta(days=1)


def _at(clock_time: str) -> datetime:
    hour, minute, second = (int(part) for part in clock_time.split(":"))
    return MIDNIGHT + timedelta(hours=hour, minutes=minute, seconds=second)


def _span(start: str, end: str) -> Span:
    return _at(start), _at(end)


@pytest.mark.parametrize(
    ("now", "busy", "span"),
    [
        ("11:07:12", [], ("10:35:00", "11:05:00")),
        ("11:07:12", [("10:50:00", "11:20:00")], ("10:20:00", "10:50:00")),
        ("0:40:00", [("0:00:00", "0:20:00")], ("0:20:00", "0:35:00")),
        ("0:00:30", [], ("-1:30:30", "0:00:30")),
    ],
)
def test_the_latest_gap_that_is_over_is_taken(now: str, busy: list[tuple[str, str]], span: tuple[str, str]) -> None:
    found = span_before(_at(now), [_span(*one) for one in busy], MIDNIGHT)
    assert found is not None
    start, end = found
    assert end == _at(span[1])
    assert MIDNIGHT < end <= _at(now)
    assert not any(starts < end and start < ends for starts, ends in (_span(*one) for one in busy))


@pytest.mark.parametrize(
    ("now", "busy", "start"),
    [
        ("11:07:12", [], "11:10:00"),
        ("11:07:12", [("11:00:00", "11:30:00")], "11:30:00"),
        ("23:50:00", [], "23:55:00"),
        ("23:58:30", [], "23:59:59"),
    ],
)
def test_the_first_gap_to_come_is_taken(now: str, busy: list[tuple[str, str]], start: str) -> None:
    found = span_after(_at(now), [_span(*one) for one in busy], TOMORROW)
    assert found is not None
    assert found[0] == _at(start)


def test_a_day_that_has_just_begun_or_is_all_but_over_has_no_room() -> None:
    assert span_before(MIDNIGHT, [], MIDNIGHT) is None
    assert span_after(TOMORROW - timedelta(seconds=1), [], TOMORROW) is None


@pytest.mark.parametrize("now", ["0:00:10", "0:03:00", "7:59:00", "12:00:00", "18:30:00", "23:45:00", "23:59:30"])
async def test_whatever_the_hour_something_is_over_and_something_to_come(db: str, now: str) -> None:
    user = await _ines()
    with clock.travel(_at(now)):
        made = await keep_today_lively(user)
        assert len(made) == 2
        over, ahead = [await Meeting.get(id=one.id).select_related("outcome") for one in made]
        assert over.ends_at <= clock.now() < ahead.starts_at
        assert over.outcome.key == ahead.outcome.key == "SCHEDULED"
        assert await _of_today(user) == [over.id, ahead.id]
        assert await keep_today_lively(user) == []


async def test_what_is_there_is_left_alone(db: str) -> None:
    user = await _ines()
    with clock.travel(_at("12:00:00")):
        await a_meeting(user, _at("9:00:00"))
        await a_meeting(user, _at("15:00:00"))
        assert await keep_today_lively(user) == []


async def test_once_the_outcome_is_recorded_there_is_another_to_record(db: str) -> None:
    user = await _ines()
    with clock.travel(_at("12:00:00")):
        await a_meeting(user, _at("9:00:00"), outcome="COMPLETED")
        await a_meeting(user, _at("15:00:00"))
        (made,) = await keep_today_lively(user)
        assert made.ends_at <= clock.now()


async def test_what_is_put_in_is_a_meeting_like_any_other(db: str) -> None:
    user = await _ines()
    with clock.travel(_at("12:00:00")):
        over, ahead = await keep_today_lively(user)
    assert [one.kind for one in await Change.all().order_by("number")] == [ChangeKind.MEETING_SCHEDULED] * 2
    assert (await Account.get(id=user.account_id)).last_change_number == 2
    spans = await BusySpan.all().order_by("starts").values_list("meeting_id", "starts")
    assert spans == [(one.id, int(one.starts_at.timestamp())) for one in (over, ahead)]
    assert await Attendee.filter(meeting_id=over.id).count() == 2


async def _ines() -> User:
    user = await a_user(await an_account(), time_zone="Europe/Warsaw")
    await a_contact(await user.account, owner=user)
    return user


async def _of_today(user: User) -> list[int]:
    """What the Today screen would show, by start."""
    viewer = viewer_of_user(user, session_id=1, expires_at=clock.now())
    rows = today(viewer)
    statement = f"SELECT t.id FROM meeting t WHERE {rows.condition} ORDER BY {rows.order_sql}"
    return [row[0] for row in await database.fetch(statement, *rows.parameters)]
