"""What a client lets people choose from."""

from resolvers.door import query
from schema.context import Info
from schema.types.outcome import MeetingType, Outcome
from server.accounts.scopes import Scope
from server.meetings import choices


@query(Scope.MEETINGS_READ, "The account's outcomes in their order, archived ones too. At most 200.")
async def outcomes(info: Info) -> list[Outcome]:
    return await info.context.read.many(Outcome, choices.outcomes(info.context.signed_in))


@query(Scope.MEETINGS_READ, "The account's meeting types in their order, archived ones too. At most 200.")
async def meeting_types(info: Info) -> list[MeetingType]:
    return await info.context.read.many(MeetingType, choices.meeting_types(info.context.signed_in))
