"""What people do about who makes video rooms."""

import strawberry

from resolvers.door import mutation
from schema.access import SIGNED_IN
from schema.context import Info
from schema.inputs.given import Input
from schema.inputs.video import (
    ConnectVideoInput,
    CreateVideoExtensionInput,
    DeleteVideoExtensionInput,
    DisconnectVideoInput,
    EditVideoAccountInput,
    EditVideoExtensionInput,
    extension_edit_from,
    new_extension_from,
    new_video_account_from,
)
from schema.numbers import numbered
from schema.payloads.video import (
    ConnectVideoPayload,
    CreateVideoExtensionPayload,
    DeleteVideoExtensionPayload,
    DisconnectVideoPayload,
    EditVideoAccountPayload,
    EditVideoExtensionPayload,
)
from schema.types.video import VideoAccount, VideoExtension
from server import ids
from server.accounts.scopes import Scope
from server.video import accounts, extensions, queries


@mutation(Scope.ACCOUNT_ADMIN, "Colleagues may connect their accounts at an outside service that makes video rooms.")
async def create_video_extension(info: Info, input: Input[CreateVideoExtensionInput]) -> CreateVideoExtensionPayload:
    told = await extensions.create_extension(info.context.signed_in, new_extension_from(input))
    return CreateVideoExtensionPayload(video_extension=await _extension(info, told.extension_id), secret=told.secret)


@mutation(Scope.ACCOUNT_ADMIN, "A video extension is set otherwise, switched off, or given another secret.")
async def edit_video_extension(info: Info, input: Input[EditVideoExtensionInput]) -> EditVideoExtensionPayload:
    told = await extensions.edit_extension(info.context.signed_in, extension_edit_from(input))
    return EditVideoExtensionPayload(video_extension=await _extension(info, told.extension_id), secret=told.secret)


@mutation(Scope.ACCOUNT_ADMIN, "A video extension is gone, and the accounts at it; rooms that were made stay.")
async def delete_video_extension(info: Info, input: Input[DeleteVideoExtensionInput]) -> DeleteVideoExtensionPayload:
    number = numbered("vex", input.video_extension)
    await extensions.delete_extension(info.context.signed_in, number)
    return DeleteVideoExtensionPayload(deleted_id=strawberry.ID(ids.public_id("vex", number)))


@mutation(SIGNED_IN, "Somebody's meetings may be over video, through an account that the provider has verified.")
async def connect_video(info: Info, input: Input[ConnectVideoInput]) -> ConnectVideoPayload:
    number = await accounts.connect_video(info.context.signed_in, new_video_account_from(input))
    return ConnectVideoPayload(video_account=await _account(info, number))


@mutation(SIGNED_IN, "A video account is the one that rooms are made with where nobody chooses another.")
async def edit_video_account(info: Info, input: Input[EditVideoAccountInput]) -> EditVideoAccountPayload:
    number = numbered("vac", input.video_account)
    await accounts.make_default(info.context.signed_in, number)
    return EditVideoAccountPayload(video_account=await _account(info, number))


@mutation(SIGNED_IN, "A video account is not used any more; rooms that were made with it stay.")
async def disconnect_video(info: Info, input: Input[DisconnectVideoInput]) -> DisconnectVideoPayload:
    number = numbered("vac", input.video_account)
    await accounts.disconnect_video(info.context.signed_in, number)
    return DisconnectVideoPayload(disconnected_id=strawberry.ID(ids.public_id("vac", number)))


async def _extension(info: Info, number: int) -> VideoExtension | None:
    return await info.context.read.one(VideoExtension, queries.video_extension(info.context.signed_in, number))


async def _account(info: Info, number: int) -> VideoAccount | None:
    return await info.context.read.one(VideoAccount, queries.video_account(info.context.signed_in, number))
