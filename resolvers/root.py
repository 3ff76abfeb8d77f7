"""The schema, put together once."""

import strawberry
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import create_type

from resolvers.mutations.api_tokens import create_api_token, revoke_api_token
from resolvers.mutations.booking import (
    book_meeting,
    cancel_booking,
    hold_slot,
    release_slot,
    reschedule_booking,
)
from resolvers.mutations.choices import create_meeting_type, create_outcome, edit_meeting_type, edit_outcome
from resolvers.mutations.deliveries import retry_delivery
from resolvers.mutations.devices import perform_notification_action, register_device, unregister_device
from resolvers.mutations.links import (
    create_meeting_link,
    duplicate_meeting_link,
    edit_meeting_link,
    restore_meeting_link,
    retire_meeting_link,
)
from resolvers.mutations.mail_texts import edit_mail_text, reset_mail_text, send_mail_text_to_me
from resolvers.mutations.meetings import (
    associate_records,
    cancel_meeting,
    delete_meeting,
    dissociate_records,
    edit_meeting,
    record_outcome,
    schedule_meeting,
)
from resolvers.mutations.notes import (
    add_internal_note,
    attach_file,
    delete_attachment,
    delete_internal_note,
    edit_internal_note,
)
from resolvers.mutations.profile import edit_account, edit_profile, renew_calendar_feed, upload_logo
from resolvers.mutations.records import create_object_type, edit_object_type, upsert_contact, upsert_record
from resolvers.mutations.rotations import create_rotation, delete_rotation, edit_rotation
from resolvers.mutations.sessions import change_password, end_session, refresh_session, sign_in, sign_out
from resolvers.mutations.sharing import propose_times, share_meeting_link
from resolvers.mutations.snippets import create_snippet, edit_snippet
from resolvers.mutations.team import (
    accept_invitation,
    deactivate_user,
    edit_user,
    hand_over_meetings,
    invite_user,
    reactivate_user,
    request_password_reset,
    resend_invitation,
    reset_password,
)
from resolvers.mutations.video import (
    connect_video,
    create_video_extension,
    delete_video_extension,
    disconnect_video,
    edit_video_account,
    edit_video_extension,
)
from resolvers.mutations.visitors import create_visitor_token
from resolvers.mutations.webhooks import (
    create_webhook,
    delete_webhook,
    edit_webhook,
    replay_webhook,
    rotate_webhook_secret,
    test_webhook,
)
from resolvers.queries.access import api_tokens, sessions
from resolvers.queries.account import account
from resolvers.queries.assignment import assignment_trace, simulate_rotation
from resolvers.queries.availability import host_availability
from resolvers.queries.booking_payment import booking_payment
from resolvers.queries.changes import changes, today_sync
from resolvers.queries.choices import meeting_types, outcomes
from resolvers.queries.deliveries import failed_deliveries
from resolvers.queries.devices import devices, web_push_public_key
from resolvers.queries.links import meeting_link, meeting_links
from resolvers.queries.mail_texts import mail_texts, preview_mail_text
from resolvers.queries.manageable_booking import manageable_booking
from resolvers.queries.meetings import meeting, meetings, today_meetings
from resolvers.queries.node import node, nodes
from resolvers.queries.people import rotation, rotations, user, users
from resolvers.queries.records import contact, contacts, object_types, record, records, timeline
from resolvers.queries.reports import meeting_report
from resolvers.queries.scheduling_page import explain_slot, scheduling_page
from resolvers.queries.snippets import expand_snippet, snippet_variables, snippets
from resolvers.queries.video import video_accounts, video_extensions
from resolvers.queries.viewer import viewer
from resolvers.queries.webhooks import webhook, webhook_deliveries, webhooks
from resolvers.subscriptions.availability import availability_changed
from resolvers.subscriptions.meetings import meeting_booked, meeting_changed
from schema.reading_check import check_reading
from schema.reference import resolve
from schema.scalars import SCALARS

QUERIES = [
    viewer,
    account,
    today_meetings,
    today_sync,
    meetings,
    meeting,
    meeting_links,
    meeting_link,
    scheduling_page,
    explain_slot,
    host_availability,
    assignment_trace,
    simulate_rotation,
    outcomes,
    meeting_types,
    snippets,
    snippet_variables,
    expand_snippet,
    users,
    user,
    contacts,
    contact,
    records,
    record,
    object_types,
    timeline,
    meeting_report,
    rotations,
    rotation,
    node,
    nodes,
    manageable_booking,
    booking_payment,
    changes,
    sessions,
    devices,
    web_push_public_key,
    api_tokens,
    failed_deliveries,
    webhooks,
    webhook,
    webhook_deliveries,
    video_extensions,
    video_accounts,
    mail_texts,
    preview_mail_text,
]

MUTATIONS = [
    sign_in,
    refresh_session,
    sign_out,
    end_session,
    change_password,
    request_password_reset,
    reset_password,
    invite_user,
    resend_invitation,
    accept_invitation,
    edit_user,
    deactivate_user,
    reactivate_user,
    hand_over_meetings,
    edit_profile,
    renew_calendar_feed,
    edit_account,
    upload_logo,
    create_api_token,
    revoke_api_token,
    retry_delivery,
    hold_slot,
    release_slot,
    book_meeting,
    reschedule_booking,
    cancel_booking,
    schedule_meeting,
    edit_meeting,
    record_outcome,
    cancel_meeting,
    delete_meeting,
    associate_records,
    dissociate_records,
    upsert_contact,
    upsert_record,
    create_object_type,
    edit_object_type,
    add_internal_note,
    edit_internal_note,
    delete_internal_note,
    attach_file,
    delete_attachment,
    create_outcome,
    edit_outcome,
    create_meeting_type,
    edit_meeting_type,
    create_snippet,
    edit_snippet,
    create_meeting_link,
    edit_meeting_link,
    duplicate_meeting_link,
    retire_meeting_link,
    restore_meeting_link,
    share_meeting_link,
    propose_times,
    create_visitor_token,
    create_rotation,
    edit_rotation,
    delete_rotation,
    create_webhook,
    edit_webhook,
    delete_webhook,
    rotate_webhook_secret,
    test_webhook,
    replay_webhook,
    create_video_extension,
    edit_video_extension,
    delete_video_extension,
    connect_video,
    edit_video_account,
    disconnect_video,
    edit_mail_text,
    reset_mail_text,
    send_mail_text_to_me,
    register_device,
    unregister_device,
    perform_notification_action,
]


SUBSCRIPTIONS = [meeting_booked, meeting_changed, availability_changed]


def build_schema(*extensions: type[SchemaExtension]) -> strawberry.Schema:
    """The whole schema; a field that reads nothing is refused here, before anybody can ask for it."""
    check_reading()
    return strawberry.Schema(
        query=create_type("Query", QUERIES, description="What can be asked."),
        mutation=create_type("Mutation", MUTATIONS, description="What can be done."),
        subscription=create_type("Subscription", SUBSCRIPTIONS, description="What is told as it happens."),
        config=StrawberryConfig(default_resolver=resolve, scalar_map=SCALARS),
        extensions=extensions,
    )


def schema_text() -> str:
    """The schema as SDL, as `mobile_contract/schema.graphql` holds it."""
    return f"{schema.as_str().rstrip()}\n"


schema = build_schema()
