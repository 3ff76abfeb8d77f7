"""What people send about who is in the account."""

import strawberry

from schema.enums import Role
from schema.inputs.given import IDEMPOTENCY_KEY, needed, optional
from schema.scalars import TimeZone
from server.accounts.invite import Invitation

_TOKEN = "What stands in the link behind the last slash."
_PASSWORD = "The password, 12 to 256 characters."
_DEVICE = 'What the list of sessions shows, such as "Anna\'s phone".'


@strawberry.input(description="Somebody who is to belong to the account.")
class InviteUserInput:
    email: str = needed("The address that they will sign in with, and where the invitation goes.")
    name: str | None = optional("How they are called until they say; the first part of the address if left out.")
    role: Role | None = optional("What they may do; MEMBER if left out.")
    has_seat: bool | None = optional(
        "Whether they may schedule for colleagues, and colleagues for them; they may if left out."
    )
    time_zone: TimeZone | None = optional("The zone of their hours; the account's if left out.")
    locale: str | None = optional("The language of their mails; the account's if left out.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="Who is invited once more.")
class ResendInvitationInput:
    user: strawberry.ID = needed("The user, who has not accepted yet.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="What somebody says who was invited.")
class AcceptInvitationInput:
    token: str = needed(_TOKEN)
    name: str = needed("How they are called, at most 200 characters.")
    password: str = needed(_PASSWORD)
    device_name: str | None = optional(_DEVICE)


@strawberry.input(description="Who forgot their password.")
class RequestPasswordResetInput:
    email: str = needed("The address they sign in with.")


@strawberry.input(description="Another password.")
class ResetPasswordInput:
    token: str = needed(_TOKEN)
    password: str = needed(_PASSWORD)
    device_name: str | None = optional(_DEVICE)


@strawberry.input(description="What somebody may do from now on; what is left out stays.")
class EditUserInput:
    user: strawberry.ID = needed("The user.")
    role: Role | None = optional("What they may do.")
    has_seat: bool | None = optional("Whether they may schedule for colleagues, and colleagues for them.")


@strawberry.input(description="Who leaves, and who takes over.")
class DeactivateUserInput:
    user: strawberry.ID = needed("The user who leaves.")
    hand_over_to: strawberry.ID | None = optional(
        "Who takes over their meetings to come and their links. Needed if they host any; without, links are retired."
    )
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="Who may sign in again.")
class ReactivateUserInput:
    user: strawberry.ID = needed("The user.")


@strawberry.input(description="Whose meetings to come somebody else hosts from now on.")
class HandOverMeetingsInput:
    from_: strawberry.ID = strawberry.field(name="from", description="Whose meetings they are.")
    to: strawberry.ID = needed("Who takes them over.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


def invitation_from(input: InviteUserInput) -> Invitation:
    """The input as the verb takes it."""
    return Invitation(
        email=input.email,
        name=input.name or "",
        role=input.role or Role.MEMBER,
        has_seat=input.has_seat is not False,
        time_zone=input.time_zone,
        locale=input.locale,
        idempotency_key=input.idempotency_key,
    )
