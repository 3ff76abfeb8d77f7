"""What comes of waking devices, and of what their notices send back."""

from datetime import datetime

import strawberry

from schema.enums import NotificationActionKind
from schema.payloads.base import Payload, result
from schema.types.device import Device


@strawberry.type(description="What `registerDevice` answers.")
class RegisterDevicePayload(Payload):
    device: Device | None = result("The device.")


@strawberry.type(description="What `unregisterDevice` answers.")
class UnregisterDevicePayload(Payload):
    unregistered_id: strawberry.ID | None = result("The device that is left in peace.")


@strawberry.type(description="What a locked screen may show of what was done.")
class PerformedAction:
    action: NotificationActionKind = strawberry.field(description="What was done.")
    meeting_id: strawberry.ID = strawberry.field(description="With which meeting, as `meeting(id:)` takes it.")
    starts_at: datetime = strawberry.field(description="When that meeting begins.")
    message: str = strawberry.field(description="What was done in a sentence, in the user's language.")


@strawberry.type(description="What `performNotificationAction` answers.")
class PerformNotificationActionPayload(Payload):
    performed: PerformedAction | None = result("What was done.")
