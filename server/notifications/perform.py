"""A button of a notification is pressed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from server.accounts.viewer import Viewer, viewer_of_user
from server.errors import ErrorCode, refusal
from server.meetings.locked import lock
from server.meetings.outcomes import record_outcome
from server.meetings.replies import reply
from server.meetings.running_late import tell_of_delay
from server.models import ActionToken, Meeting, Outcome
from server.models.enums import NotificationActionKind, Reply
from server.notifications.action_tokens import expired, known_token, use
from server.repeats import kept_or
from server.wording import regional_locale, say

USUAL_DELAY_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Press:
    """What the notification sends. `action`, if given, must be what the token is for; `outcome` is a key of the
    account's, `minutes_late` how long the others will wait."""

    token: str
    action: NotificationActionKind | None = None
    outcome: str | None = None
    minutes_late: int | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Performed:
    """What was done, and what a locked screen may say of it, in the user's language."""

    kind: NotificationActionKind
    meeting_id: int
    starts_at: datetime
    message: str


async def perform(press: Press) -> Performed:
    """The act is done in the name of the user whose notice it was, who need not be signed in any more, and the token is
    used up; refused, it can be pressed again.

    `TOKEN_EXPIRED` for a token that is used, too old, unknown, for another act or for the time that the meeting had
    before it was moved, or of a user who was put out; else what the act itself refuses: `OUTCOME_UNKNOWN`,
    `TIME_RANGE_INVALID`, `TIME_IN_PAST`, `NOT_FOUND`, `FORBIDDEN`, `CONFLICT`."""
    token = await known_token(press.token)
    if press.action not in (None, token.kind):
        raise expired()
    result = await kept_or(
        "performNotificationAction",
        account_id=token.account_id,
        scope=f"action:{token.id}",
        key=press.idempotency_key,
        input={"outcome": press.outcome, "minutes_late": press.minutes_late},
        run=partial(_perform, token, press),
    )
    return Performed(
        kind=token.kind,
        meeting_id=token.meeting_id,
        starts_at=datetime.fromisoformat(result["starts_at"]),
        message=result["message"],
    )


async def _perform(token: ActionToken, press: Press) -> dict[str, Any]:
    # Before the token, as does whoever moves the meeting and takes its buttons away.
    await lock(token.meeting_id, account_id=token.account_id)
    await use(token)
    # As they are today: whoever lost a right since the notice left cannot use it from there.
    viewer, locale = viewer_of_user(token.user), regional_locale(token.user.locale)
    match token.kind:
        case NotificationActionKind.CONFIRM:
            await reply(viewer, token.meeting_id, Reply.ACCEPTED)
            said = say(locale, "push.done.CONFIRM")
        case NotificationActionKind.RUNNING_LATE:
            minutes = USUAL_DELAY_MINUTES if press.minutes_late is None else press.minutes_late
            await tell_of_delay(viewer, token.meeting_id, minutes)
            said = say(locale, "push.done.RUNNING_LATE", count=minutes)
        case NotificationActionKind.SET_OUTCOME:
            label = await _recorded(viewer, token.meeting_id, press.outcome)
            said = say(locale, "push.done.SET_OUTCOME", outcome=label)
    meeting = await Meeting.get(id=token.meeting_id)
    return {"starts_at": meeting.starts_at, "message": said}


async def _recorded(viewer: Viewer, meeting_id: int, key: str | None) -> str:
    if key is None:
        message = "Say which outcome: send one of the keys that came with the notification."
        raise refusal(ErrorCode.OUTCOME_UNKNOWN, message, "outcome")
    await record_outcome(viewer, meeting_id, key)
    return (await Outcome.get(account_id=viewer.account_id, key=key)).label
