"""What programs sign in with."""

import strawberry

from resolvers.door import mutation
from schema.context import Info
from schema.inputs.accounts import CreateApiTokenInput, RevokeApiTokenInput
from schema.inputs.given import Input
from schema.numbers import numbered, numbered_if
from schema.payloads.accounts import CreateApiTokenPayload, RevokeApiTokenPayload
from schema.types.session import ApiToken
from server import ids
from server.accounts import api_tokens, queries
from server.accounts.scopes import Scope


@mutation(Scope.ACCOUNT_ADMIN, "A token for a program is there; no query will ever tell its secret.")
async def create_api_token(info: Info, input: Input[CreateApiTokenInput]) -> CreateApiTokenPayload:
    viewer = info.context.signed_in
    made = await api_tokens.create_api_token(
        viewer.account_id,
        name=input.name,
        scopes=input.scopes,
        user_id=numbered_if("usr", input.user),
        expires_at=input.expires_at,
        asked_by=viewer.actor,
        within=viewer.scopes,
        idempotency_key=input.idempotency_key,
    )
    token = await info.context.read.one(ApiToken, queries.api_token(viewer, made.token.id))
    return CreateApiTokenPayload(api_token=token, secret=made.secret)


@mutation(Scope.ACCOUNT_ADMIN, "A token opens nothing any more.")
async def revoke_api_token(info: Info, input: Input[RevokeApiTokenInput]) -> RevokeApiTokenPayload:
    number = numbered("tok", input.api_token)
    await api_tokens.revoke_api_token(info.context.signed_in.account_id, number)
    return RevokeApiTokenPayload(revoked_id=strawberry.ID(ids.public_id("tok", number)))
