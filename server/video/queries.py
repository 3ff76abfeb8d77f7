"""Which extensions and accounts there are: as rows, for whoever reads them."""

from __future__ import annotations

from server.accounts.viewer import Viewer
from server.database.rows import Rows
from server.models import VideoAccount, VideoExtension
from server.video.extensions import MOST_EXTENSIONS


def video_extensions(viewer: Viewer) -> Rows:
    """The account's extensions, by name."""
    return Rows(VideoExtension, "t.account_id = $1", (viewer.account_id,), ("name", "id"), limit=MOST_EXTENSIONS)


def video_extension(viewer: Viewer, number: int) -> Rows:
    """The one of that number."""
    return video_extensions(viewer).also("t.id = $1", number)


def video_accounts(viewer: Viewer, user_id: int | None = None) -> Rows:
    """The video accounts of a colleague, the viewer unless said; the default one first."""
    wanted = viewer.user_id if user_id is None else user_id
    condition = "t.account_id = $1 AND t.user_id = $2"
    return Rows(VideoAccount, condition, (viewer.account_id, wanted or 0), ("-is_default", "id"), limit=100)


def video_account(viewer: Viewer, number: int) -> Rows:
    """The one of that number, of whichever colleague."""
    return Rows(VideoAccount, "t.account_id = $1 AND t.id = $2", (viewer.account_id, number), limit=1)
