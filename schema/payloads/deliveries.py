"""What administrators are answered about deliveries."""

import strawberry

from schema.payloads.base import Payload, result
from schema.types.failed_delivery import FailedDelivery


@strawberry.type(description="What `retryDelivery` answers.")
class RetryDeliveryPayload(Payload):
    delivery: FailedDelivery | None = result(
        "The delivery: WAITING, or DONE if a later mail has told the same people all there is to know."
    )
