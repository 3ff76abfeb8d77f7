"""What trying a delivery again takes."""

import strawberry

from schema.inputs.given import IDEMPOTENCY_KEY, needed, optional


@strawberry.input(description="Which delivery is tried again.")
class RetryDeliveryInput:
    delivery: strawberry.ID = needed("The delivery, from `failedDeliveries`.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
