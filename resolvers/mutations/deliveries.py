"""What administrators do about deliveries."""

from resolvers.door import mutation
from schema.context import Info
from schema.inputs.deliveries import RetryDeliveryInput
from schema.inputs.given import Input
from schema.numbers import numbered
from schema.payloads.deliveries import RetryDeliveryPayload
from schema.types.failed_delivery import FailedDelivery
from server.accounts.scopes import Scope
from server.deliveries import queries
from server.deliveries.retry import retry_delivery as retry


@mutation(Scope.ACCOUNT_ADMIN, "A delivery that was given up is due again.")
async def retry_delivery(info: Info, input: Input[RetryDeliveryInput]) -> RetryDeliveryPayload:
    viewer = info.context.signed_in
    number = await retry(viewer, numbered("job", input.delivery), idempotency_key=input.idempotency_key)
    return RetryDeliveryPayload(delivery=await info.context.read.one(FailedDelivery, queries.delivery(viewer, number)))
