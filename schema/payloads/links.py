"""What colleagues are answered about meeting links and rotations."""

import strawberry

from schema.payloads.base import Payload, result
from schema.types.link import MeetingLink
from schema.types.rotation import Rotation


@strawberry.type(description="What `createMeetingLink` answers.")
class CreateMeetingLinkPayload(Payload):
    meeting_link: MeetingLink | None = result("The new link.")


@strawberry.type(description="What `editMeetingLink` answers.")
class EditMeetingLinkPayload(Payload):
    meeting_link: MeetingLink | None = result("The link as it is now.")


@strawberry.type(description="What `duplicateMeetingLink` answers.")
class DuplicateMeetingLinkPayload(Payload):
    meeting_link: MeetingLink | None = result("The copy.")


@strawberry.type(description="What `retireMeetingLink` answers.")
class RetireMeetingLinkPayload(Payload):
    meeting_link: MeetingLink | None = result("The link as it is now.")


@strawberry.type(description="What `restoreMeetingLink` answers.")
class RestoreMeetingLinkPayload(Payload):
    meeting_link: MeetingLink | None = result("The link as it is now.")


@strawberry.type(description="What `createRotation` answers.")
class CreateRotationPayload(Payload):
    rotation: Rotation | None = result("The new rotation.")


@strawberry.type(description="What `editRotation` answers.")
class EditRotationPayload(Payload):
    rotation: Rotation | None = result("The rotation as it is now.")


@strawberry.type(description="What `deleteRotation` answers.")
class DeleteRotationPayload(Payload):
    deleted_id: strawberry.ID | None = result("The rotation that is no more.")
