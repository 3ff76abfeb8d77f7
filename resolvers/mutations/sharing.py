"""What colleagues do to hand a page on to others."""

from resolvers.door import mutation
from schema.context import Info
from schema.inputs.given import Input
from schema.inputs.sharing import ProposeTimesInput, ShareMeetingLinkInput, proposal_from, wish_from
from schema.numbers import numbered
from schema.payloads.sharing import ProposeTimesPayload, ShareMeetingLinkPayload
from schema.types.share import shown_share, shown_times
from server.accounts.scopes import Scope
from server.sharing.propose import propose_times as proposed_times
from server.sharing.share import share_link


@mutation(Scope.LINKS_READ, "A page is ready to be handed on through every channel; nothing is sent or written.")
async def share_meeting_link(info: Info, input: Input[ShareMeetingLinkInput]) -> ShareMeetingLinkPayload:
    link = numbered("lnk", input.meeting_link)
    return ShareMeetingLinkPayload(share=shown_share(await share_link(info.context.signed_in, link, wish_from(input))))


@mutation(Scope.LINKS_READ, "Some free times of a page are ready to be put into a mail; none of them is kept free.")
async def propose_times(info: Info, input: Input[ProposeTimesInput]) -> ProposeTimesPayload:
    link = numbered("lnk", input.meeting_link)
    found = await proposed_times(info.context.signed_in, link, proposal_from(input))
    return ProposeTimesPayload(proposal=shown_times(found))
