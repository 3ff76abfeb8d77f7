"""What people set for themselves, and administrators for everybody."""

from resolvers.door import mutation
from resolvers.queries.account import own_account
from schema.access import SIGNED_IN
from schema.context import Info
from schema.inputs.account import EditAccountInput, UploadLogoInput, account_changes_from
from schema.inputs.accounts import RenewCalendarFeedInput
from schema.inputs.given import Input
from schema.inputs.profile import EditProfileInput, ProfileChangesInput, profile_changes_from
from schema.numbers import numbered_if
from schema.payloads.accounts import EditAccountPayload, EditProfilePayload, RenewCalendarFeedPayload, UploadLogoPayload
from schema.types.user import User
from server.account_settings import bring_logo
from server.account_settings.edit import edit_account as edit_the_account
from server.accounts import profile, queries
from server.accounts.calendar_feed import renew_feed
from server.accounts.scopes import Scope


@mutation(SIGNED_IN, "A profile is otherwise, and the pages of its user offer slots accordingly.")
async def edit_profile(info: Info, input: Input[EditProfileInput]) -> EditProfilePayload:
    viewer = info.context.signed_in
    number = await profile.edit_profile(
        viewer,
        profile_changes_from(input.changes or ProfileChangesInput()),
        user_id=numbered_if("usr", input.user),
        clear=[one.value for one in input.clear or ()],
    )
    return EditProfilePayload(user=await info.context.read.one(User, queries.user(viewer, number)))


@mutation(SIGNED_IN, "The viewer's calendar feed has another address, and nothing is at the old one any more.")
async def renew_calendar_feed(info: Info, input: Input[RenewCalendarFeedInput]) -> RenewCalendarFeedPayload:
    viewer = info.context.signed_in
    number = await renew_feed(viewer, idempotency_key=input.idempotency_key)
    return RenewCalendarFeedPayload(user=await info.context.read.one(User, queries.user(viewer, number)))


@mutation(Scope.ACCOUNT_ADMIN, "What holds for the whole account is otherwise.")
async def edit_account(info: Info, input: Input[EditAccountInput]) -> EditAccountPayload:
    await edit_the_account(info.context.signed_in, account_changes_from(input.changes))
    return EditAccountPayload(account=await own_account(info))


@mutation(
    Scope.ACCOUNT_ADMIN,
    "There is an address to bring a logo to: PNG, JPEG or WebP, 28 to 1600 pixels each way. Once it is there, the "
    "pages and mails of the account show it.",
)
async def upload_logo(info: Info, input: Input[UploadLogoInput]) -> UploadLogoPayload:
    announced = bring_logo.announce_logo(info.context.signed_in, size_bytes=input.size_bytes)
    return UploadLogoPayload(upload_url=announced.upload_url, upload_ends_at=announced.upload_ends_at)
