"""How far a delivery is, told to whom it concerns."""

from datetime import datetime

import strawberry

from schema.enums import JobKind, JobState
from schema.reading import computed, identity, reads, shown
from server import models
from server.accounts.scopes import Scope
from server.accounts.viewer import Viewer

REASON = (
    "What came of the last attempt, such as `tomasz@client.example: 550 no such user`. Null unless you administer the "
    "account, or host or organize the meeting."
)


def told_reason(viewer: Viewer, reason: str, host_id: int | None, organizer_id: int | None) -> str | None:
    """Why it failed, for administrators and whose meeting it is: it holds addresses and a mail server's words."""
    is_theirs = viewer.user_id is not None and viewer.user_id in (host_id, organizer_id)
    return reason if is_theirs or Scope.ACCOUNT_ADMIN in viewer.scopes else None


def next_try(state: JobState, run_at: datetime) -> datetime | None:
    """When a delivery that waits is tried."""
    return run_at if state is JobState.WAITING else None


@reads(models.Job)
@strawberry.type(description="Something that leaves the house: a mail, a webhook, a push message.")
class Delivery:
    id: strawberry.ID = identity("job")
    kind: JobKind = shown("What is delivered.")
    state: JobState = shown("How far it is.")
    attempts: int = shown("How often it was begun.")
    reason: str | None = computed(
        told_reason, "last_error", "meeting.host_id", "meeting.organizer_id", with_viewer=True, about=REASON
    )
    created_at: datetime = shown("When it was promised.")
    next_try_at: datetime | None = computed(
        next_try, "state", "run_at", about="When it is tried next; null if it is not."
    )
    finished_at: datetime | None = shown("When it was made or given up.")
