"""A file is announced, brought, fetched and taken away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from server import clock, settings
from server.attachments.attach import AT_MOST, attach_file
from server.attachments.hand_out import hand_out
from server.attachments.receive import receive_file
from server.attachments.remove import delete_attachment
from server.attachments.tokens import download_url, upload_ends_at, upload_url
from server.errors import ErrorCode, Refused
from server.models import Attachment, Change, Meeting
from server.models.enums import Role
from tests.factories import a_meeting, a_user, an_account
from tests.server.attachments.scene import PDF, a_new_file, an_attachment, pieces, token_in
from tests.server.booking.scene import NOW, at, counts, monday
from tests.server.meetings.scene import a_program, viewer_of


async def refused(act: Awaitable[Any]) -> list[tuple[ErrorCode, tuple[str, ...]]]:
    before = await counts()
    with pytest.raises(Refused) as caught:
        await act
    assert await counts() == before
    return [(one.code, one.path) for one in caught.value.complaints]


def files_in(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file()]


async def bytes_at(url: str) -> bytes:
    found = await hand_out(token_in(url))
    return b"".join([piece async for piece in found.kept.pieces])


@pytest.mark.capability("S2-22")
@pytest.mark.capability("S2-23")
async def test_a_file_is_there_once_its_bytes_were_brought(db: str, kept_in: Path) -> None:
    account = await an_account()
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima")
    with at():
        meeting = await a_meeting(ines, monday(9))
        new = a_new_file(meeting, name='a/b"c\u202e.pdf', content_type="Application/PDF; x=y", idempotency_key="tap")
        announced = await attach_file(viewer_of(piotr), new)
        assert (await attach_file(viewer_of(piotr), new)).id == announced.id
        assert (announced.name, announced.content_type, announced.uploaded_at) == (
            "a_b_c_.pdf",
            "application/pdf",
            None,
        )
        assert upload_ends_at(announced) == NOW + timedelta(hours=1)
        with pytest.raises(Refused):
            await bytes_at(download_url(announced.id, announced.storage_key))
        brought = await receive_file(token_in(upload_url(announced)), pieces(PDF[:5], b"", PDF[5:]))
        assert (brought.uploaded_at, brought.uploader_id) == (NOW, piotr.id)
        assert await bytes_at(download_url(brought.id, brought.storage_key)) == PDF
    assert [one.read_bytes() for one in files_in(kept_in)] == [PDF]
    assert (await Meeting.get(id=meeting.id)).version == 1
    changes = await Change.all().values_list("kind", "actor", "data")
    assert changes == [("MEETING_EDITED", f"user:{piotr.id}", {"fields": ["attachments"]})]


async def test_a_file_is_refused_for_its_size_kind_name_and_number(db: str, kept_in: Path) -> None:
    account = await an_account()
    ines, stranger = await a_user(account), await a_user(await an_account("Others"))
    with at():
        meeting = await a_meeting(ines, monday(9))
        viewer = viewer_of(ines)
        for size in (0, -1, 2049):
            act = attach_file(viewer, a_new_file(meeting, size_bytes=size))
            assert await refused(act) == [(ErrorCode.FILE_REFUSED, ("sizeBytes",))]
        for kind in ("application/x-msdownload", "text", "", "a/b/c", "text/html\r\nx: y"):
            act = attach_file(viewer, a_new_file(meeting, content_type=kind))
            assert await refused(act) == [(ErrorCode.FILE_REFUSED, ("contentType",))]
        unnamed = attach_file(viewer, a_new_file(meeting, name=" "))
        assert await refused(unnamed) == [(ErrorCode.NAME_REQUIRED, ("name",))]
        foreign = attach_file(viewer_of(stranger), a_new_file(meeting))
        assert await refused(foreign) == [(ErrorCode.NOT_FOUND, ("meeting",))]
        reader = attach_file(a_program(account.id, "meetings:read"), a_new_file(meeting))
        assert await refused(reader) == [(ErrorCode.FORBIDDEN, ("meeting",))]
        await Attachment.bulk_create(
            Attachment(
                account=account, meeting=meeting, name="x", content_type="x/y", size_bytes=1, storage_key=str(key)
            )
            for key in range(AT_MOST)
        )
        assert await refused(attach_file(viewer, a_new_file(meeting))) == [(ErrorCode.FILE_REFUSED, ("meeting",))]


async def test_an_account_keeps_so_many_bytes_and_no_more(db: str, kept_in: Path) -> None:
    most = 4 * len(PDF)
    settings.use(settings.current().model_copy(update={"limit_account_files_bytes": most}))
    account = await an_account()
    ines, stranger = await a_user(account), await a_user(await an_account("Others"))
    with at():
        viewer = viewer_of(ines)
        one, other = await a_meeting(ines, monday(9)), await a_meeting(ines, monday(11))
        first = await an_attachment(viewer, one)
        await attach_file(viewer, a_new_file(other))
        await an_attachment(viewer_of(stranger), await a_meeting(stranger, monday(9)), PDF * 3)
        large = attach_file(viewer, a_new_file(other, PDF * 2 + b"!"))
        with pytest.raises(Refused) as caught:
            await large
        (complaint,) = caught.value.complaints
        assert (complaint.code, complaint.path) == (ErrorCode.STORAGE_FULL, ("sizeBytes",))
        assert complaint.message == (
            f"All files of the account may have {most} bytes together; there are {2 * len(PDF)}, and this one has "
            f"{2 * len(PDF) + 1}. Delete files that nobody needs, or have PARLEY_LIMIT_ACCOUNT_FILES_BYTES raised."
        )
        rest = a_new_file(other, PDF * 2)
        both = await asyncio.gather(*(attach_file(viewer, rest) for _ in range(2)), return_exceptions=True)
        assert sorted(type(made).__name__ for made in both) == ["Attachment", "Refused"]
        await delete_attachment(viewer, first.id)
        await attach_file(viewer, a_new_file(other))


@pytest.mark.parametrize(
    "body", [PDF[:-1], PDF + b"!", b"", b"MZ" + PDF[2:], b"\x7fELF" + PDF[4:], b"#!" + PDF[2:]], ids=repr
)
async def test_other_bytes_than_announced_and_programs_leave_nothing(db: str, kept_in: Path, body: bytes) -> None:
    ines = await a_user(await an_account())
    with at():
        meeting = await a_meeting(ines, monday(9))
        announced = await attach_file(viewer_of(ines), a_new_file(meeting))
        token = token_in(upload_url(announced))
        assert await refused(receive_file(token, pieces(body[:1], body[1:]))) == [(ErrorCode.FILE_REFUSED, ())]
        assert files_in(kept_in) == []
        await receive_file(token, pieces(PDF))


async def test_bytes_are_brought_once_also_when_two_bring_them(db: str, kept_in: Path) -> None:
    ines = await a_user(await an_account())
    with at():
        meeting = await a_meeting(ines, monday(9))
        token = token_in(upload_url(await attach_file(viewer_of(ines), a_new_file(meeting))))
        other = b"X" * len(PDF)
        both = (receive_file(token, pieces(PDF)), receive_file(token, pieces(other)))
        done = await asyncio.gather(*both, return_exceptions=True)
        assert sorted(type(one).__name__ for one in done) == ["Attachment", "Refused"]
        assert await refused(receive_file(token, pieces(PDF))) == [(ErrorCode.CONFLICT, ())]
        kept = await Attachment.get()
        first = PDF if isinstance(done[0], Attachment) else other
        assert await bytes_at(download_url(kept.id, kept.storage_key)) == first
    assert len(files_in(kept_in)) == 1


async def test_an_address_is_for_one_act_one_file_and_a_while(db: str, kept_in: Path) -> None:
    ines = await a_user(await an_account())
    with at():
        meeting = await a_meeting(ines, monday(9))
        one, other = [await an_attachment(viewer_of(ines), meeting) for _ in range(2)]
        pending = await attach_file(viewer_of(ines), a_new_file(meeting))
        to_bring, to_fetch = token_in(upload_url(pending)), token_in(download_url(one.id, one.storage_key))
        swapped = to_fetch.replace(f"f{one.id}-", f"f{other.id}-")
        later = to_fetch.replace("-", "-9", 1)
        for wrong in (
            to_bring,
            f"f{to_bring[1:]}",
            swapped,
            later,
            "",
            "f",
            "f1",
            "f1-2",
            "f1-2-",
            "x" * 500,
            "f²-1-x",
        ):
            assert await refused(hand_out(wrong)) == [(ErrorCode.NOT_FOUND, ())]
        assert await refused(receive_file(to_fetch, pieces(PDF))) == [(ErrorCode.NOT_FOUND, ())]
    with clock.travel(NOW + timedelta(minutes=29)):
        assert (await hand_out(to_fetch)).attachment.id == one.id
    with clock.travel(NOW + timedelta(minutes=61)):
        assert await refused(hand_out(to_fetch)) == [(ErrorCode.TOKEN_EXPIRED, ())]
        assert await refused(receive_file(to_bring, pieces(PDF))) == [(ErrorCode.TOKEN_EXPIRED, ())]
    with at():
        await Meeting.filter(id=meeting.id).update(deleted_at=NOW)
        assert await refused(hand_out(to_fetch)) == [(ErrorCode.NOT_FOUND, ())]


async def test_a_download_address_stays_the_same_for_half_an_hour(db: str, kept_in: Path) -> None:
    told = set()
    for minutes in (0, 10, 29):
        with clock.travel(NOW + timedelta(minutes=minutes)):
            told.add(download_url(7, "a/key"))
    assert len(told) == 1


@pytest.mark.parametrize("who", ["uploader", "host", "admin", "program"])
async def test_a_file_is_deleted_with_its_bytes(db: str, kept_in: Path, who: str) -> None:
    account = await an_account()
    ines, piotr = await a_user(account), await a_user(account, "Piotr Zima")
    admin = await a_user(account, "Ada", role=Role.ADMIN)
    viewers = {"uploader": viewer_of(piotr), "host": viewer_of(ines), "admin": viewer_of(admin)}
    viewers["program"] = a_program(account.id, "meetings:write")
    other = await a_user(account, "Other")
    with at():
        meeting = await a_meeting(ines, monday(9))
        kept = await an_attachment(viewers["uploader"], meeting)
        token = token_in(download_url(kept.id, kept.storage_key))
        act = delete_attachment(viewer_of(other), kept.id)
        assert await refused(act) == [(ErrorCode.FORBIDDEN, ("meeting",))]
        assert await delete_attachment(viewers[who], kept.id) == meeting.id
        assert await refused(hand_out(token)) == [(ErrorCode.NOT_FOUND, ())]
        assert await refused(delete_attachment(viewers[who], kept.id)) == [(ErrorCode.NOT_FOUND, ("attachment",))]
    assert (await Attachment.all().count(), files_in(kept_in)) == (0, [])
