"""What signing in and out takes."""

from datetime import datetime

import strawberry

from schema.inputs.given import IDEMPOTENCY_KEY, needed, optional


@strawberry.input(description="Who signs in, and on what.")
class SignInInput:
    email: str = needed("The address, in any case.")
    password: str = needed("The password.")
    device_name: str | None = optional('What the list of sessions shows, such as "Anna\'s phone".')


@strawberry.input(description="The session that goes on.")
class RefreshSessionInput:
    refresh_token: str = needed("The refresh token that came last.")
    idempotency_key: str | None = optional(
        "Made once by the client for this refresh, 1 to 255 characters: sent again with it within 30 seconds, the used "
        "token gets the same successor again, so a lost answer costs nothing."
    )


@strawberry.input(description="What ends.")
class SignOutInput:
    everywhere: bool | None = optional("Whether the user's other devices are signed out too.")


@strawberry.input(description="Which session ends.")
class EndSessionInput:
    session: strawberry.ID = needed("The session.")


@strawberry.input(description="The old and the new password.")
class ChangePasswordInput:
    current_password: str = needed("The one that holds now.")
    new_password: str = needed("The one to come, 12 to 256 characters.")


@strawberry.input(description="A token for a program.")
class CreateApiTokenInput:
    name: str = needed("What it is for, at most 200 characters.")
    scopes: list[str] = needed("What it may be used for, such as bookings:read. At most 20.")
    user: strawberry.ID | None = optional("As whom it acts; for the account if left out.")
    expires_at: datetime | None = optional("When it ends by itself.")
    idempotency_key: str | None = optional(f"{IDEMPOTENCY_KEY} The secret is told again.")


@strawberry.input(description="Which token ends.")
class RevokeApiTokenInput:
    api_token: strawberry.ID = needed("The token.")


@strawberry.input(description="The viewer's calendar feed gets another address.")
class RenewCalendarFeedInput:
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
