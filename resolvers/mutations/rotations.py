"""What colleagues do with rotations."""

import strawberry

from resolvers.door import mutation
from schema.context import Info
from schema.inputs.given import Input
from schema.inputs.links import CreateRotationInput, DeleteRotationInput, EditRotationInput, places_from
from schema.numbers import numbered
from schema.payloads.links import CreateRotationPayload, DeleteRotationPayload, EditRotationPayload
from schema.types.rotation import Rotation
from server import ids
from server.accounts.scopes import Scope
from server.links import rotations
from server.rotation import queries


@mutation(Scope.LINKS_WRITE, "A rotation is there, with everybody at zero.")
async def create_rotation(info: Info, input: Input[CreateRotationInput]) -> CreateRotationPayload:
    number = await rotations.create_rotation(
        info.context.signed_in,
        name=input.name,
        members=places_from(input.members),
        idempotency_key=input.idempotency_key,
    )
    return CreateRotationPayload(rotation=await _rotation(info, number))


@mutation(Scope.LINKS_WRITE, "A rotation has another name or other members; whoever joins starts at the lowest count.")
async def edit_rotation(info: Info, input: Input[EditRotationInput]) -> EditRotationPayload:
    number = numbered("rot", input.rotation)
    members = None if input.members is None else places_from(input.members)
    await rotations.edit_rotation(info.context.signed_in, number, name=input.name, members=members)
    return EditRotationPayload(rotation=await _rotation(info, number))


@mutation(Scope.LINKS_WRITE, "Nobody is assigned through a rotation any more; its meetings stand.")
async def delete_rotation(info: Info, input: Input[DeleteRotationInput]) -> DeleteRotationPayload:
    number = numbered("rot", input.rotation)
    await rotations.delete_rotation(info.context.signed_in, number)
    return DeleteRotationPayload(deleted_id=strawberry.ID(ids.public_id("rot", number)))


async def _rotation(info: Info, number: int) -> Rotation | None:
    return await info.context.read.one(Rotation, queries.rotation(info.context.signed_in, number))
