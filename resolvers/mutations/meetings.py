"""What colleagues do with meetings."""

from collections.abc import Awaitable
from typing import Any, TypeVar

import strawberry

from resolvers.door import mutation
from resolvers.errors import user_errors
from schema.context import Info
from schema.inputs.given import Input
from schema.inputs.meetings import (
    AssociateRecordsInput,
    CancelMeetingInput,
    DeleteMeetingInput,
    DissociateRecordsInput,
    EditMeetingInput,
    RecordOutcomeInput,
    ScheduleMeetingInput,
    edit_from,
    new_meeting_from,
    ties,
)
from schema.numbers import numbered
from schema.payloads.meetings import (
    AssociateRecordsPayload,
    CancelMeetingPayload,
    DeleteMeetingPayload,
    DissociateRecordsPayload,
    EditMeetingPayload,
    PreviewedMail,
    RecordOutcomePayload,
    ScheduleMeetingPayload,
    SchedulePreview,
)
from schema.types.meeting import Meeting
from schema.types.user import User
from server import ids
from server.accounts import queries as accounts
from server.accounts.scopes import Scope
from server.deliveries.preview import invitations
from server.meetings import associations, cancel, delete, edit, outcomes, queries, schedule
from server.meetings.errors import Conflict

P = TypeVar("P")


@mutation(Scope.MEETINGS_WRITE, "A meeting stands, for oneself, a colleague or whose turn it is; invitations leave.")
async def schedule_meeting(info: Info, input: Input[ScheduleMeetingInput]) -> ScheduleMeetingPayload:
    viewer = info.context.signed_in
    done = await schedule.schedule(viewer, new_meeting_from(input, viewer))
    if done.preview is not None:
        return ScheduleMeetingPayload(preview=await _preview(info, done.preview))
    return ScheduleMeetingPayload(meeting=await _meeting(info, done.meeting_id))


@mutation(Scope.MEETINGS_WRITE, "A meeting is changed; attendees hear of what concerns them.")
async def edit_meeting(info: Info, input: Input[EditMeetingInput]) -> EditMeetingPayload:
    act = edit.edit(info.context.signed_in, edit_from(input))
    return await _changed(info, EditMeetingPayload, act)


@mutation(Scope.MEETINGS_WRITE, "Somebody says how a meeting went; on every kind of client.")
async def record_outcome(info: Info, input: Input[RecordOutcomeInput]) -> RecordOutcomePayload:
    act = outcomes.record_outcome(
        info.context.signed_in,
        numbered("mtg", input.meeting),
        input.outcome,
        expected_version=input.expected_version,
        idempotency_key=input.idempotency_key,
    )
    return await _changed(info, RecordOutcomePayload, act)


@mutation(Scope.MEETINGS_WRITE, "A meeting is not going to happen; it stays where it stood, and everybody is told.")
async def cancel_meeting(info: Info, input: Input[CancelMeetingInput]) -> CancelMeetingPayload:
    act = cancel.cancel(
        info.context.signed_in,
        numbered("mtg", input.meeting),
        reason=input.reason or "",
        expected_version=input.expected_version,
        idempotency_key=input.idempotency_key,
    )
    return await _changed(info, CancelMeetingPayload, act)


@mutation(Scope.MEETINGS_WRITE, "A meeting is in no list any more; whoever expected it is told.")
async def delete_meeting(info: Info, input: Input[DeleteMeetingInput]) -> DeleteMeetingPayload:
    try:
        number = await delete.delete(
            info.context.signed_in,
            numbered("mtg", input.meeting),
            expected_version=input.expected_version,
            idempotency_key=input.idempotency_key,
        )
    except Conflict as conflict:
        there = await _meeting(info, conflict.meeting_id)
        return DeleteMeetingPayload(meeting=there, user_errors=user_errors(conflict))
    return DeleteMeetingPayload(deleted_id=strawberry.ID(ids.public_id("mtg", number)))


@mutation(Scope.MEETINGS_WRITE, "A meeting stands on the timeline of more records and contacts.")
async def associate_records(info: Info, input: Input[AssociateRecordsInput]) -> AssociateRecordsPayload:
    number = numbered("mtg", input.meeting)
    records, key = ties(input.records), input.idempotency_key
    await associations.associate(info.context.signed_in, number, records, idempotency_key=key)
    return AssociateRecordsPayload(meeting=await _meeting(info, number))


@mutation(Scope.MEETINGS_WRITE, "A meeting stands no more on the timeline of some records and contacts.")
async def dissociate_records(info: Info, input: Input[DissociateRecordsInput]) -> DissociateRecordsPayload:
    number = numbered("mtg", input.meeting)
    records, key = ties(input.records), input.idempotency_key
    await associations.dissociate(info.context.signed_in, number, records, idempotency_key=key)
    return DissociateRecordsPayload(meeting=await _meeting(info, number))


async def _changed(info: Info, payload: type[P], act: Awaitable[int]) -> P:
    """The meeting after the act; on a conflict the meeting as it is now, beside the complaint."""
    told: dict[str, Any]
    try:
        told = {"meeting": await _meeting(info, await act)}
    except Conflict as conflict:
        told = {"meeting": await _meeting(info, conflict.meeting_id), "user_errors": user_errors(conflict)}
    return payload(**told)


async def _meeting(info: Info, number: int | None) -> Meeting | None:
    rows = queries.meeting(info.context.signed_in, number or 0)
    return await info.context.read.one(Meeting, rows)


async def _preview(info: Info, preview: schedule.Preview) -> SchedulePreview:
    host_id = preview.facts.host.id
    (host,) = await info.context.read.many(User, accounts.user(info.context.signed_in, host_id))
    mails = await invitations(preview.facts)
    return SchedulePreview(
        host=host,
        is_host_busy=preview.is_host_busy,
        mails=[
            PreviewedMail(email=one.email, name=one.name, is_host=one.is_host, subject=one.subject) for one in mails
        ],
        reminders_at=list(preview.reminders_at),
    )
