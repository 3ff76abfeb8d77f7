"""What did not reach anybody."""

from resolvers.door import query
from schema.context import Info
from schema.paging import After, Connection, First, page_size
from schema.types.failed_delivery import FailedDelivery
from server.accounts.scopes import Scope
from server.deliveries import queries


@query(Scope.ACCOUNT_ADMIN, "The account's deliveries that were given up, the latest first.")
async def failed_deliveries(info: Info, first: First = 50, after: After = None) -> Connection[FailedDelivery]:
    rows = queries.failed_deliveries(info.context.signed_in)
    return await info.context.read.page(FailedDelivery, rows, page_size(first), after)
