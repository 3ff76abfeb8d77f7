"""What comes of signing in and out."""

from datetime import datetime

import strawberry

from schema.payloads.base import Payload, result
from schema.types.session import ApiToken
from schema.types.user import Account, User
from schema.types.viewer import Viewer


@strawberry.type(description="What a device keeps after signing in.")
class Session:
    access_token: str = strawberry.field(description="The bearer token of every request; lives for minutes.")
    access_expires_at: datetime = strawberry.field(description="When the access token ends.")
    refresh_token: str = strawberry.field(description="Works once, to get the next pair; lives for weeks.")
    viewer: Viewer = strawberry.field(description="Who signed in.")


@strawberry.type(description="What `signIn` answers.")
class SignInPayload(Payload):
    session: Session | None = result("The new session.")


@strawberry.type(description="What `refreshSession` answers.")
class RefreshSessionPayload(Payload):
    session: Session | None = result("The session with its next pair of tokens.")


@strawberry.type(description="What `signOut` answers.")
class SignOutPayload(Payload):
    signed_out: bool = strawberry.field(description="Whether there is no session any more.", default=False)


@strawberry.type(description="What `endSession` answers.")
class EndSessionPayload(Payload):
    ended_id: strawberry.ID | None = result("The session that was ended.")


@strawberry.type(description="What `changePassword` answers.")
class ChangePasswordPayload(Payload):
    changed: bool = strawberry.field(description="Whether the new password holds.", default=False)


@strawberry.type(description="What `createApiToken` answers.")
class CreateApiTokenPayload(Payload):
    api_token: ApiToken | None = result("The token.")
    secret: str | None = result("What a program sends as its bearer token; no query tells it later.")


@strawberry.type(description="What `revokeApiToken` answers.")
class RevokeApiTokenPayload(Payload):
    revoked_id: strawberry.ID | None = result("The token that opens nothing any more.")


@strawberry.type(description="What `editProfile` answers.")
class EditProfilePayload(Payload):
    user: User | None = result("The user as they are now.")


@strawberry.type(description="What `renewCalendarFeed` answers.")
class RenewCalendarFeedPayload(Payload):
    user: User | None = result("The viewer, with the new address.")


@strawberry.type(description="What `editAccount` answers.")
class EditAccountPayload(Payload):
    account: Account | None = result("The account as it is now.")


@strawberry.type(description="What `uploadLogo` answers.")
class UploadLogoPayload(Payload):
    upload_url: str | None = result("Where its bytes are to be PUT, as they are, without a token.")
    upload_ends_at: datetime | None = result("When that address ends.")
