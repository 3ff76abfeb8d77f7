"""What colleagues are answered who hand a page on."""

import strawberry

from schema.payloads.base import Payload, result
from schema.types.share import LinkShare, ProposedTimes


@strawberry.type(description="What `shareMeetingLink` answers.")
class ShareMeetingLinkPayload(Payload):
    share: LinkShare | None = result("The page for every channel.")


@strawberry.type(description="What `proposeTimes` answers.")
class ProposeTimesPayload(Payload):
    proposal: ProposedTimes | None = result("The times, and a mail about them.")
