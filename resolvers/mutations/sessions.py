"""Signing in and out."""

from resolvers.door import mutation
from resolvers.queries.viewer import shown_as_viewer
from schema.access import PUBLIC, SIGNED_IN
from schema.context import Info
from schema.inputs.accounts import (
    ChangePasswordInput,
    EndSessionInput,
    RefreshSessionInput,
    SignInInput,
    SignOutInput,
)
from schema.inputs.given import Input
from schema.numbers import numbered
from schema.payloads.accounts import (
    ChangePasswordPayload,
    EndSessionPayload,
    RefreshSessionPayload,
    Session,
    SignInPayload,
    SignOutPayload,
)
from server.accounts import change_password as passwords
from server.accounts import sessions
from server.accounts import sign_in as signing_in


@mutation(PUBLIC, "Somebody signs in on a device, which keeps the tokens.")
async def sign_in(info: Info, input: Input[SignInInput]) -> SignInPayload:
    signed_in = await signing_in.sign_in(input.email, input.password, device_name=input.device_name or "")
    return SignInPayload(session=await session_of(info, signed_in))


@mutation(
    PUBLIC, "The next pair of tokens. A refresh token that comes twice ends the session, so keep the newest only."
)
async def refresh_session(info: Info, input: Input[RefreshSessionInput]) -> RefreshSessionPayload:
    refreshed = await sessions.refresh_session(input.refresh_token, idempotency_key=input.idempotency_key)
    return RefreshSessionPayload(session=await session_of(info, refreshed))


@mutation(SIGNED_IN, "The session of the access token ends, and its tokens with it.")
async def sign_out(info: Info, input: Input[SignOutInput]) -> SignOutPayload:
    end = sessions.sign_out_everywhere if input.everywhere else sessions.sign_out
    await end(info.context.signed_in)
    return SignOutPayload(signed_out=True)


@mutation(SIGNED_IN, "One device is signed out: one's own, or as an admin anybody's.")
async def end_session(info: Info, input: Input[EndSessionInput]) -> EndSessionPayload:
    await sessions.end_session(info.context.signed_in, numbered("ses", input.session))
    return EndSessionPayload(ended_id=input.session)


@mutation(SIGNED_IN, "Another password holds; every other device is signed out.")
async def change_password(info: Info, input: Input[ChangePasswordInput]) -> ChangePasswordPayload:
    await passwords.change_password(info.context.signed_in, current=input.current_password, new=input.new_password)
    return ChangePasswordPayload(changed=True)


async def session_of(info: Info, signed_in: sessions.SignedIn) -> Session:
    """The session as clients see it."""
    return Session(
        access_token=signed_in.access_token,
        access_expires_at=signed_in.access_expires_at,
        refresh_token=signed_in.refresh_token,
        viewer=await shown_as_viewer(signed_in.viewer, info.context.read),
    )
