"""Where somebody is signed in, and what programs sign in with."""

from resolvers.door import query
from schema.access import SIGNED_IN
from schema.context import Info
from schema.paging import After, Connection, First, page_size
from schema.types.session import ApiToken, DeviceSession
from server.accounts import queries
from server.accounts import sessions as room
from server.accounts.scopes import Scope


@query(SIGNED_IN, "The devices on which the viewer is signed in, the one used last first.")
async def sessions(info: Info, first: First = 50, after: After = None) -> Connection[DeviceSession]:
    return await info.context.read.page(DeviceSession, room.sessions(info.context.signed_in), page_size(first), after)


@query(Scope.ACCOUNT_ADMIN, "The account's API tokens, the newest first, revoked ones too.")
async def api_tokens(info: Info, first: First = 50, after: After = None) -> Connection[ApiToken]:
    return await info.context.read.page(ApiToken, queries.api_tokens(info.context.signed_in), page_size(first), after)
