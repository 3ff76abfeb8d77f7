from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from server import clock
from server.accounts.sessions import end_sessions_of
from server.database import transaction
from server.errors import ErrorCode, Refused
from server.meetings.move import put_at
from server.meetings.running_late import LONGEST_MINUTES
from server.models import Account, ActionToken, Attendee, Change, Job, Meeting, User
from server.models.enums import AttendeeKind, ChangeKind, JobKind, NotificationActionKind, Reply
from server.notifications.action_tokens import forget_expired_tokens, offer
from server.notifications.perform import Press, perform
from server.outbox import enqueue
from server.repeats import KEPT_FOR
from tests.factories import a_contact, a_meeting, a_user, an_account
from tests.server.devices.signed_in import signed_in

ACTIONS = NotificationActionKind


class Story:
    """Ines hosts, Jan attends, Tomasz is the contact."""

    account: Account
    host: User
    colleague: User
    meeting: Meeting

    async def token(self, kind: NotificationActionKind, user: User | None = None, *, hours: float = 4) -> str:
        """What a notice to that user would carry."""
        job = await Job.get(
            id=await enqueue(JobKind.PUSH, account_id=self.account.id, meeting_id=self.meeting.id, run_at=_FAR())
        )
        until = clock.now() + timedelta(hours=hours)
        return (await offer(kind, job, user_id=(user or self.host).id, expires_at=until)).token

    async def changes(self) -> list[tuple[ChangeKind, str, dict[str, Any]]]:
        return [(one.kind, one.actor, one.data) for one in await Change.all().order_by("number")]


def _FAR() -> Any:
    return clock.now() + timedelta(days=30)


@pytest.fixture
async def story(db: str) -> Story:
    made = Story()
    made.account = await an_account()
    made.host, made.colleague = await a_user(made.account, "Ines"), await a_user(made.account, "Jan", locale="pl")
    made.meeting = await a_meeting(made.host, clock.now() + timedelta(hours=1), contact=await a_contact(made.account))
    await Attendee.create(
        account=made.account,
        meeting=made.meeting,
        kind=AttendeeKind.USER,
        user=made.colleague,
        name="Jan",
        email=made.colleague.email,
    )
    return made


async def refusal_of(press: Press) -> ErrorCode:
    """The code with which it is refused."""
    with pytest.raises(Refused) as refused:
        await perform(press)
    return refused.value.complaints[0].code


async def test_an_outcome_is_set_without_a_session(story: Story) -> None:
    await signed_in(story.host)
    token = await story.token(ACTIONS.SET_OUTCOME)
    async with transaction():
        await end_sessions_of(story.host.id, reason="SIGNED_OUT")
    done = await perform(Press(token, outcome="NO_SHOW"))
    assert (done.kind, done.meeting_id, done.starts_at, done.message) == (
        ACTIONS.SET_OUTCOME,
        story.meeting.id,
        story.meeting.starts_at,
        "Saved: No show",
    )
    assert (await Meeting.get().select_related("outcome")).outcome.key == "NO_SHOW"
    assert await story.changes() == [
        (
            ChangeKind.OUTCOME_RECORDED,
            f"user:{story.host.id}",
            {"previous_outcome": "SCHEDULED", "outcome": "NO_SHOW"},
        )
    ]


async def test_a_colleague_confirms_in_their_language(story: Story) -> None:
    done = await perform(Press(await story.token(ACTIONS.CONFIRM, story.colleague), action=ACTIONS.CONFIRM))
    attendee = await Attendee.get(user=story.colleague)
    assert (attendee.reply, done.message) == (Reply.ACCEPTED, "Obecność potwierdzona.")
    assert await story.changes() == [
        (
            ChangeKind.REPLY_RECEIVED,
            f"user:{story.colleague.id}",
            {"attendee_id": attendee.id, "reply": "ACCEPTED", "previous_reply": "NEEDS_ACTION"},
        )
    ]


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (None, "The others will hear that you are 10 minutes late."),
        (1, "The others will hear that you are 1 minute late."),
    ],
)
async def test_the_others_hear_that_the_host_is_late(story: Story, minutes: int | None, said: str) -> None:
    done = await perform(Press(await story.token(ACTIONS.RUNNING_LATE), minutes_late=minutes))
    assert done.message == said
    (job,) = await Job.filter(kind=JobKind.LATE_NOTICE_MAIL)
    told = {"minutes": minutes or 10, "starts_at": int(story.meeting.starts_at.timestamp())}
    assert (job.meeting_id, job.payload) == (story.meeting.id, told)
    assert await story.changes() == [
        (
            ChangeKind.MEETING_EDITED,
            f"user:{story.host.id}",
            {"fields": ["running_late"], "minutes_late": minutes or 10},
        )
    ]


async def test_a_token_works_once(story: Story) -> None:
    token = await story.token(ACTIONS.RUNNING_LATE)
    await perform(Press(token))
    assert await refusal_of(Press(token)) is ErrorCode.TOKEN_EXPIRED
    assert await Job.filter(kind=JobKind.LATE_NOTICE_MAIL).count() == 1


async def test_of_many_presses_at_once_one_acts(story: Story) -> None:
    token = await story.token(ACTIONS.RUNNING_LATE)
    results = await asyncio.gather(*(perform(Press(token)) for _ in range(8)), return_exceptions=True)
    assert sum(not isinstance(one, Refused) for one in results) == 1
    assert await Job.filter(kind=JobKind.LATE_NOTICE_MAIL).count() == 1


async def test_the_same_key_gives_the_first_answer_again(story: Story) -> None:
    press = Press(await story.token(ACTIONS.RUNNING_LATE), minutes_late=5, idempotency_key="tap-1")
    answers = [await perform(press) for _ in range(3)]
    with clock.travel(clock.now() + timedelta(hours=24)):
        answers.append(await perform(press))
    assert [one == answers[0] for one in answers] == [True] * 4
    assert await Job.filter(kind=JobKind.LATE_NOTICE_MAIL).count() == 1
    other = Press(press.token, minutes_late=6, idempotency_key="tap-1")
    assert await refusal_of(other) is ErrorCode.IDEMPOTENCY_KEY_REUSED


async def test_refused_it_can_be_pressed_again(story: Story) -> None:
    token = await story.token(ACTIONS.SET_OUTCOME)
    assert await refusal_of(Press(token)) is ErrorCode.OUTCOME_UNKNOWN
    assert await refusal_of(Press(token, outcome="NO_SUCH")) is ErrorCode.OUTCOME_UNKNOWN
    assert (await perform(Press(token, outcome="COMPLETED"))).message == "Saved: Completed"


@pytest.mark.parametrize("wrong", ["unknown", "long", "too old", "another act", "put out", "forgotten"])
async def test_whatever_is_no_good_is_answered_alike(story: Story, wrong: str) -> None:
    token, action = await story.token(ACTIONS.RUNNING_LATE), None
    later = clock.now()
    match wrong:
        case "unknown":
            token = "x" * 43
        case "long":
            token = "x" * 100_000
        case "too old":
            later += timedelta(hours=4)
        case "another act":
            action = ACTIONS.SET_OUTCOME
        case "put out":
            await User.filter(id=story.host.id).update(is_active=False)
        case "forgotten":
            with clock.travel(later + timedelta(hours=4) + KEPT_FOR):
                assert await forget_expired_tokens() == 1
    with clock.travel(later), pytest.raises(Refused) as refused:
        await perform(Press(token, action=action))
    (complaint,) = refused.value.complaints
    assert (complaint.code, complaint.message, complaint.path) == (
        ErrorCode.TOKEN_EXPIRED,
        "This button no longer works. Open the app to do it there.",
        ("token",),
    )
    assert await story.changes() == []


@pytest.mark.parametrize(("hours", "works"), [(26, False), (-3, True)])
async def test_a_button_is_for_the_time_that_its_notice_named(story: Story, hours: int, works: bool) -> None:
    """How a meeting went is still said from the notice, where only the time was put right afterwards."""
    kinds = (ACTIONS.CONFIRM, ACTIONS.RUNNING_LATE, ACTIONS.SET_OUTCOME)
    tokens = [await story.token(kind, story.colleague if kind is ACTIONS.CONFIRM else None) for kind in kinds]
    starts_at = story.meeting.starts_at + timedelta(hours=hours)
    async with transaction():
        await put_at(story.meeting, starts_at, starts_at + timedelta(minutes=30), host_ids=[story.host.id])
    if works:
        assert (await perform(Press(tokens[2], outcome="COMPLETED"))).message == "Saved: Completed"
    else:
        refused = [await refusal_of(Press(token, outcome="COMPLETED")) for token in tokens]
        assert refused == [ErrorCode.TOKEN_EXPIRED] * 3
        assert await story.changes() == []


async def test_tokens_that_still_hold_are_kept(story: Story) -> None:
    await story.token(ACTIONS.RUNNING_LATE)
    assert (await forget_expired_tokens(), await ActionToken.all().count()) == (0, 1)


@pytest.mark.parametrize("minutes", [0, -5, LONGEST_MINUTES + 1])
async def test_a_delay_has_a_sensible_length(story: Story, minutes: int) -> None:
    token = await story.token(ACTIONS.RUNNING_LATE)
    assert await refusal_of(Press(token, minutes_late=minutes)) is ErrorCode.TIME_RANGE_INVALID


@pytest.mark.parametrize(
    ("kind", "became", "code"),
    [
        (ACTIONS.CONFIRM, "canceled", ErrorCode.CONFLICT),
        (ACTIONS.RUNNING_LATE, "canceled", ErrorCode.CONFLICT),
        (ACTIONS.RUNNING_LATE, "over", ErrorCode.TIME_IN_PAST),
        (ACTIONS.CONFIRM, "deleted", ErrorCode.NOT_FOUND),
        (ACTIONS.SET_OUTCOME, "deleted", ErrorCode.NOT_FOUND),
        (ACTIONS.SET_OUTCOME, "another's", ErrorCode.FORBIDDEN),
    ],
)
async def test_a_button_does_no_more_than_its_user_may_do_now(
    story: Story, kind: NotificationActionKind, became: str, code: ErrorCode
) -> None:
    token = await story.token(kind)
    now = clock.now()
    changes: dict[str, dict[str, Any]] = {
        "canceled": {"canceled_at": now},
        "over": {"starts_at": now - timedelta(hours=2), "ends_at": now},
        "deleted": {"deleted_at": now},
        "another's": {"host_id": story.colleague.id, "organizer_id": story.colleague.id},
    }
    await Meeting.all().update(**changes[became])
    assert await refusal_of(Press(token, outcome="COMPLETED")) is code
    assert await story.changes() == []
