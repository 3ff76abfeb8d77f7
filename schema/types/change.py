"""One fact of the change log, as a subscriber or a phone that was offline hears it."""

from datetime import datetime

import strawberry

from schema.enums import ChangeKind
from schema.reading import computed, reads, shown, via
from schema.types.meeting import ACTOR, PREVIOUSLY, Meeting, previous_start, public_actor
from server import models
from server.changes import cursor

CURSOR = "Where this stands in the log; give it as `after` to hear what comes behind it."


@reads(models.Change)
@strawberry.type(description="Something that happened to a meeting.")
class MeetingChange:
    cursor: str = computed(cursor.write, "number", about=CURSOR)
    kind: ChangeKind = shown("What happened.")
    occurred_at: datetime = shown("When.")
    meeting: Meeting = via("meeting", about="The meeting as it is now, a canceled or deleted one too.", present=True)
    previous_starts_at: datetime | None = computed(previous_start, "data", about=PREVIOUSLY)


@reads(models.Change)
@strawberry.type(description="One fact of the account's log.")
class Change:
    cursor: str = computed(cursor.write, "number", about=CURSOR)
    kind: ChangeKind = shown("What happened.")
    occurred_at: datetime = shown("When.")
    actor: str = computed(public_actor, "actor", about=ACTOR)
    meeting: Meeting | None = shown("The meeting as it is now; null where the fact is of something else.")
    previous_starts_at: datetime | None = computed(previous_start, "data", about=PREVIOUSLY)


@strawberry.type(description="What a phone has to change about the list of today's meetings that it shows.")
class TodaySync:
    upserts: list[Meeting] = strawberry.field(
        description="Put these in place of what you have of them, or add them. At most 200."
    )
    removed: list[strawberry.ID] = strawberry.field(description="Take these out, if you have them. At most 500.")
    cursor: str = strawberry.field(description="Give it as `since` the next time, or as `after` to a subscription.")
    resync_required: bool = strawberry.field(
        description="True: forget what you have, `upserts` is all there is. The cursor was too old, or of another day."
    )
