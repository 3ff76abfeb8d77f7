"""Waking devices, and what their notices send back."""

import strawberry

from resolvers.door import mutation
from schema.access import PUBLIC, SIGNED_IN
from schema.context import Info
from schema.inputs.devices import (
    PerformNotificationActionInput,
    RegisterDeviceInput,
    UnregisterDeviceInput,
    new_device_from,
    press_from,
)
from schema.inputs.given import Input
from schema.numbers import numbered
from schema.payloads.devices import (
    PerformedAction,
    PerformNotificationActionPayload,
    RegisterDevicePayload,
    UnregisterDevicePayload,
)
from schema.types.device import Device
from server import ids
from server.devices import queries, register
from server.notifications.perform import perform


@mutation(SIGNED_IN, "A phone or browser is woken when something happens, until its session ends. Not for programs.")
async def register_device(info: Info, input: Input[RegisterDeviceInput]) -> RegisterDevicePayload:
    viewer = info.context.signed_in
    number = await register.register(viewer, new_device_from(input, locale=viewer.locale))
    return RegisterDevicePayload(device=await info.context.read.one(Device, queries.device(viewer, number)))


@mutation(SIGNED_IN, "A phone or browser is left in peace.")
async def unregister_device(info: Info, input: Input[UnregisterDeviceInput]) -> UnregisterDevicePayload:
    await register.unregister(info.context.signed_in, numbered("dev", input.device))
    return UnregisterDevicePayload(unregistered_id=input.device)


@mutation(PUBLIC, "A button of a notice was pressed, perhaps where nobody is signed in any more; its token works once.")
async def perform_notification_action(
    info: Info, input: Input[PerformNotificationActionInput]
) -> PerformNotificationActionPayload:
    done = await perform(press_from(input))
    return PerformNotificationActionPayload(
        performed=PerformedAction(
            action=done.kind,
            meeting_id=strawberry.ID(ids.public_id("mtg", done.meeting_id)),
            starts_at=done.starts_at,
            message=done.message,
        )
    )
