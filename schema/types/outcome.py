"""How a meeting went, and what sort of meeting it was, in the account's own words."""

import strawberry

from schema.reading import reads, shown
from server import models


@reads(models.Outcome)
@strawberry.type(description="How a meeting went, as the account words it.")
class Outcome:
    key: str = shown("What programs call it, such as NO_SHOW; give it to `recordOutcome`.")
    label: str = shown("What people call it.")
    is_default: bool = shown("Whether it is one of the five that every account has.")
    is_archived: bool = shown("Whether it is no longer offered; old meetings keep it.")


@reads(models.MeetingType)
@strawberry.type(description="The account's own category of meetings.")
class MeetingType:
    key: str = shown("What programs call it; give it as `meetingType`.")
    label: str = shown("What people call it.")
    is_archived: bool = shown("Whether it is no longer offered; old meetings keep it.")
