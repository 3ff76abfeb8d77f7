"""What comes of acts on webhooks."""

import strawberry

from schema.payloads.base import Payload, result
from schema.types.webhook import Webhook

_SECRET = "What deliveries are signed with, `whsec_` and base64; no query tells it later."


@strawberry.type(description="What `createWebhook` answers.")
class CreateWebhookPayload(Payload):
    webhook: Webhook | None = result("The webhook.")
    secret: str | None = result(_SECRET)


@strawberry.type(description="What `editWebhook` answers.")
class EditWebhookPayload(Payload):
    webhook: Webhook | None = result("The webhook as it is now.")


@strawberry.type(description="What `deleteWebhook` answers.")
class DeleteWebhookPayload(Payload):
    deleted_id: strawberry.ID | None = result("The webhook that is gone.")


@strawberry.type(description="What `rotateWebhookSecret` answers.")
class RotateWebhookSecretPayload(Payload):
    webhook: Webhook | None = result("The webhook.")
    secret: str | None = result(f"{_SECRET} The one before is valid for another day.")


@strawberry.type(description="What `testWebhook` answers.")
class TestWebhookPayload(Payload):
    webhook: Webhook | None = result("The webhook; `webhookDeliveries` tells how the ping went.")


@strawberry.type(description="What `replayWebhook` answers.")
class ReplayWebhookPayload(Payload):
    webhook: Webhook | None = result("The webhook.")
    replayed_count: int | None = result("How many changes will be delivered once more.")
    end_cursor: str | None = result("How far the range was worked off.")
    has_more: bool | None = result("Whether to ask again with `endCursor` as `after`, for the rest of the range.")
