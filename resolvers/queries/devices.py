"""What is woken, and what a browser needs to be."""

from resolvers.door import query
from schema.access import SIGNED_IN
from schema.context import Info
from schema.paging import After, Connection, First, page_size
from schema.types.device import Device
from server.devices import queries
from server.gateways.push.carriers import web_push_public_key as public_key


@query(SIGNED_IN, "The viewer's devices that are woken, the one registered last first.")
async def devices(info: Info, first: First = 50, after: After = None) -> Connection[Device]:
    return await info.context.read.page(Device, queries.devices(info.context.signed_in), page_size(first), after)


@query(SIGNED_IN, "What a browser subscribes with (`applicationServerKey`); null if Web Push is not set up here.")
async def web_push_public_key(info: Info) -> str | None:
    return public_key()
