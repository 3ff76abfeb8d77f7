"""Where a meeting happens."""

import strawberry

from schema.enums import LocationKind
from schema.reading import shown


@strawberry.type(description="Where a meeting happens: one object with a kind.")
class MeetingLocation:
    kind: LocationKind = shown("What kind of place it is.")
    text: str = shown("The number, the address or the words; may be empty.")
    join_url: str | None = shown("Where to join a video meeting, once there is a room.")
    provider: str | None = shown("Who runs the video room.")
