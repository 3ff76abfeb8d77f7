"""How a meeting went: assigned after it, on every client alike."""

from __future__ import annotations

from functools import partial
from typing import Any

from server.accounts import policy
from server.accounts.viewer import Viewer
from server.changes.log import record_change
from server.checks import short
from server.errors import ErrorCode, refusal
from server.meetings.locked import locked_meeting
from server.models import Outcome
from server.models.enums import ChangeKind
from server.repeats import kept_or


async def record_outcome(
    viewer: Viewer,
    meeting_id: int,
    outcome: str,
    *,
    expected_version: int | None = None,
    idempotency_key: str | None = None,
) -> int:
    """The meeting has the account's outcome of that key (S2-54), and the log keeps the one before. Its number. Recorded
    again, nothing changes.

    `OUTCOME_UNKNOWN` (an archived one too), `NOT_FOUND`, `FORBIDDEN`, `CONFLICT` if it has another version."""
    result = await kept_or(
        "recordOutcome",
        account_id=viewer.account_id,
        scope=viewer.actor,
        key=idempotency_key,
        input={"meeting": meeting_id, "outcome": outcome, "expected_version": expected_version},
        run=partial(_record_outcome, viewer, meeting_id, outcome, expected_version),
    )
    return int(result["meeting_id"])


async def _record_outcome(viewer: Viewer, meeting_id: int, key: str, expected_version: int | None) -> dict[str, Any]:
    meeting = await locked_meeting(viewer, meeting_id, expected_version=expected_version, may=policy.may_record_outcome)
    outcome = await _known_outcome(viewer.account_id, key)
    if outcome.id == meeting.outcome_id:
        return {"meeting_id": meeting.id}
    before = await Outcome.get(id=meeting.outcome_id)
    meeting.outcome_id = outcome.id
    meeting.version += 1
    await meeting.save(update_fields=["outcome_id", "version"])
    await record_change(
        ChangeKind.OUTCOME_RECORDED,
        account_id=meeting.account_id,
        meeting_id=meeting.id,
        actor=viewer.actor,
        data={"previous_outcome": before.key, "outcome": outcome.key},
    )
    return {"meeting_id": meeting.id}


async def _known_outcome(account_id: int, key: str) -> Outcome:
    offered = await Outcome.filter(account_id=account_id, is_archived=False).order_by("position", "id")
    for outcome in offered:
        if outcome.key == key:
            return outcome
    keys = ", ".join(outcome.key for outcome in offered)
    message = f"There is no outcome {short(key)!r} here. Choose one of: {keys}."
    raise refusal(ErrorCode.OUTCOME_UNKNOWN, message, "outcome")
