"""Notes that only colleagues read."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import pytest

from server import clock
from server.errors import ErrorCode, Refused
from server.meetings.notes import add_internal_note, delete_internal_note, edit_internal_note
from server.models import Change, Device, InternalNote, Job, Meeting, Mention, Session, User
from server.models.enums import DevicePlatform, JobKind, Role
from tests.factories import a_meeting, a_user, an_account
from tests.server.booking.scene import NOW, at, counts, monday
from tests.server.meetings.scene import a_program, viewer_of


async def refused(act: Awaitable[Any]) -> list[tuple[ErrorCode, tuple[str, ...]]]:
    before = await counts()
    with pytest.raises(Refused) as caught:
        await act
    assert await counts() == before
    return [(one.code, one.path) for one in caught.value.complaints]


async def a_phone(user: User) -> Device:
    session = await Session.create(account_id=user.account_id, user=user, last_used_at=clock.now())
    return await Device.create(
        account_id=user.account_id,
        user=user,
        session=session,
        platform=DevicePlatform.ANDROID,
        push_token=f"phone-{user.id}",
    )


async def told() -> list[tuple[str, int]]:
    jobs = await Job.filter(kind__in=(JobKind.MENTION_MAIL, JobKind.PUSH)).order_by("id").values_list("kind", "payload")
    return [(str(kind), payload["user_id"]) for kind, payload in jobs]


@pytest.mark.capability("S2-23")
async def test_add_a_note_as_any_colleague_keeps_the_version_of_the_meeting(db: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima")
    with at():
        meeting = await a_meeting(ines, monday(9))
        number = await add_internal_note(viewer_of(piotr), meeting.id, "Two lines\nof <b>text</b><script>x</script>")
        note = await InternalNote.get(id=number)
    assert (note.meeting_id, note.author_id, note.body) == (meeting.id, piotr.id, "Two lines\nof <b>text</b>")
    assert (note.created_at, note.edited_at, note.deleted_at) == (NOW, None, None)
    assert (await Meeting.get(id=meeting.id)).version == 1
    change = await Change.get()
    assert (change.kind, change.actor, change.data) == ("NOTE_ADDED", f"user:{piotr.id}", {"note_id": number})


@pytest.mark.capability("S2-38")
async def test_add_a_note_tells_each_colleague_who_is_named_once_by_notice_and_mail(db: str) -> None:
    account = await an_account()
    ines, piotr, ada = [await a_user(account, name) for name in ("Ines", "Piotr Zima", "Ada")]
    await a_phone(piotr)
    with at():
        meeting = await a_meeting(ines, monday(9))
        body = f'@[usr_{piotr.id}] and <span data-mention="usr_{piotr.id}">@P</span>, not @[usr_{ines.id}]'
        number = await add_internal_note(viewer_of(ines), meeting.id, body)
        assert await told() == [("PUSH", piotr.id), ("MENTION_MAIL", piotr.id)]
        await edit_internal_note(viewer_of(ines), number, f"@[usr_{piotr.id}], @[usr_{ada.id}]")
        assert await told() == [("PUSH", piotr.id), ("MENTION_MAIL", piotr.id), ("MENTION_MAIL", ada.id)]
        named = await Mention.filter(note_id=number).order_by("user_id").values_list("user_id", flat=True)
        assert named == [piotr.id, ada.id]
        await delete_internal_note(viewer_of(ines), number)
        assert await Mention.all().count() == 0


async def test_add_a_note_twice_under_one_key_is_one_note(db: str) -> None:
    ines = await a_user(await an_account())
    with at():
        meeting = await a_meeting(ines, monday(9))
        first = await add_internal_note(viewer_of(ines), meeting.id, "Once", idempotency_key="tap")
        assert await add_internal_note(viewer_of(ines), meeting.id, "Once", idempotency_key="tap") == first
    assert await InternalNote.all().count() == 1


async def test_a_note_is_refused_that_is_empty_long_or_names_a_stranger(db: str) -> None:
    account = await an_account()
    ines = await a_user(account)
    stranger = await a_user(await an_account("Others"))
    gone = await a_user(account, "Gone", is_active=False)
    with at():
        meeting = await a_meeting(ines, monday(9))
        deleted = await a_meeting(ines, monday(11), deleted_at=NOW)
        viewer = viewer_of(ines)
        for body in ("", "  \n", "<p></p><br>"):
            assert await refused(add_internal_note(viewer, meeting.id, body)) == [(ErrorCode.NAME_REQUIRED, ("body",))]
        long = add_internal_note(viewer, meeting.id, "x" * 20_001)
        assert await refused(long) == [
            (ErrorCode.TEXT_TOO_LONG, ("body",)),
        ]
        for user in (stranger, gone):
            named = add_internal_note(viewer, meeting.id, f"@[usr_{user.id}]")
            assert await refused(named) == [(ErrorCode.NOT_FOUND, ("body",))]
        for number in (deleted.id, 999_999):
            assert await refused(add_internal_note(viewer, number, "x")) == [(ErrorCode.NOT_FOUND, ("meeting",))]
        foreign = add_internal_note(viewer_of(stranger), meeting.id, "x")
        assert await refused(foreign) == [(ErrorCode.NOT_FOUND, ("meeting",))]
        reader = add_internal_note(a_program(account.id, "meetings:read"), meeting.id, "x")
        assert await refused(reader) == [(ErrorCode.FORBIDDEN, ("meeting",))]


async def test_a_note_is_changed_by_its_author_and_deleted_by_them_or_an_admin(db: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima")
    admin = await a_user(account, "Ada", role=Role.ADMIN)
    with at():
        meeting = await a_meeting(ines, monday(9))
        number = await add_internal_note(viewer_of(piotr), meeting.id, "First")
        for other in (ines, admin):
            act = edit_internal_note(viewer_of(other), number, "Mine")
            assert await refused(act) == [(ErrorCode.FORBIDDEN, ("note",))]
        assert await refused(delete_internal_note(viewer_of(ines), number)) == [(ErrorCode.FORBIDDEN, ("note",))]
    with clock.travel(NOW + timedelta(hours=1)):
        await edit_internal_note(viewer_of(piotr), number, "Second")
        await edit_internal_note(viewer_of(piotr), number, "Second")
    note = await InternalNote.get(id=number)
    assert (note.body, note.edited_at) == ("Second", NOW + timedelta(hours=1))
    with clock.travel(NOW + timedelta(hours=2)):
        await delete_internal_note(viewer_of(admin), number)
    note = await InternalNote.get(id=number)
    assert (note.body, note.deleted_at, note.author_id) == ("", NOW + timedelta(hours=2), piotr.id)
    assert await refused(edit_internal_note(viewer_of(piotr), number, "x")) == [(ErrorCode.NOT_FOUND, ("note",))]
    changes = await Change.all().order_by("number").values_list("kind", "data")
    edited = ("MEETING_EDITED", {"fields": ["notes"]})
    assert changes == [("NOTE_ADDED", {"note_id": number}), edited, edited]
