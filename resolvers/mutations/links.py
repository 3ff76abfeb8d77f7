"""What colleagues do with meeting links."""

from resolvers.door import mutation
from schema.context import Info
from schema.inputs.given import Input
from schema.inputs.links import (
    CreateMeetingLinkInput,
    DuplicateMeetingLinkInput,
    EditMeetingLinkInput,
    LinkSettingsInput,
    RestoreMeetingLinkInput,
    RetireMeetingLinkInput,
    members_from,
    new_link_from,
    settings_from,
)
from schema.numbers import numbered
from schema.payloads.links import (
    CreateMeetingLinkPayload,
    DuplicateMeetingLinkPayload,
    EditMeetingLinkPayload,
    RestoreMeetingLinkPayload,
    RetireMeetingLinkPayload,
)
from schema.types.link import MeetingLink
from server.accounts.scopes import Scope
from server.links import edit, queries


@mutation(Scope.LINKS_WRITE, "A link and its page are there.")
async def create_meeting_link(info: Info, input: Input[CreateMeetingLinkInput]) -> CreateMeetingLinkPayload:
    viewer = info.context.signed_in
    number = await edit.create_link(viewer, new_link_from(input), idempotency_key=input.idempotency_key)
    return CreateMeetingLinkPayload(meeting_link=await _link(info, number))


@mutation(Scope.LINKS_WRITE, "A link is set otherwise; its old address leads to the new one.")
async def edit_meeting_link(info: Info, input: Input[EditMeetingLinkInput]) -> EditMeetingLinkPayload:
    number = numbered("lnk", input.meeting_link)
    await edit.edit_link(
        info.context.signed_in,
        number,
        settings_from(input.settings or LinkSettingsInput()),
        clear=[one.value for one in input.clear or ()],
        kind=input.kind,
        members=members_from(input.members, input.rotation),
    )
    return EditMeetingLinkPayload(meeting_link=await _link(info, number))


@mutation(Scope.LINKS_WRITE, "A second link with the same settings is there, switched off to be looked over.")
async def duplicate_meeting_link(info: Info, input: Input[DuplicateMeetingLinkInput]) -> DuplicateMeetingLinkPayload:
    link = numbered("lnk", input.meeting_link)
    number = await edit.duplicate_link(info.context.signed_in, link, idempotency_key=input.idempotency_key)
    return DuplicateMeetingLinkPayload(meeting_link=await _link(info, number))


@mutation(Scope.LINKS_WRITE, "A page is gone for good; its meetings stand, and nobody else gets its address.")
async def retire_meeting_link(info: Info, input: Input[RetireMeetingLinkInput]) -> RetireMeetingLinkPayload:
    number = numbered("lnk", input.meeting_link)
    await edit.retire_link(info.context.signed_in, number)
    return RetireMeetingLinkPayload(meeting_link=await _link(info, number))


@mutation(Scope.LINKS_WRITE, "A retired page is there again under its old address, switched off to be looked over.")
async def restore_meeting_link(info: Info, input: Input[RestoreMeetingLinkInput]) -> RestoreMeetingLinkPayload:
    number = numbered("lnk", input.meeting_link)
    await edit.restore_link(info.context.signed_in, number)
    return RestoreMeetingLinkPayload(meeting_link=await _link(info, number))


async def _link(info: Info, number: int) -> MeetingLink | None:
    return await info.context.read.one(MeetingLink, queries.link(info.context.signed_in, number))
