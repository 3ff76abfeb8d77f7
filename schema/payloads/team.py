"""What comes of acts on who is in the account."""

import strawberry

from schema.payloads.accounts import Session
from schema.payloads.base import Payload, result
from schema.types.meeting import Meeting
from schema.types.user import User

_OVERLAPPING = "Those of them that something else of the new host's overlaps: move one of the two. At most 500."


@strawberry.type(description="What `inviteUser` answers.")
class InviteUserPayload(Payload):
    user: User | None = result("The user, who cannot sign in before they accept.")


@strawberry.type(description="What `resendInvitation` answers.")
class ResendInvitationPayload(Payload):
    user: User | None = result("The user.")


@strawberry.type(description="What `acceptInvitation` answers.")
class AcceptInvitationPayload(Payload):
    session: Session | None = result("The session on this device.")


@strawberry.type(description="What `requestPasswordReset` answers, the same for every address.")
class RequestPasswordResetPayload(Payload):
    requested: bool = strawberry.field(
        description="That whoever signs in with this address will get a mail.", default=False
    )


@strawberry.type(description="What `resetPassword` answers.")
class ResetPasswordPayload(Payload):
    session: Session | None = result("The session on this device; every other one has ended.")


@strawberry.type(description="What `editUser` answers.")
class EditUserPayload(Payload):
    user: User | None = result("The user as they are now.")


@strawberry.type(description="What `deactivateUser` answers.")
class DeactivateUserPayload(Payload):
    user: User | None = result("The user, who cannot sign in any more.")
    handed_over_count: int | None = result("How many meetings have another host or organizer now.")
    overlapping: list[Meeting] | None = result(_OVERLAPPING)


@strawberry.type(description="What `reactivateUser` answers.")
class ReactivateUserPayload(Payload):
    user: User | None = result("The user, who may sign in again.")


@strawberry.type(description="What `handOverMeetings` answers.")
class HandOverMeetingsPayload(Payload):
    handed_over_count: int | None = result("How many meetings have another host or organizer now.")
    remaining_count: int | None = result("How many there are still: ask again if there are any.")
    overlapping: list[Meeting] | None = result(_OVERLAPPING)
