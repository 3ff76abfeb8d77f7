"""Who asks."""

from resolvers.door import query
from schema.context import Info
from schema.reading import Reader
from schema.scalars import TimeZone
from schema.types.user import Account, User
from schema.types.viewer import Viewer
from server.accounts import queries
from server.accounts.scopes import Scope
from server.accounts.viewer import Viewer as Caller


@query(Scope.ACCOUNT_READ, "The one who asks, and the account that the token opens.")
async def viewer(info: Info) -> Viewer:
    return await shown_as_viewer(info.context.signed_in, info.context.read)


async def shown_as_viewer(caller: Caller, read: Reader) -> Viewer:
    """The caller as the schema shows them."""
    (account,) = await read.many(Account, queries.account(caller))
    user = None if caller.user_id is None else await read.one(User, queries.user(caller, caller.user_id))
    return Viewer(
        user=user,
        account=account,
        role=caller.role,
        has_seat=caller.has_seat,
        time_zone=TimeZone(caller.time_zone),
        locale=caller.locale,
        scopes=sorted(caller.scopes),
    )
