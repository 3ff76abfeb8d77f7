"""What administrators do with webhooks."""

import strawberry

from resolvers.door import mutation
from resolvers.queries.webhooks import one_webhook
from schema.context import Info
from schema.inputs.given import Input
from schema.inputs.webhooks import (
    CreateWebhookInput,
    DeleteWebhookInput,
    EditWebhookInput,
    ReplayWebhookInput,
    RotateWebhookSecretInput,
    TestWebhookInput,
    new_webhook_from,
    webhook_edit_from,
)
from schema.numbers import numbered
from schema.payloads.webhooks import (
    CreateWebhookPayload,
    DeleteWebhookPayload,
    EditWebhookPayload,
    ReplayWebhookPayload,
    RotateWebhookSecretPayload,
    TestWebhookPayload,
)
from server import ids
from server.accounts.scopes import Scope
from server.changes import cursor
from server.webhooks import edit
from server.webhooks.replay import replay


@mutation(Scope.ACCOUNT_ADMIN, "A program is told of every change from now on that its filters let through.")
async def create_webhook(info: Info, input: Input[CreateWebhookInput]) -> CreateWebhookPayload:
    told = await edit.create_webhook(
        info.context.signed_in, new_webhook_from(input), idempotency_key=input.idempotency_key
    )
    return CreateWebhookPayload(webhook=await one_webhook(info, told.webhook_id), secret=told.secret)


@mutation(Scope.ACCOUNT_ADMIN, "A webhook is set otherwise, paused, or switched on again with all that waited for it.")
async def edit_webhook(info: Info, input: Input[EditWebhookInput]) -> EditWebhookPayload:
    number = numbered("whk", input.webhook)
    await edit.edit_webhook(info.context.signed_in, number, webhook_edit_from(input))
    return EditWebhookPayload(webhook=await one_webhook(info, number))


@mutation(Scope.ACCOUNT_ADMIN, "A webhook is gone, with all that waited for it.")
async def delete_webhook(info: Info, input: Input[DeleteWebhookInput]) -> DeleteWebhookPayload:
    number = numbered("whk", input.webhook)
    await edit.delete_webhook(info.context.signed_in, number)
    return DeleteWebhookPayload(deleted_id=strawberry.ID(ids.public_id("whk", number)))


@mutation(Scope.ACCOUNT_ADMIN, "Deliveries are signed with a new secret, and for a day with the one before as well.")
async def rotate_webhook_secret(info: Info, input: Input[RotateWebhookSecretInput]) -> RotateWebhookSecretPayload:
    number = numbered("whk", input.webhook)
    told = await edit.rotate_secret(info.context.signed_in, number, idempotency_key=input.idempotency_key)
    return RotateWebhookSecretPayload(webhook=await one_webhook(info, number), secret=told.secret)


@mutation(Scope.ACCOUNT_ADMIN, "A ping is on its way to the receiver, also of a webhook that is paused.")
async def test_webhook(info: Info, input: Input[TestWebhookInput]) -> TestWebhookPayload:
    number = numbered("whk", input.webhook)
    await edit.send_ping(info.context.signed_in, number, idempotency_key=input.idempotency_key)
    return TestWebhookPayload(webhook=await one_webhook(info, number))


@mutation(
    Scope.ACCOUNT_ADMIN,
    "A range of the log is delivered once more, under the ids it had. RESYNC_REQUIRED where the log does not reach.",
)
async def replay_webhook(info: Info, input: Input[ReplayWebhookInput]) -> ReplayWebhookPayload:
    number = numbered("whk", input.webhook)
    done = await replay(
        info.context.signed_in,
        number,
        after=cursor.read(input.after),
        upto=None if input.upto is None else cursor.read(input.upto),
        idempotency_key=input.idempotency_key,
    )
    return ReplayWebhookPayload(
        webhook=await one_webhook(info, number),
        replayed_count=done.count,
        end_cursor=cursor.write(done.upto),
        has_more=done.has_more,
    )
