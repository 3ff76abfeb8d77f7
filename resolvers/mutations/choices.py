"""What administrators let people choose from."""

from resolvers.door import mutation
from schema.context import Info
from schema.inputs.choices import (
    CreateMeetingTypeInput,
    CreateOutcomeInput,
    EditMeetingTypeInput,
    EditOutcomeInput,
    choice_edit_from,
    new_choice_from,
)
from schema.inputs.given import Input
from schema.payloads.choices import (
    CreateMeetingTypePayload,
    CreateOutcomePayload,
    EditMeetingTypePayload,
    EditOutcomePayload,
)
from schema.types.outcome import MeetingType, Outcome
from server.accounts.scopes import Scope
from server.meetings import choices, offer


@mutation(Scope.ACCOUNT_ADMIN, "Meetings may have one outcome more.")
async def create_outcome(info: Info, input: Input[CreateOutcomeInput]) -> CreateOutcomePayload:
    key = await offer.create_outcome(info.context.signed_in, new_choice_from(input))
    return CreateOutcomePayload(outcome=await _outcome(info, key))


@mutation(Scope.ACCOUNT_ADMIN, "An outcome is called otherwise, stands elsewhere, or is offered no more.")
async def edit_outcome(info: Info, input: Input[EditOutcomeInput]) -> EditOutcomePayload:
    key = await offer.edit_outcome(info.context.signed_in, choice_edit_from(input))
    return EditOutcomePayload(outcome=await _outcome(info, key))


@mutation(Scope.ACCOUNT_ADMIN, "Meetings may have one type more.")
async def create_meeting_type(info: Info, input: Input[CreateMeetingTypeInput]) -> CreateMeetingTypePayload:
    key = await offer.create_meeting_type(info.context.signed_in, new_choice_from(input))
    return CreateMeetingTypePayload(meeting_type=await _type(info, key))


@mutation(Scope.ACCOUNT_ADMIN, "A meeting type is called otherwise, stands elsewhere, or is offered no more.")
async def edit_meeting_type(info: Info, input: Input[EditMeetingTypeInput]) -> EditMeetingTypePayload:
    key = await offer.edit_meeting_type(info.context.signed_in, choice_edit_from(input))
    return EditMeetingTypePayload(meeting_type=await _type(info, key))


async def _outcome(info: Info, key: str) -> Outcome | None:
    return await info.context.read.one(Outcome, choices.outcome(info.context.signed_in, key))


async def _type(info: Info, key: str) -> MeetingType | None:
    return await info.context.read.one(MeetingType, choices.meeting_type(info.context.signed_in, key))
