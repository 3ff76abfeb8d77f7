"""How a meeting went: assigned after it, on every client alike."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from server import database
from server.accounts.viewer import Viewer
from server.changes.log import record_change
from server.checks import short
from server.errors import ErrorCode, refusal
from server.meetings.locked import locked_outcome
from server.models.enums import ChangeKind
from server.repeats import kept_or

_OUTCOMES = "SELECT id, key, is_archived FROM outcome WHERE account_id = $1 ORDER BY position, id"
_RECORDED = "UPDATE meeting SET outcome_id = $1, version = version + 1 WHERE id = $2"


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
    was = await locked_outcome(viewer, meeting_id, expected_version=expected_version)
    outcomes = await database.fetch(_OUTCOMES, viewer.account_id)
    outcome = _known(key, {one: number for number, one, is_archived in outcomes if not is_archived})
    if outcome == was:
        return {"meeting_id": meeting_id}
    await database.execute(_RECORDED, outcome, meeting_id)
    await record_change(
        ChangeKind.OUTCOME_RECORDED,
        account_id=viewer.account_id,
        meeting_id=meeting_id,
        actor=viewer.actor,
        data={"previous_outcome": next(one for number, one, _ in outcomes if number == was), "outcome": key},
    )
    return {"meeting_id": meeting_id}


def _known(key: str, offered: Mapping[str, int]) -> int:
    if key in offered:
        return offered[key]
    message = f"There is no outcome {short(key)!r} here. Choose one of: {', '.join(offered)}."
    raise refusal(ErrorCode.OUTCOME_UNKNOWN, message, "outcome")
