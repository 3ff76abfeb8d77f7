"""What nobody needs any more is swept away."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from server import clock, settings
from server.attachments.attach import attach_file
from server.attachments.sweep import sweep_files
from server.gateways import files
from server.models import Attachment, Meeting
from tests.factories import a_meeting, a_user, an_account
from tests.server.attachments.scene import a_new_file, an_attachment, pieces
from tests.server.booking.scene import NOW, at, monday
from tests.server.meetings.scene import viewer_of


def written_two_days_ago(folder: Path, *, but: str) -> None:
    for path in folder.rglob("*"):
        moment = NOW if path.name == but else NOW - timedelta(days=2)
        os.utime(path, (moment.timestamp(), moment.timestamp()))


def names_in(folder: Path) -> set[str]:
    return {one.name for one in folder.rglob("*") if one.is_file()}


async def test_sweep_takes_what_was_never_brought_and_what_belongs_to_nobody(db: str, kept_in: Path) -> None:
    ines = await a_user(await an_account())
    viewer = viewer_of(ines)
    with at():
        standing, deleted = await a_meeting(ines, monday(9)), await a_meeting(ines, monday(11))
        kept, gone = await an_attachment(viewer, standing), await an_attachment(viewer, deleted)
        await attach_file(viewer, a_new_file(standing))
        await files.keep("attachments/1/nobody's", pieces(b"x"))
        await files.keep("attachments/1/new", pieces(b"x"))
        await files.keep("elsewhere/1/other", pieces(b"x"))
        await Meeting.filter(id=deleted.id).update(deleted_at=NOW)
        written_two_days_ago(kept_in, but="new")
        assert await sweep_files() == 1
        assert await Attachment.all().count() == 3
    with clock.travel(NOW + timedelta(hours=23)):
        assert await sweep_files() == 0
    with clock.travel(NOW + timedelta(hours=25)):
        assert await sweep_files() == 2
        assert await Attachment.all().order_by("id").values_list("id", flat=True) == [kept.id, gone.id]
    with clock.travel(NOW + timedelta(days=31)):
        assert await sweep_files() == 1
    assert await Attachment.all().values_list("id", flat=True) == [kept.id]
    assert names_in(kept_in) == {Path(kept.storage_key).name, "other"}


async def test_sweep_waits_while_the_storage_is_away(db: str, in_use: settings.Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings.use(in_use.model_copy(update={"files_url": (tmp_path / "file" / "below").as_uri()}))
    assert await sweep_files() == 0
