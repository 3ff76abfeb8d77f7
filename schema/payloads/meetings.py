"""What colleagues are answered about meetings."""

from datetime import datetime

import strawberry

from schema.payloads.base import Payload, result
from schema.types.meeting import Meeting
from schema.types.user import User


@strawberry.type(description="A mail that would leave.")
class PreviewedMail:
    email: str = strawberry.field(description="To which address.")
    name: str = strawberry.field(description="To whom; may be empty.")
    is_host: bool = strawberry.field(description="Whether it is the one that tells the host.")
    subject: str = strawberry.field(description="What it would be called, in the language of whoever gets it.")


@strawberry.type(description="What scheduling would do.")
class SchedulePreview:
    host: User = strawberry.field(description="Who would host.")
    is_host_busy: bool = strawberry.field(description="Whether it would need `allowOverlap`.")
    mails: list[PreviewedMail] = strawberry.field(description="The mails that would leave. At most 101.")
    reminders_at: list[datetime] = strawberry.field(description="When reminders would leave. At most 3.")


@strawberry.type(description="What `scheduleMeeting` answers.")
class ScheduleMeetingPayload(Payload):
    meeting: Meeting | None = strawberry.field(
        description="The meeting. Null if it was refused, or was a dry run.", default=None
    )
    preview: SchedulePreview | None = strawberry.field(
        description="For a dry run: what would be done. Null otherwise.", default=None
    )


@strawberry.type(description="What `editMeeting` answers.")
class EditMeetingPayload(Payload):
    meeting: Meeting | None = strawberry.field(
        description="The meeting as it is now, on CONFLICT too. Null if it was refused otherwise.", default=None
    )


@strawberry.type(description="What `recordOutcome` answers.")
class RecordOutcomePayload(Payload):
    meeting: Meeting | None = strawberry.field(
        description="The meeting as it is now, on CONFLICT too. Null if it was refused otherwise.", default=None
    )


@strawberry.type(description="What `deleteMeeting` answers.")
class DeleteMeetingPayload(Payload):
    deleted_id: strawberry.ID | None = result("The meeting that is in no list any more.")
    meeting: Meeting | None = strawberry.field(
        description="On CONFLICT the meeting as it is now, which was not deleted. Null otherwise.", default=None
    )


@strawberry.type(description="What `cancelMeeting` answers.")
class CancelMeetingPayload(Payload):
    meeting: Meeting | None = strawberry.field(
        description="The meeting as it is now, on CONFLICT too. Null if it was refused otherwise.", default=None
    )


@strawberry.type(description="What `associateRecords` answers.")
class AssociateRecordsPayload(Payload):
    meeting: Meeting | None = result("The meeting as it is now.")


@strawberry.type(description="What `dissociateRecords` answers.")
class DissociateRecordsPayload(Payload):
    meeting: Meeting | None = result("The meeting as it is now.")
