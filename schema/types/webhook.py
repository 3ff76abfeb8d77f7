"""What other programs are told of, and how well that goes."""

from datetime import datetime
from typing import Any

import strawberry

from schema.enums import ChangeKind, JobState, WebhookState
from schema.reading import column, computed, identity, reads, shown
from schema.types.link import MeetingLink
from schema.types.user import User
from server import models
from server.changes import cursor


@strawberry.type(description="A program that is told of changes by a signed POST, and how well that goes.")
class Webhook:
    id: strawberry.ID = strawberry.field(description="Opaque; the same for as long as it exists.")
    name: str = strawberry.field(description="What it is called.")
    url: str = strawberry.field(description="Where the changes go.")
    kinds: list[ChangeKind] = strawberry.field(
        description="The kinds of change that it is told of; none means every kind. At most 50."
    )
    link: MeetingLink | None = strawberry.field(description="The link to whose meetings it is limited, if any.")
    host: User | None = strawberry.field(description="The host to whose meetings it is limited, if any.")
    owner: User = strawberry.field(description="Who is warned when it fails.")
    state: WebhookState = strawberry.field(description="Whether it is told of anything.")
    created_at: datetime = strawberry.field(description="When it was made.")
    last_delivered_at: datetime | None = strawberry.field(description="When its receiver last took something.")
    last_status: int | None = strawberry.field(
        description="The HTTP status of the last answer; null before the first, and where there was no answer."
    )
    last_error: str = strawberry.field(description="What was wrong the last time; empty if nothing was.")
    failing_since: datetime | None = strawberry.field(
        description="The first failure since its receiver last took something; null while it is well."
    )
    next_try_at: datetime | None = strawberry.field(description="When it is tried again, while it fails.")
    warned_at: datetime | None = strawberry.field(description="When its owner was warned that it fails.")
    disabled_after: datetime | None = strawberry.field(
        description="When it will be disabled, if its receiver takes nothing until then; null before the warning."
    )
    waiting_count: int = strawberry.field(description="How many deliveries stand in line for it, at most about 100.")
    behind_count: int = strawberry.field(
        description="How many changes behind those it is still to be told of, if its filters let them through."
    )
    cursor: str = strawberry.field(
        description="How far the log was passed for it; `replayWebhook` repeats what lies before."
    )
    previous_secret_ends_at: datetime | None = strawberry.field(
        description="Until when deliveries are signed with the secret before the newest as well."
    )


def told_cursor(payload: dict[str, Any]) -> str | None:
    """Where the change that a delivery tells of stands in the log; None for a ping."""
    return cursor.write(payload["number"]) if "number" in payload else None


def next_try(state: JobState, run_at: datetime) -> datetime | None:
    """When a delivery that is not made yet is tried; what waits for a webhook that is paused looks now and then."""
    return run_at if state is JobState.WAITING else None


@reads(models.Job)
@strawberry.type(description="One delivery to a webhook.")
class WebhookDelivery:
    id: strawberry.ID = identity("job")
    cursor: str | None = computed(told_cursor, "payload", about="The change it tells of; null for a ping.")
    state: JobState = shown("How far it is.")
    attempts: int = shown("How often it was begun.")
    created_at: datetime = shown("When it was put in line.")
    next_try_at: datetime | None = computed(
        next_try, "state", "run_at", about="When it is tried next; null if it is not."
    )
    finished_at: datetime | None = shown("When it was made or given up.")
    answer: str = column("last_error", "What came of the last attempt, such as `answered 204`.")
