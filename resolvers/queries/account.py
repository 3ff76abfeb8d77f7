"""What holds for everybody in the account."""

from resolvers.door import query
from schema.context import Info
from schema.types.user import Account
from server.accounts import queries
from server.accounts.scopes import Scope


@query(Scope.ACCOUNT_READ, "The viewer's account with its settings.")
async def account(info: Info) -> Account:
    return await own_account(info)


async def own_account(info: Info) -> Account:
    """The viewer's account as the schema shows it."""
    (found,) = await info.context.read.many(Account, queries.account(info.context.signed_in))
    return found
