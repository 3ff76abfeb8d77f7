"""What people do about who is in the account."""

from resolvers.door import mutation
from resolvers.mutations.sessions import session_of
from schema.access import PUBLIC, SIGNED_IN
from schema.context import Info
from schema.inputs.given import Input
from schema.inputs.team import (
    AcceptInvitationInput,
    DeactivateUserInput,
    EditUserInput,
    HandOverMeetingsInput,
    InviteUserInput,
    ReactivateUserInput,
    RequestPasswordResetInput,
    ResendInvitationInput,
    ResetPasswordInput,
    invitation_from,
)
from schema.numbers import numbered, numbered_if
from schema.payloads.team import (
    AcceptInvitationPayload,
    DeactivateUserPayload,
    EditUserPayload,
    HandOverMeetingsPayload,
    InviteUserPayload,
    ReactivateUserPayload,
    RequestPasswordResetPayload,
    ResendInvitationPayload,
    ResetPasswordPayload,
)
from schema.types.meeting import Meeting
from schema.types.user import User
from server.accounts import edit_user as editing
from server.accounts import invite, queries
from server.accounts import reset_password as resetting
from server.accounts.scopes import Scope
from server.meetings.queries import meetings_among
from server.team import deactivate
from server.team.hand_over import Done
from server.team.hand_over import hand_over_meetings as hand_over


@mutation(Scope.ACCOUNT_ADMIN, "Somebody is asked by mail to belong to the account; the link is good for seven days.")
async def invite_user(info: Info, input: Input[InviteUserInput]) -> InviteUserPayload:
    number = await invite.invite_user(info.context.signed_in, invitation_from(input))
    return InviteUserPayload(user=await _user(info, number))


@mutation(Scope.ACCOUNT_ADMIN, "An invitation is sent once more; the link of the one before opens nothing any more.")
async def resend_invitation(info: Info, input: Input[ResendInvitationInput]) -> ResendInvitationPayload:
    number = numbered("usr", input.user)
    await invite.resend_invitation(info.context.signed_in, number, idempotency_key=input.idempotency_key)
    return ResendInvitationPayload(user=await _user(info, number))


@mutation(PUBLIC, "Somebody who was invited chooses a password, and is signed in.")
async def accept_invitation(info: Info, input: Input[AcceptInvitationInput]) -> AcceptInvitationPayload:
    signed_in = await invite.accept_invitation(
        input.token, name=input.name, password=input.password, device_name=input.device_name or ""
    )
    return AcceptInvitationPayload(session=await session_of(info, signed_in))


@mutation(PUBLIC, "Whoever signs in with an address gets a link by mail. The answer is the same for every address.")
async def request_password_reset(info: Info, input: Input[RequestPasswordResetInput]) -> RequestPasswordResetPayload:
    await resetting.request_password_reset(input.email)
    return RequestPasswordResetPayload(requested=True)


@mutation(PUBLIC, "Another password holds, every device is signed out, and this one is signed in.")
async def reset_password(info: Info, input: Input[ResetPasswordInput]) -> ResetPasswordPayload:
    signed_in = await resetting.reset_password(input.token, input.password, device_name=input.device_name or "")
    return ResetPasswordPayload(session=await session_of(info, signed_in))


@mutation(Scope.ACCOUNT_ADMIN, "Somebody has another role, or a seat.")
async def edit_user(info: Info, input: Input[EditUserInput]) -> EditUserPayload:
    number = numbered("usr", input.user)
    await editing.edit_user(info.context.signed_in, number, role=input.role, has_seat=input.has_seat)
    return EditUserPayload(user=await _user(info, number))


@mutation(
    Scope.ACCOUNT_ADMIN,
    "Somebody leaves: they are signed out everywhere, and their meetings to come and their links are a colleague's.",
)
async def deactivate_user(info: Info, input: Input[DeactivateUserInput]) -> DeactivateUserPayload:
    number = numbered("usr", input.user)
    done = await deactivate.deactivate_user(
        info.context.signed_in,
        number,
        hand_over_to=numbered_if("usr", input.hand_over_to),
        idempotency_key=input.idempotency_key,
    )
    return DeactivateUserPayload(
        user=await _user(info, number), handed_over_count=done.count, overlapping=await _overlapping(info, done)
    )


@mutation(Scope.ACCOUNT_ADMIN, "Somebody who was put out may sign in again; what was handed over stays where it is.")
async def reactivate_user(info: Info, input: Input[ReactivateUserInput]) -> ReactivateUserPayload:
    number = numbered("usr", input.user)
    await editing.reactivate_user(info.context.signed_in, number)
    return ReactivateUserPayload(user=await _user(info, number))


@mutation(SIGNED_IN, "A colleague hosts somebody's meetings to come: one's own, or as an administrator anybody's.")
async def hand_over_meetings(info: Info, input: Input[HandOverMeetingsInput]) -> HandOverMeetingsPayload:
    done = await hand_over(
        info.context.signed_in,
        numbered("usr", input.from_),
        numbered("usr", input.to),
        idempotency_key=input.idempotency_key,
    )
    return HandOverMeetingsPayload(
        handed_over_count=done.count, remaining_count=done.left, overlapping=await _overlapping(info, done)
    )


async def _user(info: Info, number: int) -> User | None:
    return await info.context.read.one(User, queries.user(info.context.signed_in, number))


async def _overlapping(info: Info, done: Done) -> list[Meeting]:
    if not done.overlapping:
        return []
    return await info.context.read.many(Meeting, meetings_among(info.context.signed_in, done.overlapping))
