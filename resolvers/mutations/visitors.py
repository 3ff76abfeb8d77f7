"""What a site does for visitors whom it knows."""

from resolvers.door import mutation
from schema.context import Info
from schema.inputs.given import Input
from schema.inputs.visitors import CreateVisitorTokenInput
from schema.numbers import numbered
from schema.payloads.visitors import CreateVisitorTokenPayload, VisitorToken
from server.accounts.scopes import Scope
from server.booking import visitor_token


@mutation(
    Scope.CONTACTS_READ,
    "A contact is known on a page of one site for an hour: it fills in what they submitted there before.",
)
async def create_visitor_token(info: Info, input: Input[CreateVisitorTokenInput]) -> CreateVisitorTokenPayload:
    contact = numbered("con", input.contact)
    made = await visitor_token.create_visitor_token(info.context.signed_in, contact, input.site)
    return CreateVisitorTokenPayload(visitor_token=VisitorToken(token=made.token, expires_at=made.expires_at))
