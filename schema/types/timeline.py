"""What happened around a contact or record."""

from datetime import datetime

import strawberry

from schema.enums import ChangeKind
from schema.types.meeting import ACTOR, PREVIOUSLY, Meeting


@strawberry.type(description="Something that happened to a meeting.")
class TimelineChange:
    kind: ChangeKind = strawberry.field(description="What happened.")
    actor: str = strawberry.field(description=ACTOR)
    outcome: str | None = strawberry.field(description="For OUTCOME_RECORDED: the key of the outcome from then on.")
    previous_starts_at: datetime | None = strawberry.field(description=PREVIOUSLY)


@strawberry.type(description="One entry of a timeline: a meeting, or something that happened to one.")
class TimelineEntry:
    at: datetime = strawberry.field(description="When: the start of a meeting, the moment of a change.")
    change: TimelineChange | None = strawberry.field(description="What happened; null where the entry is the meeting.")
    meeting: Meeting = strawberry.field(description="The meeting as it is now, with its host and its organizer.")
