"""What administrators are answered about outcomes and meeting types."""

import strawberry

from schema.payloads.base import Payload, result
from schema.types.outcome import MeetingType, Outcome


@strawberry.type(description="What `createOutcome` answers.")
class CreateOutcomePayload(Payload):
    outcome: Outcome | None = result("The outcome.")


@strawberry.type(description="What `editOutcome` answers.")
class EditOutcomePayload(Payload):
    outcome: Outcome | None = result("The outcome as it is now.")


@strawberry.type(description="What `createMeetingType` answers.")
class CreateMeetingTypePayload(Payload):
    meeting_type: MeetingType | None = result("The type.")


@strawberry.type(description="What `editMeetingType` answers.")
class EditMeetingTypePayload(Payload):
    meeting_type: MeetingType | None = result("The type as it is now.")
